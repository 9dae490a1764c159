"""Two people saved the same file: the second sees both texts and the merge, and what they choose comes back here."""

import re
from dataclasses import dataclass
from itertools import accumulate

from flask import abort, render_template
from werkzeug.datastructures import MultiDict

from lms.authoring.differences import Conflict, differences, marked, merge
from lms.authoring.queries import titled
from lms.authoring.text import typed
from lms.people.access import Editing

LONGEST_TO_REWRITE = 100_000
"""Above so many characters a field to write a place anew starts empty: with it the form would get too large to send."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What both started from, and what each made of it; `theirs_hash` is "" when the other deleted the file.

    `base_hash` goes along with a file that was deleted, to show once more that it was there.
    """

    base: str
    mine: str
    theirs: str
    theirs_hash: str
    theirs_by: str
    base_hash: str = ""


def conflict_page(editing: Editing, path: str, sides: Sides, was: str = "") -> tuple[str, int]:
    """The page that a save meets when somebody else saved first, or gave the file, which `was` another, this path; 409.

    With a file that was deleted there is nothing to merge.
    """
    deleted = not sides.theirs_hash
    parts: list[str | Conflict] = [sides.mine] if deleted else merge(sides.base, sides.mine, sides.theirs)
    conflicts = [part for part in parts if isinstance(part, Conflict)]
    page = render_template(
        "authoring/bentrok.html",
        editing=editing,
        path=path,
        title=titled(path, sides.mine),
        parts=list(zip(parts, accumulate(isinstance(part, Conflict) for part in parts), strict=True)),
        conflicts=conflicts,
        rewritable=sum(len(each.mine) for each in conflicts) <= LONGEST_TO_REWRITE,
        by=sides.theirs_by or "Orang lain",
        was=was,
        deleted=deleted,
        sides=sides,
        differences=differences,
        marked=marked,
    )
    return page, 409


def resolved(form: MultiDict[str, str]) -> str | None:
    """The whole text that the form of `conflict_page` stands for, None for any other form; 400 for a broken one.

    Where nothing was chosen both stand: what is too much is easily removed, what is missing nobody sees.
    """
    if "bagian" not in form:
        return None
    if not re.fullmatch("[0-9]{1,3}", form["bagian"]):
        abort(400)
    return typed("".join(_chosen(form, at) for at in range(int(form["bagian"]))))


def _chosen(form: MultiDict[str, str], at: int) -> str:
    if f"tetap-{at}" in form:
        return form[f"tetap-{at}"]
    mine, theirs, written = form[f"saya-{at}"], form[f"mereka-{at}"], form.get(f"sendiri-{at}", "").rstrip()
    ways = {"saya": mine, "mereka": theirs, "sendiri": written and f"{written}\n"}
    return ways.get(form.get(f"pilih-{at}", ""), mine + theirs)
