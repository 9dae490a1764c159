"""The room authoring."""
