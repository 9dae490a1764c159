"""Certificates: what a sheet states, issuing, numbers, printing, checking, and the register.

`snapshot.py` is what is frozen and signed; `queries.py` and `actions.py` are used by `report`, `esign` and the
demonstration, rooms below ask through `web/above.py`. It rests on `cohort`, `bimtek` and `learn` for what
was learned, on `people` for the office and its signers, and on `paper` for the print.
"""
