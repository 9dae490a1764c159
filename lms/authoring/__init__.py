"""Authoring: a trainer writes, sees, checks and publishes in the browser."""
