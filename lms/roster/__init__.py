"""People from the office's spreadsheets: read, understood, settled row by row, written in slices, undone.

`certificate` uses how names and tables are read. Reading happens in a child process; understanding (`people.py`,
`header.py`, `places.py`) is pure. It rests on `cohort` for whom a list is brought into, on `people` for who is known.
"""
