"""Sheets that are signed electronically elsewhere (TTE), and the roots that are trusted for it.

Sheets go out unsigned, come back as signed PDFs, are judged in a child process and kept byte for byte. Other rooms
ask it only through `web/above.py`, so that it can be taken out whole. It rests on `certificate`.
"""
