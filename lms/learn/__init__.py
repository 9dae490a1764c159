"""The room learn."""
