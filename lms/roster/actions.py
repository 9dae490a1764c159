"""Writes about lists that were brought. Nothing here commits, and everything may be repeated."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Row, Select, insert, select, update

from lms.db.engine import db, insert_missing, writer
from lms.db.labels import ERASED
from lms.db.tables import Enrolment, ImportBatch, ImportRow, Membership, Person
from lms.people.actions import note, random_id
from lms.people.cards import card_hash, token_of
from lms.people.erasure import bury
from lms.roster.people import ACCOUNT_ENDED, FORGOTTEN, Listed, as_kept
from lms.roster.queries import RosterLine, Target, waiting_about

Kept = Mapping[str, Any]
"""What `lms.roster.people.as_kept` makes of a row."""


def new_batch(
    cohort_id: int, by: int, columns: Sequence[Sequence[str]], left_out: Mapping[str, Any], now: datetime
) -> str:
    """The id of a list whose rows are still to come."""
    batch_id = random_id()
    row = {"id": batch_id, "cohort_id": cohort_id, "by_id": by, "at": now}
    writer().execute(insert(ImportBatch), row | {"columns": columns, "left_out": left_out})
    return batch_id


def add_rows(batch_id: str, rows: Sequence[tuple[int, str, list[str], Kept]], now: datetime) -> None:
    """Keep some of its rows: (number, place, cells, what is kept of who is understood)."""
    told = [
        {"batch_id": batch_id, "number": number, "place": place, "cells": cells, "at": now, **kept}
        for number, place, cells, kept in rows
    ]
    writer().execute(insert(ImportRow), told)


def change(batch_id: str, **columns: Any) -> None:
    """Keep what its columns now mean, that all of it may be looked at, or which work writes it."""
    writer().execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(columns))


def understand(kept: Mapping[int, Kept]) -> None:
    """Keep what is now understood of these rows, unless they were written meanwhile."""
    rows = select(ImportRow).where(ImportRow.id.in_(kept), ImportRow.outcome == "").with_for_update()
    for row in db.session.scalars(rows):
        for name, value in kept[row.id].items():
            setattr(row, name, value)


def leave_out(found: Sequence[RosterLine]) -> None:
    """These rows can't be taken any more: the accounts of their people ended."""
    understand({line.id: as_kept(replace(line.listed, is_person=0, fault=ACCOUNT_ENDED)) for line in found})


def write_lines(cohort: Target, found: Sequence[RosterLine], by: int, now: datetime) -> None:
    """Make those new whom nobody knows, and let everybody take part; what became of each row is kept with it."""
    fresh = [line for line in found if not line.person_id]
    made = dict(zip((line.id for line in fresh), _add_people(fresh, now), strict=True))
    people = {line.id: made.get(line.id) or line.person_id or 0 for line in found}
    there = _parts(cohort.cohort_id, set(people.values())).where(Membership.left_at.is_(None))
    present = {part.person_id for part in db.session.scalars(there)}
    enrolled = [{"person_id": each, "course_id": cohort.course_id, "created_at": now} for each in people.values()]
    writer().execute(insert_missing(Enrolment, "person_id", "course_id"), enrolled)
    parts = [
        {"person_id": each, "cohort_id": cohort.cohort_id, "role": "peserta", "trial": False, "joined_at": now}
        for each in people.values()
    ]
    writer().execute(insert_missing(Membership, "person_id", "cohort_id", "role"), parts)
    for part in db.session.scalars(_parts(cohort.cohort_id, set(people.values()) - present)):
        part.left_at = None
        # Who was known already is told, in the copy of their data, who let them take part.
        if part.person_id not in made.values():
            note(by, "masuk angkatan", f"membership:{part.id}", now)
    _fill_in([line for line in found if line.person_id])
    for row in db.session.scalars(select(ImportRow).where(ImportRow.id.in_(people))):
        row.person_id = people[row.id]
        row.outcome = "sudah" if row.person_id in present else "dibuat" if row.id in made else "ditambahkan"


def _add_people(found: Sequence[RosterLine], now: datetime) -> list[int]:
    """New people, in the order of these rows, each with a card. They are shown the notice when they first come in."""
    people = [_person(line.listed, now) for line in found]
    db.session.add_all(people)
    db.session.flush()
    for person in people:
        person.card_hash = card_hash(token_of(person.id, 1))
    return [person.id for person in people]


def _person(listed: Listed, now: datetime) -> Person:
    said = {name: getattr(listed, name) for name in ("name", "phone", "sex", "position")}
    titles = {"title_before": listed.before[:40], "title_after": listed.after[:40]}
    return Person(**said, **titles, region=listed.region or None, created_at=now)


def _parts(cohort_id: int, people: Collection[int]) -> Select[Membership]:
    mine = Membership.cohort_id == cohort_id, Membership.role == "peserta", Membership.person_id.in_(people)
    return select(Membership).where(*mine)


def _fill_in(found: Sequence[RosterLine]) -> None:
    """Keep what a list says of a known person where nothing was said before."""
    known = select(Person).where(Person.id.in_([line.person_id for line in found])).with_for_update()
    people = {person.id: person for person in db.session.scalars(known)}
    for line in found:
        person = people[line.person_id or 0]
        person.sex, person.position = person.sex or line.listed.sex, person.position or line.listed.position


def undo(found: Iterable[Row[int, int, int, bool]], now: datetime) -> None:
    """Out of the cohort with these, and out of the site with whom the list made."""
    rows, people, parts, made = zip(*found, strict=True)
    writer().execute(update(Membership).where(Membership.id.in_(parts)).values(left_at=now))
    bury([person for person, is_new in zip(people, made, strict=True) if is_new], now)
    writer().execute(update(ImportRow).where(ImportRow.id.in_(rows)).values(outcome="batal"))


def blank_rows(people: Sequence[int]) -> int:
    """Blank what waits in lists under the names of these people, and return how many rows that were.

    Whoever brought a list sees why, for a row may be about somebody else.
    """
    row = update(ImportRow).where(ImportRow.id.in_(waiting_about(people)))
    blank = row.values(cells=[], **as_kept(Listed(name=ERASED, fault=FORGOTTEN)))
    result: CursorResult[Any] = db.session.execute(blank)  # type: ignore[assignment] # DML gives a CursorResult.
    return result.rowcount
