"""Attempts at quizzes: open, save every tap, submit once, see the result."""
