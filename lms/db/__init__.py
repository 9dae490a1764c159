"""The database: engine, reading and the one way to write, tables, labels, migrations, and settings.

`engine.read` reads, `engine.writing` writes; `tables/` are columns and constraints without queries; `labels.py` says
of each personal column what it is for. Any room may use any of it. It rests on nothing of ours.
"""
