"""Trainers write, check and publish courses."""
