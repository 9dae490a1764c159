"""Questions asked and answered: quizzes, both tests, practice forms, grading, rulings, and what the answers tell.

`queries.py` and `actions.py` know attempts; `exam_queries.py` both tests; `presence.py` what a membership has beside
them. Used by the rooms above. It rests on `course` for the questions and on `people` for whose attempt it is.
"""
