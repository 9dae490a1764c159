"""Courses as they are kept: drafts, immutable editions, media, and what is parsed from them."""
