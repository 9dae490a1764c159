"""Runs of a course: joining them by link or code."""
