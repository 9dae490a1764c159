"""PDFs set one by one are bound into one for a printer. What is bound has lost its tags; a single sheet has them."""

import json
from base64 import b64decode
from io import BytesIO

from pypdf import PdfWriter


def bound(payload: bytes) -> bytes:
    """One PDF of JSON: its `title` and `author`, and `parts`, each a PDF in Base64."""
    told = json.loads(payload)
    whole = PdfWriter()
    for part in told["parts"]:
        whole.append(BytesIO(b64decode(part)), import_outline=False)
        if len(whole.pages) % 2:  # The next sheet begins on paper of its own.
            whole.add_blank_page()
    whole.add_metadata({"/Title": told["title"], "/Author": told["author"]})
    out = BytesIO()
    whole.write(out)
    return out.getvalue()
