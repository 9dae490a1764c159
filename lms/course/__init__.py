"""The room course."""
