"""Reads about cohorts and memberships."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select

from lms.cohort.forms import JoinForm
from lms.db.engine import read
from lms.db.tables import Cohort, Joining, Membership, Person
from lms.db.tables.cohorts import CREW, counts_in
from lms.people.access import COHORTS, CohortFacts, trained_by
from lms.people.names import with_titles
from lms.people.queries import participates_only


def cohort_coded(code: str) -> CohortFacts | None:
    """The cohort with this code, open or not."""
    row = read(COHORTS.where(Cohort.code == code)).first()
    return CohortFacts(*row) if row else None


def takes_part(person_id: int, cohort_id: int, role: str = "peserta") -> bool:
    """Whether the person takes part in the cohort in this role (a trainer may be a participant too, to try it)."""
    found = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.cohort_id == cohort_id,
        Membership.role == role,
        Membership.left_at.is_(None),
    )
    return read(found).scalar() is not None


def is_full(cohort_id: int) -> bool:
    """Whether everybody for whom there is room has joined."""
    seats = Membership.cohort_id == cohort_id, counts_in(Membership)
    there = select(func.count()).select_from(Membership).where(*seats)
    found = select(Cohort.quota <= there.scalar_subquery())
    return bool(read(found.where(Cohort.id == cohort_id)).scalar())


def joined_with(form: JoinForm, cohort_id: int, since: datetime) -> tuple[int, str] | None:
    """(person id, name) of who joined this cohort with this very form and the same words in it, if that was recently.

    Other words in the same form are another person's, who pressed Back on a shared phone.
    """
    row = read(
        select(Person.id, Person.name)
        .join(Joining, Joining.person_id == Person.id)
        .where(
            Joining.form_id == form.form_id,
            Joining.cohort_id == cohort_id,
            Joining.at > since,
            Person.name == form.name,
            Person.region == form.region,
            Person.phone == form.phone,
        )
    ).first()
    return (row[0], row[1]) if row else None


def form_was_sent(form_id: str) -> bool:
    """Whether somebody joined with this very form, whenever and wherever."""
    return read(select(Joining.form_id).where(Joining.form_id == form_id)).scalar() is not None


@dataclass(frozen=True, slots=True)
class CrewMember:
    """A speaker or helper; `may_be_sent`: a trainer may hand over their card. Staff sign in and correct their name."""

    membership_id: int
    role: str
    person_id: int
    bare_name: str
    title_before: str
    title_after: str
    phone: str
    serial: int
    since: datetime
    may_be_sent: bool
    is_staff: bool
    position: str
    left_at: datetime | None

    @property
    def name(self) -> str:
        """As it is printed."""
        return with_titles(self.title_before, self.bare_name, self.title_after)


def crew(cohort_id: int, *, with_gone: bool = False, also: Sequence[int] = ()) -> list[CrewMember]:
    """Speakers, then the committee, by name, on request those taken off too; who was erased is named no more.

    `also`: memberships that are read though they were taken off.
    """
    still_there = () if with_gone else (or_(Membership.left_at.is_(None), Membership.id.in_(also)),)
    signs_in, participates = Person.deactivated_at.is_(None), participates_only()
    person = Person.id, Person.name, Person.title_before, Person.title_after, Person.phone, Person.card_serial
    since = func.coalesce(Person.card_since, Person.created_at)
    stands = and_(signs_in, participates), and_(signs_in, ~participates), Person.position, Membership.left_at
    columns: tuple[Any, ...] = (Membership.id, Membership.role, *person, since, *stands)
    rows = read(
        select(*columns)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.cohort_id == cohort_id, Membership.role.in_(CREW), *still_there)
        .where(Membership.absorbed_by_id.is_(None), Person.erased_at.is_(None))
        .order_by(Membership.role, func.lower(Person.name), Membership.id)
    )
    return [CrewMember(*row) for row in rows]


def names(cohort_id: int) -> dict[int, str]:
    """Person -> their name as it is printed, of all who ever belonged to a cohort; who was erased is named no more."""
    columns = Person.id, Person.title_before, Person.name, Person.title_after
    named = select(*columns).join(Membership, Membership.person_id == Person.id)
    known = Membership.cohort_id == cohort_id, Person.erased_at.is_(None)
    return {row[0]: with_titles(*row[1:]) for row in read(named.where(*known))}


Namesake = Row[int, str, str | None, str]
"""(id, name, region, cohort) of somebody of one's own cohorts who has the name that was typed."""


def namesakes(trainer_id: int, name: str) -> Sequence[Namesake]:
    """Whom a trainer may mean: people of the cohorts they train and nobody else's, each once."""
    return read(
        select(Person.id, Person.name, Person.region, func.max(Cohort.name).label("cohort"))
        .join(Membership, Membership.person_id == Person.id)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .where(Membership.cohort_id.in_(trained_by(trainer_id)), Membership.left_at.is_(None))
        .where(func.lower(Person.name) == func.lower(name), Person.merged_into_id.is_(None))
        .where(Person.deactivated_at.is_(None), Person.erased_at.is_(None))
        .group_by(Person.id, Person.name, Person.region)
        .order_by(Person.id)
        .limit(20)
    ).all()
