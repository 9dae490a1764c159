"""Reads about action plans; what was written under another account of the same person is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, distinct, exists, func, select
from sqlalchemy.orm import aliased

from lms.db.engine import read
from lms.db.tables import ActionPlan, Membership, Person
from lms.db.tables.cohorts import counts_in
from lms.people.regions import Villager
from lms.quiz.queries import is_or_absorbed_by
from lms.web.dates import WIB

MOST = 3
ASKED_AFTER = timedelta(days=30)
PAGE = 20

_seat = aliased(Membership)
OWNER: ColumnElement[int] = func.coalesce(_seat.absorbed_by_id, _seat.id)
"""The membership that a plan's `_seat` counts for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan as it was written, and what came of it; `owner_id` is the membership it counts for."""

    id: int
    membership_id: int
    owner_id: int
    number: int
    occasion: str
    action: str
    due_on: date | None
    partner: str
    at: datetime
    done: str
    told: str

    @property
    def asked_on(self) -> date:
        """From when its person is asked what came of it."""
        return (self.at + ASKED_AFTER).astimezone(WIB).date()


def plans_of(members: Sequence[int]) -> dict[int, list[Plan]]:
    """Membership -> its plans, the own ones first, in one statement for all."""
    columns = [OWNER if name == "owner_id" else getattr(ActionPlan, name) for name in Plan.__slots__]
    rows = read(
        select(*columns)
        .join(_seat, _seat.id == ActionPlan.membership_id)
        .where(OWNER.in_(members))
        .order_by(ActionPlan.membership_id != OWNER, ActionPlan.membership_id, ActionPlan.number)
    )
    found: dict[int, list[Plan]] = {member: [] for member in members}
    for plan in (Plan(*row) for row in rows):
        found[plan.owner_id].append(plan)
    return found


def is_asked(plans: Sequence[Plan], today: date) -> bool:
    """Whether the person is asked by now what came of the plans."""
    return any(plan.asked_on <= today for plan in plans)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a cohort planned and what came of it, for its page and its report."""

    people: int
    plans: int
    done: int
    partly: int
    not_yet: int

    @property
    def unanswered(self) -> int:
        """Plans of which nothing was told yet."""
        return self.plans - self.done - self.partly - self.not_yet


def counted(cohort_id: int) -> Planned:
    """The plans of everybody who takes part."""
    told = (func.count(case((ActionPlan.done == word, 1))) for word in ("ya", "sebagian", "belum"))
    counts: list[Any] = [func.count(distinct(OWNER)), func.count(), *told]
    row = read(
        select(*counts)
        .select_from(ActionPlan)
        .join(_seat, _seat.id == ActionPlan.membership_id)
        .join(Membership, Membership.id == OWNER)
        .where(Membership.cohort_id == cohort_id, counts_in(Membership))
    ).one()
    return Planned(*row)


@dataclass(frozen=True, slots=True)
class Planner(Villager):
    """Somebody who wrote a plan."""

    membership_id: int
    person_id: int
    name: str
    region: str | None
    phone: str


def planners(cohort_id: int, page: int) -> list[Planner]:
    """A page of who wrote a plan, by name; not of who asked to be erased since."""
    wrote = exists().where(ActionPlan.membership_id == _seat.id, is_or_absorbed_by(_seat, Membership.id))
    found = (
        select(Membership.id, Person.id, Person.name, Person.region, Person.phone)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.cohort_id == cohort_id, counts_in(Membership), wrote, Person.erased_at.is_(None))
        .order_by(func.lower(Person.name), Membership.id)
    )
    rows = read(found.limit(PAGE).offset((page - 1) * PAGE)).all()
    return [Planner(*row) for row in rows]
