"""People, their ways in, what is held of them, who may see what, and who runs the site.

`access.py` gives every view its first line; `viewer.py` says who is looking; `queries.py` and `actions.py` know
people and devices; `office.py` the office and its signers; `job_actions.py` and `job_queries.py` long work. All rooms
above use these. It rests on `course` for what somebody reads.
"""
