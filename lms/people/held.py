"""Everything the tables hold of one person, by the labels: what is downloaded, printed and read; then what their page
tells, in the order in which they would ask, and the office's requests to erase."""

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, String, Table, cast, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from lms.course.load import edition_view
from lms.db.engine import db, read
from lms.db.labels import TABLES
from lms.db.tables import Certificate, Cohort, Course, Membership
from lms.db.tables.learning import Answer, Attempt, Enrolment, Inquiry, InquiryReply, Reading
from lms.db.tables.people import AuditEntry, ErasureRequest, NoticeAgreement, Person, PersonChange
from lms.people.processing import label_of, personal_columns
from lms.people.regions import villages
from lms.web.dates import WIB, waktu

MOST_ROWS = 5_000
"""What is read of one table at most, the newest: an answer must fit into memory whoever asks."""

NOT_OWN = {"limit_count", "signer", "meeting", "cohort", "trusted_certificate"}
"""Counts that go within days, and people who are only named and have no account: officials, speakers."""

PDF_HERE = "ada; unduh dari halaman sertifikatnya"
_NAMES = {"person": Person.name, "cohort": Cohort.name}
_NAMED = {*_NAMES, "course"}
_WORDS = {True: "ya", False: "tidak"}
_MOMENTS = ("at", "created_at", "opened_at", "issued_at", "asked_at", "joined_at")
_READABLE: dict[str, str] = tomllib.loads((Path(__file__).parent / "data" / "kata-tersimpan.toml").read_text("utf-8"))


HeldTable = tuple[str, Sequence[Mapping[str, Any]], bool]
"""(title, rows, there are older ones) of one table: the newest first, each label -> value as JSON has it."""


def accounts(person_id: int) -> Select[int]:
    """The ids of somebody's accounts: their own, and those found to be theirs and merged into it."""
    same = select(Person.id.label("id")).where(Person.id == person_id).cte(recursive=True)
    same = same.union(select(Person.id).join(same, Person.merged_into_id == same.c.id))
    return select(same.c.id)


def own(model: type[Enrolment | Membership | Inquiry], person_id: int) -> Select[int]:
    """The ids of somebody's rows in a table."""
    return select(model.id).where(model.person_id.in_(accounts(person_id)))


def objects(person_id: int) -> ColumnElement[bool]:
    """Whether an audit entry is about somebody: about the person, or about something of theirs."""
    parts = {
        "person": accounts(person_id),
        "enrolment": own(Enrolment, person_id),
        "membership": own(Membership, person_id),
        "inquiry": own(Inquiry, person_id),
        "attempt": attempts(person_id),
        "certificate": certificates(person_id),
    }
    named = [select(literal(f"{name}:").concat(cast(part.subquery().c.id, String))) for name, part in parts.items()]
    return AuditEntry.object.in_(union_all(*named))


def attempts(person_id: int) -> Select[str]:
    """The ids of somebody's attempts, whether they hang on a course or on a cohort."""
    return select(Attempt.id).where(_learning(Attempt, person_id))


def certificates(person_id: int) -> Select[str]:
    """The ids of somebody's certificates."""
    return select(Certificate.id).where(Certificate.membership_id.in_(own(Membership, person_id)))


def _learning(rows: Any, person_id: int) -> ColumnElement[bool]:
    """Whether a row of a table, or of a class, hangs on a course or a cohort of somebody."""
    learned: ColumnElement[bool] = rows.enrolment_id.in_(own(Enrolment, person_id))
    part: ColumnElement[bool] = rows.membership_id.in_(own(Membership, person_id))
    return learned | part


_OWNERS: dict[str, Callable[[int], Select[Any]]] = {
    "attempt_id": attempts,
    "certificate_id": certificates,
    "inquiry_id": partial(own, Inquiry),
    "enrolment_id": partial(own, Enrolment),
    "membership_id": partial(own, Membership),
    "person_id": accounts,
    "changed_by_id": accounts,
    "by_id": accounts,
}
"""Column that links a row to its owner -> the ids that are this person's; the first one a table has counts."""


def belongs(table: Table, person_id: int) -> ColumnElement[bool]:
    """Whether a row of this table is of this person; StopIteration for a table that nobody's rows are in."""
    mine = accounts(person_id)
    if table.name == "person":
        return table.c.id.in_(mine)
    if table.name == "audit_entry":
        return objects(person_id) | table.c.actor_id.in_(mine)
    if table.name in ("attempt", "extra_try"):
        return _learning(table.c, person_id)
    link = next(name for name in _OWNERS if name in table.c)
    return table.c[link].in_(_OWNERS[link](person_id))


def held(person_id: int, most: int = MOST_ROWS) -> list[HeldTable]:
    """Every table with rows of this person; one statement a table, and one for each kind of name in them."""
    found = []
    for name, title in TABLES.items():
        if name not in NOT_OWN:
            table = db.metadata.tables[name]
            rows = _rows(table, person_id, most + 1)
            found.append((table, title, rows[:most], len(rows) > most))
    names = _names(row for table, _, rows, _ in found for row in _links(table, rows))
    return [(title, [_shown(table, row, names) for row in rows], cut) for table, title, rows, cut in found if rows]


