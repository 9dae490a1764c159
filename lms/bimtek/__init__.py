"""A bimtek as an event: its plan and meetings, who came, its survey, and what participants mean to do.

`queries.py` is used by the rooms above for meetings and the roll. It rests on `quiz` for the hours of the tests, on
`people` for who may see what, and on `paper` for the list to sign.
"""
