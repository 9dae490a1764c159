"""Reads about a bimtek: its plan and meetings, who came, its survey and the action plans.

Who sent the survey and what was said are never read together. A plan written under another account of the same person
is theirs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, distinct, exists, func, select
from sqlalchemy.orm import aliased

from lms.bimtek.attendance import AFTER, EARLY, MeetingFacts
from lms.bimtek.survey import FEWEST, Speaker, Summary, parts_for, summarise
from lms.db.engine import read
from lms.db.tables.cohorts import ActionPlan, Attendance, Cohort, Meeting, Membership, Period, SurveyResponse, counts_in
from lms.db.tables.people import Person
from lms.db.words import PRESENT
from lms.people.names import with_titles
from lms.people.regions import Villager
from lms.quiz.presence import SHARE, SURVEY, SURVEY_SENT, _there, newest
from lms.quiz.queries import is_or_absorbed_by
from lms.web.dates import WIB

Details = Row[*tuple[Any, ...]]
"""What a cohort is besides its name, days and place: its columns, and how many `joined`."""

_JOINED = (
    select(func.count())
    .select_from(_there)
    .where(_there.cohort_id == Cohort.id, counts_in(_there))
    .correlate(Cohort)
    .scalar_subquery()
    .label("joined")
)


def details(cohort_id: int) -> Details:
    """The plan of a bimtek, with how many take part."""
    return read(select(Cohort, _JOINED).where(Cohort.id == cohort_id)).one()


_MEETING = [getattr(Meeting, name) for name in MeetingFacts.__slots__]


def meetings(cohort_id: int) -> list[MeetingFacts]:
    """All of them in the order of the day, cancelled ones too."""
    found = select(*_MEETING).where(Meeting.cohort_id == cohort_id)
    return [MeetingFacts(*row) for row in read(found.order_by(Meeting.starts_at, Meeting.id))]


def meeting_of(cohort_id: int, meeting_id: int) -> MeetingFacts | None:
    """One meeting of this cohort."""
    return next((each for each in meetings(cohort_id) if each.id == meeting_id), None)


def unnoted(cohort_id: int) -> set[int]:
    """The meetings at which nobody was noted, without cancelled ones."""
    held = Meeting.cohort_id == cohort_id, Meeting.cancelled_at.is_(None)
    noted = exists().where(Attendance.meeting_id == Meeting.id)
    return set(read(select(Meeting.id).where(*held, ~noted)).scalars())


def on_now(moment: datetime) -> list[int]:
    """The meetings at which somebody may say now that they are there, in whichever cohort."""
    now = Meeting.starts_at <= moment + EARLY, Meeting.ends_at >= moment - AFTER, Meeting.cancelled_at.is_(None)
    found = select(Meeting.id).join(Cohort, Cohort.id == Meeting.cohort_id)
    return list(read(found.where(*now, Cohort.closed_at.is_(None))).scalars())


_IS_IN = Membership.role == "peserta", Membership.left_at.is_(None)


def place_of(meeting_id: int, person_id: int | None) -> tuple[MeetingFacts, Row[*tuple[Any, ...]]] | None:
    """The meeting, and (…, code, name, closed_at, membership_id, state) of the bimtek it is part of and of the person's
    part and state in it when they are a participant."""
    part = and_(Membership.cohort_id == Cohort.id, Membership.person_id == person_id, *_IS_IN)
    mine = Membership.id.label("membership_id"), newest(Attendance.state).label("state")
    row = read(
        select(*_MEETING, Cohort.code, Cohort.name, Cohort.closed_at, *mine)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .join(Membership, part, isouter=True)
        .where(Meeting.id == meeting_id)
    ).first()
    return (MeetingFacts(*row[: len(_MEETING)]), row) if row else None


def present(meeting: MeetingFacts) -> int:
    """How many participants are noted as there."""
    there = _roster(meeting.cohort_id, meeting.id, func.count()).where(newest(Attendance.state).in_(PRESENT))
    return int(read(there).scalar_one())


@dataclass(frozen=True, slots=True)
class Attendee(Villager):
    """A participant at a meeting; `state` is "" while nothing was noted."""

    membership_id: int
    name: str
    region: str | None
    sex: str
    position: str
    phone: str
    state: str
    reason: str
    title_before: str = ""
    title_after: str = ""

    @property
    def titled(self) -> str:
        """The name as it is printed."""
        return with_titles(self.title_before, self.name, self.title_after)


def _roster(cohort_id: int, meeting_id: int | None, *columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(Meeting, Meeting.id == meeting_id, isouter=True)
        .where(Membership.cohort_id == cohort_id, counts_in(Membership))
    )


def roster(cohort_id: int, meeting_id: int | None = None) -> list[Attendee]:
    """Everybody who takes part, by name, and how they were noted at a meeting."""
    person = Membership.id, Person.name, Person.region, Person.sex, Person.position, Person.phone
    noted = func.coalesce(newest(Attendance.state), ""), func.coalesce(newest(Attendance.reason), "")
    titles = Person.title_before, Person.title_after
    rows = _roster(cohort_id, meeting_id, *person, *noted, *titles).order_by(func.lower(Person.name), Membership.id)
    return [Attendee(*row) for row in read(rows)]


def holders(cohort_id: int, hashes: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Hash of a card -> (membership, name) of its holder, for those who take part in the cohort.

    A card of somebody who was found to be another is that other's.
    """
    card = aliased(Person)
    rows = read(
        select(card.card_hash, Membership.id, Person.name)
        .join(Person, Person.id == func.coalesce(card.merged_into_id, card.id))
        .join(Membership, Membership.person_id == Person.id)
        .where(card.card_hash.in_(list(hashes)), Membership.cohort_id == cohort_id, *_IS_IN)
    )
    return {row[0] or "": (row[1], row[2]) for row in rows}


