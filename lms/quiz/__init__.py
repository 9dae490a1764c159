"""The room quiz."""