def _rows(table: Table, person_id: int, most: int) -> Sequence[Mapping[Any, Any]]:
    columns = [column for column, _ in personal_columns(table)]
    moment = next((table.c[name] for name in _MOMENTS if name in table.c), None)
    order = [moment.desc()] if moment is not None else []
    newest = [key.desc() for key in table.primary_key.columns]
    statement = select(*columns).where(belongs(table, person_id)).order_by(*order, *newest)
    return read(statement.limit(most)).mappings().all()


def _target(column: Column[Any]) -> str:
    """The table whose names stand for the numbers in this column, or "" when they are shown as they are."""
    found = next((key.column.table.name for key in column.foreign_keys), "")
    return found if found in _NAMED else ""


def _links(table: Table, rows: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, int]]:
    linked = [(column.name, target) for column, _ in personal_columns(table) if (target := _target(column))]
    return [(target, row[name]) for row in rows for name, target in linked if row[name] is not None]


def _names(links: Iterable[tuple[str, int]]) -> dict[tuple[str, Any], str]:
    """(kind, number) -> name of people, cohorts and courses; ("lesson", path) -> title in these courses."""
    wanted: dict[str, set[int]] = {name: set() for name in _NAMED}
    for target, number in links:
        wanted[target].add(number)
    found: dict[tuple[str, Any], str] = {
        (target, number): name
        for target, column in _NAMES.items()
        for number, name in read(
            select(db.metadata.tables[target].c.id, column).where(db.metadata.tables[target].c.id.in_(wanted[target]))
        )
    }
    courses = select(Course.id, Course.slug, Course.current_edition_id).where(Course.id.in_(wanted["course"]))
    for number, slug, edition_id in read(courses):
        edition = edition_view(edition_id, slug) if edition_id else None
        found["course", number] = edition.course.title if edition else slug
        found |= {("lesson", name): outline.title for name, outline in (edition.lessons if edition else {}).items()}
    return found


def _shown(table: Table, row: Mapping[str, Any], names: Mapping[tuple[str, Any], str]) -> dict[str, Any]:
    shown = {}
    for column, label in personal_columns(table):
        value = row[column.name]
        if label.is_secret:
            value = "tersimpan teracak; tidak seorang pun dapat membacanya" if value else None
        elif target := _target(column):
            value = names.get((target, value))
        elif column.name in ("lesson", "quiz"):
            path, _, case = value.partition("#")
            title = names.get(("lesson", path), path)
            value = f"{title}: {case.replace('-', ' ')}" if case else title
        elif column.name in _SPEAKING:
            value = _SPEAKING[column.name](value)
        shown[label.label] = _plain(value)
    return shown


def _plain(value: Any) -> Any:
    """The value as JSON writes it: moments in WIB, a certificate's text as the object it is."""
    if isinstance(value, datetime):
        return value.astimezone(WIB).isoformat(timespec="seconds")
    if isinstance(value, bytes):
        return PDF_HERE if value.startswith(b"%PDF-") else json.loads(value)
    return said(value) if isinstance(value, str) else value


def said(text: str) -> str:
    """A stored word as people say it: a code of the list as its village."""
    village = villages().get(text)
    return village.label if village else _READABLE.get(text, text)


def field_word(name: str) -> str:
    """Return the word by which a person knows a column of theirs."""
    tables = [db.metadata.tables["person"], *db.metadata.sorted_tables]
    labels = [label for table in tables if name in table.c and (label := label_of(table.c[name]))]
    return labels[0].label if labels else name


def _object_word(text: str) -> str:
    """ "person:7" as "Orang 7"."""
    name, _, number = text.partition(":")
    return f"{TABLES[name]} {number}" if name in TABLES else text


_SPEAKING: dict[str, Callable[[Any], Any]] = {
    "field": field_word,
    "fields": lambda fields: [field_word(name) for name in fields],
    "object": _object_word,
}


