"""Two people saved the same file: the second sees both texts and the merge, and what they choose comes back here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from flask import abort, render_template

from lms.authoring.differences import TextPiece, differences, marked
from lms.authoring.merging import Conflict, Merged, merge
from lms.authoring.queries import titled
from lms.people.access import Editing

LONGEST_TO_REWRITE = 100_000
"""Above so many characters a field to write a place anew starts empty: with it the form would get too large to send."""


@dataclass(frozen=True, slots=True)
class MergePart:
    """A part of the merge as the form carries it; `number` counts the conflicts, 0 is settled text."""

    at: int
    number: int
    text: str
    conflict: Conflict | None = None
    mine: tuple[TextPiece, ...] = ()
    theirs: tuple[TextPiece, ...] = ()


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
    merged = Merged((sides.mine,)) if deleted else merge(sides.base, sides.mine, sides.theirs)
    parts = _places(merged)
    page = render_template(
        "authoring/bentrok.html",
        editing=editing,
        path=path,
        title=titled(path, sides.mine),
        parts=parts,
        conflicts=[part for part in parts if part.conflict],
        rewritable=sum(len(each.mine) for each in merged.conflicts) <= LONGEST_TO_REWRITE,
        by=sides.theirs_by or "Orang lain",
        was=was,
        deleted=deleted,
        sides=sides,
        changed_by_them=differences(sides.base, sides.theirs),
        changed_by_me=differences(sides.base, sides.mine),
    )
    return page, 409


def _places(merged: Merged) -> list[MergePart]:
    number = count(1)
    return [
        MergePart(
            at,
            next(number),
            "",
            part,
            tuple(marked(part.base, part.mine)),
            tuple(marked(part.base, part.theirs)),
        )
        if isinstance(part, Conflict)
        else MergePart(at, 0, part)
        for at, part in enumerate(merged.parts)
    ]


def resolved(form: Mapping[str, str]) -> str | None:
    """The whole text that the form of `conflict_page` stands for, None for any other form; 400 for a broken one.

    Where nothing was chosen both stand: what is too much is easily removed, what is missing nobody sees.
    """
    if "bagian" not in form:
        return None
    parts = [_chosen(form, at) for at in range(_number(form["bagian"]))]
    if None in parts:
        abort(400)
    return "".join(map(str, parts))


def _number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,3}", text) else abort(400)


def _chosen(form: Mapping[str, str], at: int) -> str | None:
    settled = _field(form, f"tetap-{at}")
    if settled is not None:
        return settled
    mine, theirs, written = (_field(form, f"{side}-{at}") for side in ("saya", "mereka", "sendiri"))
    if mine is None or theirs is None:
        return None
    ways = {"saya": mine, "mereka": theirs, "sendiri": _ended(written or "")}
    return ways.get(form.get(f"pilih-{at}", ""), mine + theirs)


def _field(form: Mapping[str, str], name: str) -> str | None:
    text = form.get(name)
    return None if text is None else text.replace("\r\n", "\n").replace("\r", "\n")


def _ended(text: str) -> str:
    return f"{text.rstrip()}\n" if text.strip() else ""