def states_of(membership_id: int) -> dict[int, str]:
    """Meeting -> how somebody was noted there."""
    rows = select(Meeting.id, newest(Attendance.state)).select_from(Membership)
    rows = rows.join(Meeting, Meeting.cohort_id == Membership.cohort_id).where(Membership.id == membership_id)
    return {meeting: state for meeting, state in read(rows) if state}


def share_of(membership_id: int) -> tuple[Fraction | None, bool | None]:
    """(percent attended, survey sent) of one membership, None for what its cohort does not have."""
    row = read(select(SHARE, SURVEY).where(Membership.id == membership_id)).one()
    return row[0], None if row[1] is None else bool(row[1])


@dataclass(frozen=True, slots=True)
class Roll:
    """The notes on everybody at the meetings not cancelled, and the percent of those held that each came to."""

    meetings: tuple[int, ...]
    states: Mapping[int, Sequence[str]]
    shares: Mapping[int, Fraction | None]


def roll(cohort_id: int, also: Sequence[int] = ()) -> Roll:
    """Return the note that counts for everybody, also under another account of theirs; "" where there is none.

    `also`: memberships that are read too, though they take part no more.
    """
    wanted = takes_part(cohort_id) | (Membership.id.in_(also) & (Membership.cohort_id == cohort_id))
    rows = read(
        select(Meeting.id, Membership.id, newest(Attendance.state))
        .select_from(Membership)
        .join(Meeting, Meeting.cohort_id == Membership.cohort_id)
        .where(wanted)
    )
    noted = {(meeting, member): state or "" for meeting, member, state in rows}
    planned = tuple(each.id for each in meetings(cohort_id) if each.cancelled_at is None)
    shares = {row[0]: row[1] for row in read(select(Membership.id, SHARE).where(wanted))}
    states = {member: [noted.get((meeting, member), "") for meeting in planned] for member in shares}
    return Roll(planned, states, shares)


def takes_part(cohort_id: int) -> Any:
    """The memberships of a cohort that count."""
    return (Membership.cohort_id == cohort_id) & counts_in(Membership)


SURVEY_PERIOD = "survei"


@dataclass(frozen=True, slots=True)
class SurveyState:
    """How far the survey of a cohort is: how many sent it, of how many participants."""

    opens_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    sent: int
    of: int

    def is_over(self, now: datetime) -> bool:
        """It was closed: what may be told is read from now on, and only then.

        Read again after each answer, two means would tell what the answer between them was. A closed cohort takes no
        answers, but may be opened again; so its survey is over only when it was closed itself.
        """
        return self.closes_at is not None and self.closes_at <= now

    def is_open(self, now: datetime) -> bool:
        """It may be answered."""
        begun = self.opens_at is not None and self.opens_at <= now
        return begun and not self.is_over(now) and self.closed_at is None

    @property
    def may_reopen(self) -> bool:
        """Nothing was told yet, so nothing can be reckoned from what is told later."""
        return self.sent < FEWEST and self.closed_at is None


def state_of(cohort_id: int) -> SurveyState:
    """The state of a cohort's survey."""
    sent = select(func.count()).where(SurveyResponse.cohort_id == Cohort.id).scalar_subquery()
    part = and_(Membership.cohort_id == Cohort.id, counts_in(Membership))
    people = select(func.count()).select_from(Membership).where(part).scalar_subquery()
    row = read(
        select(Period.opens_at, Period.closes_at, Cohort.closed_at, sent, people)
        .select_from(Cohort)
        .join(Period, and_(Period.cohort_id == Cohort.id, Period.what == SURVEY_PERIOD), isouter=True)
        .where(Cohort.id == cohort_id)
    ).one()
    return SurveyState(*row)


