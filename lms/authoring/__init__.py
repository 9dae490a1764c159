"""Courses as their editors write, check and publish them."""
