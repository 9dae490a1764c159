"""Reads for who runs the site: staff, cohorts without their people, the audit log."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import aliased

from lms.db.engine import db, read
from lms.db.tables import AuditEntry, Blob, Cohort, Course, CourseEditor, DifferenceReport, Membership, Office, Person
from lms.db.tables.cohorts import counts_in, is_trainer
from lms.web.dates import WIB

PAGE = 50
WORDS = {
    "person": "orang nomor",
    "cohort": "angkatan nomor",
    "membership": "keikutsertaan nomor",
    "course": "kursus nomor",
    "edition": "terbitan",
    "reread": "baca lagi",
    "question": "soal",
    "attempt": "percobaan",
    "certificate": "sertifikat",
    "office": "kantor",
    "demo": "peragaan",
    "government": "baris pertama kop",
    "name": "nama",
    "address": "alamat",
    "place": "tempat",
    "starts_on": "hari pertama",
    "ends_on": "hari terakhir",
    "edition_id": "terbitan",
    "organiser": "penyelenggara",
    "signer": "penanda tangan",
    "number_series": "nomor",
    "emblem_hash": "lambang",
    "legal_basis": "dasar hukum",
    "title_before": "gelar di depan",
    "title_after": "gelar di belakang",
    "position": "jabatan",
    "region": "desa",
    "phone": "nomor HP",
    "login": "nama masuk",
    "is_admin": "hak pengelola",
    "card_serial": "kartu",
    "pin_hash": "PIN",
    "password_hash": "sandi",
    "deactivated_at": "boleh masuk",
    "merged_into_id": "digabung dengan",
    "absorbed_by_id": "digabung dengan",
    "left_at": "keluar",
    "posttest_closed_at": "penutupan tes",
    "is_open": "pendaftaran",
    "archived_at": "arsip",
    "closed_at": "penutupan",
    "map_link": "tautan peta",
    "bring": "yang perlu dibawa",
    "basis": "dasar kegiatan",
    "quota": "kuota",
    "online_from": "awal masa daring",
    "online_until": "akhir masa daring",
    "report": "laporan",
    "predicates": "predikat sertifikat",
    "prints_scores": "tabel nilai sertifikat",
    "signing": "cara tanda tangan sertifikat",
}
"""What the log calls things by their columns and kinds -> what its reader calls them."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody with an account of the staff; `trains` counts their cohorts."""

    id: int
    name: str
    login: str
    is_admin: bool
    has_password: bool
    deactivated_at: datetime | None
    trains: int


_TRAINS = (
    select(func.count())
    .select_from(Membership)
    .where(Membership.person_id == Person.id, is_trainer(Membership))
    .correlate(Person)
    .scalar_subquery()
)
_STAFF = select(
    Person.id,
    Person.name,
    Person.login,
    Person.is_admin,
    Person.password_hash != "",
    Person.deactivated_at,
    _TRAINS,
).where(Person.login.is_not(None))


def staff() -> list[StaffMember]:
    """Everybody with an account of the staff, by name."""
    return [StaffMember(*row) for row in read(_STAFF.order_by(Person.deactivated_at.is_not(None), Person.name))]


def member_of_staff(person_id: int) -> StaffMember | None:
    """One of them; a participant is none."""
    row = read(_STAFF.where(Person.id == person_id)).first()
    return StaffMember(*row) if row else None


def courses_edited(person_id: int) -> Sequence[Row[int, str, int | None, bool]]:
    """(id, slug, current edition, whether this person may edit it) of every course."""
    mine = and_(CourseEditor.course_id == Course.id, CourseEditor.person_id == person_id)
    return read(
        select(Course.id, Course.slug, Course.current_edition_id, CourseEditor.person_id.is_not(None))
        .join(CourseEditor, mine, isouter=True)
        .order_by(Course.slug)
    ).all()


@dataclass(frozen=True, slots=True)
class CohortLine:
    """A cohort as an admin sees it: no people but its trainers."""

    id: int
    code: str
    name: str
    kind: str
    archived: bool
    participants: int
    trainers: list[tuple[int, str]]