def has_sent(membership_id: int) -> bool:
    """Whether this member sent it, under whichever of two accounts."""
    return read(select(Membership.id).where(Membership.id == membership_id, SURVEY_SENT)).first() is not None


def speakers(cohort_id: int) -> list[Speaker]:
    """Return the speakers in the order of the day; without those whose meetings were all cancelled."""
    rows = read(
        select(Meeting.id, Meeting.speaker, Meeting.subject, Meeting.cancelled_at)
        .where(Meeting.cohort_id == cohort_id, Meeting.speaker != "")
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    named: dict[str, list[int]] = {}
    subjects: dict[str, list[str]] = {}
    for meeting_id, name, subject, cancelled_at in rows:
        named.setdefault(name, []).append(meeting_id)
        if cancelled_at is None:
            subjects.setdefault(name, []).append(subject)
    return [Speaker(min(named[name]), name, tuple(found)) for name, found in subjects.items()]


def summary(cohort_id: int, now: datetime) -> Summary | None:
    """Return the figures of the survey, for the page, the report and every export; None until it is over."""
    if not state_of(cohort_id).is_over(now):
        return None
    answers = select(SurveyResponse.answers).where(SurveyResponse.cohort_id == cohort_id).order_by(SurveyResponse.id)
    return summarise(parts_for(speakers(cohort_id)), list(read(answers).scalars()))


MOST_PLANS = 3
ASKED_AFTER = timedelta(days=30)
PLANNERS_A_PAGE = 20

_plan_seat = aliased(Membership)
OWNER: ColumnElement[int] = func.coalesce(_plan_seat.absorbed_by_id, _plan_seat.id)
"""The membership that a plan's `_plan_seat` counts for."""


WrittenPlan = Row[*tuple[Any, ...]]
"""The columns of an ActionPlan, and `owner_id`, the membership it counts for."""


def plans_of(members: Sequence[int]) -> dict[int, list[WrittenPlan]]:
    """Membership -> its plans, the own ones first, in one statement for all."""
    rows = read(
        select(ActionPlan, OWNER.label("owner_id"))
        .join(_plan_seat, _plan_seat.id == ActionPlan.membership_id)
        .where(OWNER.in_(members))
        .order_by(ActionPlan.membership_id != OWNER, ActionPlan.membership_id, ActionPlan.number)
    )
    found: dict[int, list[WrittenPlan]] = {member: [] for member in members}
    for plan in rows:
        found[plan.owner_id].append(plan)
    return found


def asked_on(plan: WrittenPlan) -> date:
    """From when the person of a plan is asked what came of it."""
    day: date = (plan.at + ASKED_AFTER).astimezone(WIB).date()
    return day


def is_asked(plans: Sequence[WrittenPlan], today: date) -> bool:
    """Whether the person is asked by now what came of the plans."""
    return any(asked_on(plan) <= today for plan in plans)


def counted(cohort_id: int) -> Row[int, int, int, int, int, int]:
    """Count everybody who takes part: (people, plans, done, partly, not_yet, unanswered)."""
    words = {"done": "ya", "partly": "sebagian", "not_yet": "belum", "unanswered": ""}
    told = (func.count(case((ActionPlan.done == word, 1))).label(name) for name, word in words.items())
    counts: list[Any] = [func.count(distinct(OWNER)).label("people"), func.count().label("plans"), *told]
    return read(
        select(*counts)
        .select_from(ActionPlan)
        .join(_plan_seat, _plan_seat.id == ActionPlan.membership_id)
        .join(Membership, Membership.id == OWNER)
        .where(Membership.cohort_id == cohort_id, counts_in(Membership))
    ).one()


Planner = Row[int, int, str, str | None, str]
"""(membership_id, person_id, name, region, phone) of somebody who wrote a plan."""


def planners(cohort_id: int, page: int) -> Sequence[Planner]:
    """A page of who wrote a plan, by name; not of who asked to be erased since."""
    wrote = exists().where(ActionPlan.membership_id == _plan_seat.id, is_or_absorbed_by(_plan_seat, Membership.id))
    found = (
        select(Membership.id.label("membership_id"), Membership.person_id, Person.name, Person.region, Person.phone)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.cohort_id == cohort_id, counts_in(Membership), wrote, Person.erased_at.is_(None))
        .order_by(func.lower(Person.name), Membership.id)
    )
    return read(found.limit(PLANNERS_A_PAGE).offset((page - 1) * PLANNERS_A_PAGE)).all()
