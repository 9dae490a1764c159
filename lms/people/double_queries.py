"""Reads about people who may be one, and about those who were made one: always within what the viewer trains."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, distinct, func, or_, select
from sqlalchemy.orm import aliased

from lms.db.engine import read
from lms.db.tables import Attempt, Certificate, Cohort, Device, Enrolment, Membership, Person, Reading
from lms.people.access import Training, trained_by
from lms.people.double_actions import ASKS_ERASURE, HAS_OTHERS, MAY_BE_ONE
from lms.people.doubles import Someone, likely_doubles
from lms.people.regions import Villager


@dataclass(frozen=True, slots=True)
class Found(Villager):
    """A person as one membership in a cohort of the viewer shows them."""

    membership_id: int
    person_id: int
    name: str
    region: str | None
    phone: str
    merged_into_id: int | None
    may_be_one: bool
    asks_erasure: bool
    has_others: bool
    cohort_id: int
    cohort: str
    joined_at: datetime
    left_at: datetime | None

    @property
    def masked_phone(self) -> str:
        """As much of the number as tells one from another."""
        return f"••••{self.phone[-4:]}" if self.phone else ""


def _found(trained: Training) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Membership.id,
            Person.id,
            Person.name,
            Person.region,
            Person.phone,
            Person.merged_into_id,
            MAY_BE_ONE,
            ASKS_ERASURE,
            HAS_OTHERS,
            Cohort.id,
            Cohort.name,
            Membership.joined_at,
            Membership.left_at,
        )
        .join(Person, Person.id == Membership.person_id)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .where(
            Membership.cohort_id.in_(trained_by(trained.viewer.person_id)),
            Membership.role == "peserta",
            Membership.trial.is_(False),
            Person.erased_at.is_(None),
        )
        # Of several memberships of one person, that of the cohort which is looked at is taken, else the newest.
        .order_by(Membership.cohort_id == trained.cohort_id, Membership.id)
    )


def likely(trained: Training) -> list[list[Found]]:
    """Groups that may be one person each, with somebody of this cohort in each group and in front, by name."""
    people = {row[1]: Found(*row) for row in read(_found(trained).where(Person.merged_into_id.is_(None), MAY_BE_ONE))}
    groups = likely_doubles(Someone(who.person_id, who.name, who.region or "", who.phone) for who in people.values())
    found = [sorted((people[who] for who in group), key=lambda who: _here_first(trained, who)) for group in groups]
    return sorted(
        (group for group in found if group[0].cohort_id == trained.cohort_id),
        key=lambda group: (group[0].name.casefold(), group[0].membership_id),
    )


def _here_first(trained: Training, who: Found) -> tuple[bool, datetime, int]:
    return who.cohort_id != trained.cohort_id, who.joined_at, who.membership_id


def pair(trained: Training, membership_id: int, other_id: int) -> tuple[Found, Found] | None:
    """The participant of this cohort and the other of any cohort of the viewer, when they are one or may become one."""
    rows = read(_found(trained).where(Membership.id.in_((membership_id, other_id))))
    people = {row[0]: Found(*row) for row in rows}
    one, other = people.get(membership_id), people.get(other_id)
    if one is None or other is None or one.person_id == other.person_id or one.cohort_id != trained.cohort_id:
        return None
    free = all(who.may_be_one and who.merged_into_id is None for who in (one, other))
    return (one, other) if free or gone_of(one, other) else None


def gone_of(one: Found, other: Found) -> Found | None:
    """Which of both was merged into the other."""
    for gone, stays in ((one, other), (other, one)):
        if gone.merged_into_id == stays.person_id:
            return gone
    return None


def merged(trained: Training) -> list[tuple[Found, Found]]:
    """(who stays, who was merged into them) in this cohort; only those that the viewer may separate."""
    held, gone = aliased(Membership), aliased(Person)
    here = select(held.person_id).where(held.cohort_id == trained.cohort_id, held.role == "peserta")
    stays = select(gone.merged_into_id).where(gone.merged_into_id.in_(here))
    rows = read(_found(trained).where(or_(Person.merged_into_id.in_(here), Person.id.in_(stays))))
    people = {row[1]: Found(*row) for row in rows}
    return [
        (people[who.merged_into_id], who)
        for who in sorted(people.values(), key=lambda who: who.name.casefold())
        if who.merged_into_id in people
    ]


@dataclass(frozen=True, slots=True)
class Weight:
    """How much hangs on somebody, in all courses and cohorts."""

    lessons: int = 0
    attempts: int = 0
    certificates: int = 0
    devices: int = 0


def weights(people: Sequence[Found], now: datetime) -> dict[int, Weight]:
    """Person -> what hangs on them, not counting what they absorbed; one statement."""
    learned, part = Enrolment.person_id == Person.id, Membership.person_id == Person.id
    counts = (
        select(func.count(distinct(cast(Reading.enrolment_id, String).concat(Reading.lesson))))
        .join(Enrolment, Enrolment.id == Reading.enrolment_id)
        .where(learned),
        select(func.count())
        .select_from(Attempt)
        .where(
            or_(
                Attempt.enrolment_id.in_(select(Enrolment.id).where(learned).correlate(Person)),
                Attempt.membership_id.in_(select(Membership.id).where(part).correlate(Person)),
            )
        ),
        select(func.count())
        .select_from(Certificate)
        .join(Membership, Membership.id == Certificate.membership_id)
        .where(part, Certificate.sample.is_(False)),
        select(func.count())
        .select_from(Device)
        .where(Device.person_id == Person.id, Device.ended_at.is_(None), Device.expires_at > now),
    )
    columns = [count.correlate(Person).scalar_subquery() for count in counts]
    rows = read(select(Person.id, *columns).where(Person.id.in_([who.person_id for who in people])))
    return {row[0]: Weight(*row[1:]) for row in rows}
