"""Reading: front page, course, lesson, and what is still missing."""
