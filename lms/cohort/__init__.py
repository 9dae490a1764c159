"""Cohorts, the trainer's desk, one person for their trainer, messages, and the villages reached.

`queries.py` and `actions.py` say who takes part; `desk_queries.py` how everybody stands; both are used by the rooms
above. It rests on `bimtek`, `learn` and `quiz` for how somebody stands, and on `people` for who may see whom.
"""