def cohorts() -> list[CohortLine]:
    """Every cohort, newest first, with (person id, name) of each trainer; two statements."""
    joined = and_(Membership.cohort_id == Cohort.id, counts_in(Membership))
    rows = read(
        select(Cohort.id, Cohort.code, Cohort.name, Cohort.kind, Cohort.archived_at, func.count(Membership.id))
        .join(Membership, joined, isouter=True)
        .group_by(Cohort.id, Cohort.code, Cohort.name, Cohort.kind, Cohort.archived_at)
        .order_by(Cohort.archived_at.is_not(None), Cohort.id.desc())
    ).all()
    found = {row[0]: CohortLine(*row[:4], row[4] is not None, row[5], []) for row in rows}
    trainers = read(
        select(Membership.cohort_id, Person.id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(is_trainer(Membership))
        .order_by(Person.name)
    )
    for cohort_id, person_id, name in trainers:
        found[cohort_id].trainers.append((person_id, name))
    return list(found.values())


def office() -> Row[str, str, str, str, str, str, str | None] | None:
    """What the office is called, its rule and its emblem's hash; None while it is not set."""
    shown = (Office.government, Office.name, Office.address, Office.place, Office.organiser)
    return read(select(*shown, Office.legal_basis, Office.emblem_hash)).first()


def emblem() -> bytes | None:
    """The picture of the office's emblem."""
    return read(select(Blob.data).join(Office, Office.emblem_hash == Blob.hash)).scalar()


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line of the audit log. Names are told of staff only; everybody else is a number."""

    at: datetime
    actor: str
    action: str
    object: str
    fields: list[str]
    reason: str


def acts(page: int, word: str, since: date | None = None) -> tuple[list[AuditLine], int]:
    """(the acts of a page, newest first; how many there are), whose action, object or actor has this word.

    `since` leaves out what was before that day. Of actors, only staff are found by their name.
    """
    actor = aliased(Person)
    words = [AuditEntry.action, AuditEntry.object]
    named = and_(actor.login.is_not(None), func.lower(actor.name).contains(word.lower(), autoescape=True))
    among = [or_(named, *(column.contains(word, autoescape=True) for column in words))] if word else []
    if since:
        among.append(AuditEntry.at >= datetime.combine(since, time.min, WIB))
    listed = select(AuditEntry).join(actor, actor.id == AuditEntry.actor_id, isouter=True).where(*among)
    count = read(listed.with_only_columns(func.count())).scalar_one()
    shown = listed.with_only_columns(
        AuditEntry.at,
        AuditEntry.actor_id,
        actor.name,
        actor.login,
        AuditEntry.action,
        AuditEntry.object,
        AuditEntry.fields,
        AuditEntry.reason,
    )
    rows = read(shown.order_by(AuditEntry.id.desc()).limit(PAGE).offset((page - 1) * PAGE)).all()
    names = _names({row.object for row in rows})
    found = [
        AuditLine(
            row[0],
            _actor(*row[1:4]),
            row[4],
            names.get(row[5]) or in_words(row[5]),
            [in_words(field) for field in row[6]],
            row[7],
        )
        for row in rows
    ]
    return found, count


def _names(objects: Collection[str]) -> dict[str, str]:
    """Object of the log -> its name, for staff and cohorts; two statements."""

    def ids(kind: str) -> list[int]:
        numbers = [each.partition(":")[2] for each in objects if each.startswith(f"{kind}:")]
        return [int(number) for number in numbers if number.isdecimal()]

    people = select(Person.id, Person.name).where(Person.id.in_(ids("person")), Person.login.is_not(None))
    cohorts = select(Cohort.id, Cohort.name).where(Cohort.id.in_(ids("cohort")))
    return {f"person:{row[0]}": row[1] for row in read(people)} | {
        f"cohort:{row[0]}": f"angkatan {row[1]}" for row in read(cohorts)
    }


@cache
def _column_words() -> dict[str, str]:
    """Column -> what its person calls it, of every personal column."""
    columns = [column for table in db.metadata.sorted_tables for column in table.columns]
    return {column.name: found.label.lower() for column in columns if (found := column.info.get("data"))}


def in_words(name: str) -> str:
    """A kind with its number, or a field, as its reader calls it: orang nomor 3."""
    kind, _, number = name.partition(":")
    return f"{WORDS.get(kind) or _column_words().get(kind, kind)} {number}".rstrip()


def _actor(actor_id: int | None, name: str | None, login: str | None) -> str:
    if actor_id is None:
        return "Perintah di server"
    return name if name and login else f"Orang nomor {actor_id}"


def waiting_differences() -> int:
    """How many reports of what somebody found different on a sheet nobody has settled."""
    waits = DifferenceReport.settled_at.is_(None)
    return read(select(func.count()).select_from(DifferenceReport).where(waits)).scalar_one()
