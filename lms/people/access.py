"""The first line of every view: the object that this person may see, or a stop with 404, 403 or the way to sign in."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from flask import Flask, abort, redirect, request
from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select
from sqlalchemy.orm import aliased
from werkzeug.routing import BaseConverter

from lms.course import queries as content
from lms.course.load import EditionView, edition_view
from lms.db.engine import read
from lms.db.tables import Cohort, Course, CourseEditor, Enrolment, Membership, Person, is_trainer
from lms.people.regions import village_label
from lms.people.stale import shown_again
from lms.people.viewer import Viewer, viewer
from lms.web.clock import today
from lms.web.errors import Closed, wants_json
from lms.web.security import show_nobody_else

SLUG = re.compile(r"[a-z0-9-]{1,80}")


def signed_in() -> Viewer:
    """The viewer; a page sends nobody to sign in, and keeps what they had written; a script gets 401."""
    if found := viewer():
        return found
    if wants_json():
        abort(401)
    if page := shown_again():
        abort(page)
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return abort(redirect(f"/masuk?ke={quote(back)}", 303))


def mine() -> Viewer:
    """Return the viewer, on a page of their own that no browser keeps."""
    found = signed_in()
    show_nobody_else()
    return found


def admin() -> Viewer:
    """Return the viewer when they run the site; 403 for everybody else who is signed in. No browser keeps the page."""
    found = signed_in()
    if not found.is_admin:
        abort(403)
    show_nobody_else()
    return found


def edition_of(slug: str) -> tuple[content.CourseRef, EditionView]:
    """The course with the edition this person reads; 404 when there is none."""
    who = viewer()
    found = content.read_edition(slug, who.person_id if who else None, today()) if SLUG.fullmatch(slug) else None
    if found is None:
        abort(404)
    return found, edition_view(found.edition_id, slug)


def send_on(edition: EditionView, identity: str) -> None:
    """Send a person on to the present name of a lesson that has another one now; 404 when there is no such lesson."""
    if identity not in edition.lessons:
        present = edition.present(identity)
        abort(redirect(request.path.removesuffix(identity) + present, 302) if present in edition.lessons else 404)


def my_enrolment(slug: str) -> tuple[content.CourseRef, EditionView, int]:
    """Return the course that the viewer has joined; somebody who has not joined it is shown the course."""
    signed_in()
    ref, edition = edition_of(slug)
    if ref.enrolment_id is None:
        abort(redirect(f"/belajar/{slug}", 303))
    return ref, edition, ref.enrolment_id


@dataclass(frozen=True, slots=True)
class CohortFacts:
    """A cohort; `edition_id` is what its members read."""

    cohort_id: int
    course_id: int
    slug: str
    kind: str
    name: str
    code: str
    edition_id: int
    starts_on: date | None
    ends_on: date | None
    place: str
    is_open: bool
    posttest_closed_at: datetime | None
    archived_at: datetime | None
    closed_at: datetime | None
    signing: str
    self_issue: bool
    dropped: list[str]

    @property
    def takes_people(self) -> bool:
        """Whether a trainer may still bring somebody into it."""
        return self.closed_at is None and self.archived_at is None

    def state(self, day: date) -> str:
        """Return the state of a bimtek: planned until its first day, running until it is closed."""
        if self.closed_at:
            return "ditutup"
        return "direncanakan" if self.starts_on and day < self.starts_on else "berjalan"


_ELSEWHERE = {
    "cohort_id": Cohort.id,
    "slug": Course.slug,
    "edition_id": func.coalesce(Cohort.edition_id, Course.current_edition_id),
}
COHORTS: Select[*tuple[Any, ...]] = select(
    *(_ELSEWHERE[name] if name in _ELSEWHERE else getattr(Cohort, name) for name in CohortFacts.__slots__)
).join(Course, Course.id == Cohort.course_id)
"""The columns of CohortFacts, in their order."""


def cohort_facts(cohort_id: int) -> CohortFacts:
    """Return a cohort by its id, for work begun by a person who may see it."""
    return CohortFacts(*read(COHORTS.where(Cohort.id == cohort_id)).one())


@dataclass(frozen=True, slots=True)
class Training(CohortFacts):
    """A cohort as one of its trainers finds it."""

    viewer: Viewer = field(kw_only=True)


def training(code: str) -> Training:
    """The cohort with this join code when the viewer trains it; 404 for any other, an admin's too.

    What is shown there is of its people, so no browser keeps it.
    """
    who = signed_in()
    row = read(COHORTS.where(Cohort.code == code, Cohort.id.in_(trained_by(who.person_id)))).first() or abort(404)
    show_nobody_else()
    return Training(*row, viewer=who)


def event(code: str) -> Training:
    """The bimtek with this code when the viewer trains it; 404 for any other and for self-study."""
    trained = training(code)
    if trained.kind != "bimtek":
        abort(404)
    return trained


@dataclass(frozen=True, slots=True)
class Part(CohortFacts):
    """A cohort as its member finds it; `trial` marks a trainer who only tries it and counts nowhere."""

    membership_id: int
    role: str
    trial: bool
    viewer: Viewer = field(kw_only=True)


def my_part(code: str) -> Part:
    """The bimtek with this code when the viewer belongs to it; 404 for everybody else.

    Of several roles they have that of a participant first, that of a trainer last.
    """
    return _part(code, Cohort.kind == "bimtek")


def seat(code: str) -> Part:
    """The cohort with this join code when the viewer takes part in it; 404 for everybody else."""
    return _part(code, Membership.role == "peserta")


def _part(code: str, which: ColumnElement[bool]) -> Part:
    who = signed_in()
    row = read(
        COHORTS.add_columns(Membership.id, Membership.role, Membership.trial)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(Cohort.code == code, Membership.person_id == who.person_id, Membership.left_at.is_(None), which)
        .order_by((Membership.role == "peserta").desc(), Membership.role == "pelatih")
        .limit(1)
    ).first()
    return Part(*row, viewer=who) if row else abort(404)


def still_open(cohort_id: int) -> None:
    """Inside a write: nothing is written into a bimtek that was closed. Raises Closed, which answers with its page."""
    if read(select(Cohort.closed_at).where(Cohort.id == cohort_id).with_for_update()).scalar_one() is not None:
        raise Closed


def trained_by(person_id: int) -> Select[int]:
    """The cohorts that somebody trains, for a statement to look into."""
    part = aliased(Membership)
    return select(part.cohort_id).where(part.person_id == person_id, is_trainer(part))


def refuse_closed(held: CohortFacts) -> None:
    """Stop with a page that says so where a cohort was closed: nothing of its event changes any more."""
    if held.closed_at is not None:
        raise Closed


Member = Row[int, int, str, str | None, int, datetime, datetime | None, datetime | None]
"""(membership_id, person_id, name, region, enrolment_id, joined_at, left_at, erased_at) of a participant of a cohort;
what they learned hangs on the enrolment."""


def member_of(trained: Training, membership_id: int) -> Member:
    """Return the participant of a cohort that the viewer trains, also one who left it; 404 for everybody else.

    Somebody who turned out to be another of the cohort is found as that one only. What somebody learned who was erased
    may still be read; nothing can be done for them any more.
    """
    row = read(
        select(
            *(Membership.id.label("membership_id"), Person.id.label("person_id"), Person.name, Person.region),
            *(Enrolment.id.label("enrolment_id"), Membership.joined_at, Membership.left_at, Person.erased_at),
        )
        .join(Person, Person.id == Membership.person_id)
        .join(Enrolment, and_(Enrolment.person_id == Person.id, Enrolment.course_id == trained.course_id))
        .where(
            Membership.id == membership_id,
            Membership.cohort_id == trained.cohort_id,
            Membership.role == "peserta",
            Membership.absorbed_by_id.is_(None),
        )
    ).first()
    if row is None or (row.erased_at is not None and request.method == "POST"):
        abort(404)
    return row


@dataclass(frozen=True, slots=True)
class Editing:
    """A course as its editor finds it; `edition_id` is None until something was published."""

    viewer: Viewer
    course_id: int
    slug: str
    edition_id: int | None


def editing(slug: str) -> Editing:
    """The course when the viewer may edit it, or runs the site; 404 for everybody else. Nothing is kept."""
    who = signed_in()
    found = select(Course.id, Course.slug, Course.current_edition_id).where(Course.slug == slug)
    if not who.is_admin:
        found = found.join(CourseEditor, CourseEditor.course_id == Course.id)
        found = found.where(CourseEditor.person_id == who.person_id)
    row = (read(found).first() if SLUG.fullmatch(slug) else None) or abort(404)
    show_nobody_else()
    return Editing(who, *row)


def may_edit(course_id: int) -> bool:
    """Return whether the viewer would find this course by `editing`; for others than staff without a statement."""
    who = viewer()
    if who is None or not who.is_staff or who.is_admin:
        return who is not None and who.is_admin
    mine = CourseEditor.course_id == course_id, CourseEditor.person_id == who.person_id
    return bool(read(select(exists().where(*mine))).scalar())


def staff() -> Viewer:
    """The viewer when they run the site, edit a course or are a trainer; 403 for everybody else. Nothing is kept."""
    who = signed_in()
    if not who.is_staff:
        abort(403)
    show_nobody_else()
    return who


def row_id(text: str | None) -> int:
    """A row's number as a form brings it; 0, which no row has, for anything else."""
    return int(text) if text and re.fullmatch(_Id.regex, text) else 0


class _Id(BaseConverter):
    """A row's number in an address: no text and nothing that a database can't hold."""

    regex = r"[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)


def init_access(app: Flask) -> None:
    """Let routes name a row as <id:…>, and pages say where somebody is from by `region|desa`."""
    app.url_map.converters["id"] = _Id
    app.jinja_env.filters["desa"] = village_label
