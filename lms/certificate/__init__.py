"""The room certificate."""
