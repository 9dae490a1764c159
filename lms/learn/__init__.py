"""Reading: front page, course, lesson, glossary, what is still missing, and questions to a trainer.

`completion.py` is the one rule of what a certificate asks; `queries.progress` and `queries.next_step` are used by the
rooms above, and by `quiz` through `web/above.py`. It rests on `quiz` for what was passed and on `course`
for what is read.
"""
