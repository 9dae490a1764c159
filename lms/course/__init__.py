"""The course: its format, what the checker says, drafts, immutable editions, media, and what an attempt is asked.

The format is pure (`lesson.py`, `questions/`, `form.py`, `bank.py`, `glossary.py`), and so is `check.py`; `load.py`
gives an edition as pages read it; `queries.py` and `actions.py` know drafts and editions. All rooms above use these.
It knows no person; it rests on `paper` for child processes.
"""
