"""Documents and the child process: blocks to .docx, .pdf and .xlsx, fonts, and work with limits.

`document.py` reads what a document is made of from the XML of its template, `typesetting.py`, `word.py` and
`spreadsheet.py` make files of it, `child.py` does in a process of its own what could eat memory or time. It knows no
course and no person.
"""
