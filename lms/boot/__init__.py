"""The room boot."""
