"""PDFs set one by one are bound into one for a printer. What is bound has lost its tags; a single sheet has them."""

import json
from io import BytesIO

from pypdf import PdfWriter


def bound(payload: bytes) -> bytes:
    """One PDF: of a line of JSON with its `title`, `author` and the `sizes` of the PDFs that follow as they are."""
    source, whole = BytesIO(payload), PdfWriter()
    head = json.loads(source.readline())
    for size in head["sizes"]:
        whole.append(BytesIO(source.read(size)), import_outline=False)
        if len(whole.pages) % 2:  # The next sheet begins on paper of its own.
            whole.add_blank_page()
    whole.add_metadata({"/Title": head["title"], "/Author": head["author"]})
    out = BytesIO()
    whole.write(out)
    return out.getvalue()
