"""Documents and the child process: blocks to .docx, .pdf and .xlsx, fonts, and work with limits.

`document.py` is what a document is made of, `typesetting.py`, `word.py` and `spreadsheet.py` make files of it,
`child.py` does in a process of its own what could eat memory or time. It knows no course and no person.
"""
