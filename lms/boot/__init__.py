"""Putting the site together and running it.

`app.py` makes the site and holds the tables of what rooms ask of rooms above them and of what children do; beside it
stand the `lms` command, the start of the server, set-up, backup and the demonstration. Nothing imports this room but
`wsgi.py` and `__main__`. It rests on every other.
"""