def in_words(value: Any) -> str:
    """A value of a section as the printed page says it; "" for what is empty."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, list):
        return ", ".join(filter(None, map(in_words, value)))
    if isinstance(value, dict):
        return "; ".join(f"{key}: {said}" for key, part in value.items() if (said := in_words(part)))
    text = str(value)
    try:
        return waktu(datetime.fromisoformat(text)) if len(text) == 25 else text
    except ValueError:
        return text


SHOWN = 10
"""Of each history the page shows the newest; all of it is in the copy."""

HOURS = 72


def parts(person_id: int) -> Sequence[Row[str, str, str, bool, datetime, datetime | None]]:
    """(name, course, role, whether it is a trial, joined, left) of the cohorts somebody is or was in, newest first."""
    return read(
        select(Cohort.name, Course.slug, Membership.role, Membership.trial, Membership.joined_at, Membership.left_at)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .join(Course, Course.id == Cohort.course_id)
        .where(Membership.person_id.in_(accounts(person_id)))
        .order_by(Membership.joined_at.desc(), Membership.id.desc())
    ).all()


def counts(person_id: int) -> tuple[int, int, int]:
    """Return the counts of lessons finished, attempts begun and answers given."""
    tried, learned = attempts(person_id), own(Enrolment, person_id)
    lessons = select(func.count(func.distinct(Reading.lesson))).where(Reading.enrolment_id.in_(learned))
    answers = select(func.count(Answer.id)).where(Answer.attempt_id.in_(tried))
    begun = select(func.count()).select_from(tried.subquery())
    row = read(select(lessons.scalar_subquery(), begun.scalar_subquery(), answers.scalar_subquery())).one()
    return row[0], row[1], row[2]


def agreement(person_id: int) -> NoticeAgreement | None:
    """Return the notice that this person was shown last; None when that was never kept."""
    shown = select(NoticeAgreement).where(NoticeAgreement.person_id == person_id)
    return db.session.scalar(shown.order_by(NoticeAgreement.id.desc()).limit(1))


def changes(person_id: int) -> list[tuple[str, str, datetime, str]]:
    """Return (field, what it held before, when, who mended it, "" for oneself) of the newest corrections."""
    rows = read(
        select(PersonChange.field, PersonChange.old, PersonChange.at, PersonChange.by_id, Person.name)
        .join(Person, Person.id == PersonChange.by_id)
        .where(PersonChange.person_id.in_(accounts(person_id)))
        .order_by(PersonChange.id.desc())
        .limit(SHOWN)
    )
    return [(field_word(field), said(old), at, "" if by == person_id else name) for field, old, at, by, name in rows]


def acts(person_id: int) -> list[tuple[str, list[str], datetime, str]]:
    """Return (act, its fields, when, who did it, "" for oneself) of the newest acts about this person."""
    rows = read(
        select(AuditEntry.action, AuditEntry.fields, AuditEntry.at, AuditEntry.actor_id, Person.name)
        .join(Person, Person.id == AuditEntry.actor_id, isouter=True)
        .where(objects(person_id))
        .order_by(AuditEntry.id.desc())
        .limit(SHOWN)
    )
    return [
        (action, [field_word(each) for each in fields], at, "" if by == person_id else name or "pengurus situs")
        for action, fields, at, by, name in rows
    ]


def inquiries(person_id: int) -> Sequence[Row[str, str, datetime, bool]]:
    """(kind, text, when, answered) of the newest questions and doubts somebody sent."""
    answered = exists().where(InquiryReply.inquiry_id == Inquiry.id)
    return read(
        select(Inquiry.kind, Inquiry.text, Inquiry.at, answered)
        .where(Inquiry.person_id.in_(accounts(person_id)))
        .order_by(Inquiry.id.desc())
        .limit(SHOWN)
    ).all()


def due_at(asked_at: datetime) -> datetime:
    """Return when the 72 hours of a request are over."""
    return asked_at + timedelta(hours=HOURS)


def clock(asked_at: datetime, now: datetime) -> str:
    """Return "tinggal 12 jam", "kurang dari 1 jam lagi", or "terlambat 2 hari 3 jam"."""
    left = due_at(asked_at) - now
    days, rest = divmod(int(abs(left) / timedelta(hours=1)), 24)
    said = " ".join(f"{count} {unit}" for count, unit in ((days, "hari"), (rest, "jam")) if count)
    if left < timedelta(0):
        return f"terlambat {said}" if said else "baru saja lewat waktunya"
    return f"tinggal {said}" if said else "kurang dari 1 jam lagi"


IS_OPEN = ErasureRequest.withdrawn_at.is_(None) & ErasureRequest.done_at.is_(None)
"""Whether a request of the statement is neither withdrawn nor carried out."""


def open_requests() -> Sequence[Row[ErasureRequest, Person, int]]:
    """Return (request, who asks, how many accounts are theirs) that the office has to carry out, oldest first."""
    merged = aliased(Person)
    # Nobody who was merged is merged into, so all of a person's accounts are one step away.
    count = select(1 + func.count()).where(merged.merged_into_id == Person.id).correlate(Person).scalar_subquery()
    listed = select(ErasureRequest, Person, count).join(Person, Person.id == ErasureRequest.person_id)
    return db.session.execute(listed.where(IS_OPEN).order_by(ErasureRequest.asked_at, ErasureRequest.id)).all()


def waiting_words(now: datetime) -> str:
    """Return "1 menunggu, tinggal 2 hari 23 jam": the open requests, and the clock of the oldest; "" without."""
    found = open_requests()
    return f"{len(found)} menunggu, {clock(found[0].ErasureRequest.asked_at, now)}" if found else ""


def open_request(person_id: int) -> ErasureRequest | None:
    """Return the person's own request while it is open."""
    return db.session.scalar(select(ErasureRequest).where(ErasureRequest.person_id == person_id, IS_OPEN))


def carried_out() -> Sequence[ErasureRequest]:
    """Return the requests that were carried out last."""
    done = select(ErasureRequest).where(ErasureRequest.done_at.is_not(None))
    return db.session.scalars(done.order_by(ErasureRequest.done_at.desc()).limit(SHOWN)).all()
