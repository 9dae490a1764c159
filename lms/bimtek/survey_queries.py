"""Reads about the survey of a cohort. Who sent it and what was said are never read together."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, select, true

from lms.bimtek.survey import FEWEST, Speaker, Summary, parts_for, summarise
from lms.db.engine import read
from lms.db.tables import Cohort, Meeting, Membership, Period, SurveyResponse, SurveyTicket
from lms.db.tables.cohorts import counts_in
from lms.quiz.queries import is_or_absorbed_by

WHAT = "survei"


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
        .join(Period, and_(Period.cohort_id == Cohort.id, Period.what == WHAT), isouter=True)
        .where(Cohort.id == cohort_id)
    ).one()
    return SurveyState(*row)


def has_sent(membership_id: int) -> bool:
    """Whether this member sent it, under whichever of two accounts."""
    mine = select(Membership.id).where(is_or_absorbed_by(Membership, membership_id))
    found = exists().where(SurveyTicket.membership_id.in_(mine))
    return read(select(true()).where(found)).first() is not None


def speakers(cohort_id: int) -> list[Speaker]:
    """Who spoke, in the order of the day; whose meetings were all cancelled did not."""
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
    """What the survey says, for the page, the report and every export; None until it is over."""
    if not state_of(cohort_id).is_over(now):
        return None
    answers = select(SurveyResponse.answers).where(SurveyResponse.cohort_id == cohort_id).order_by(SurveyResponse.id)
    return summarise(parts_for(speakers(cohort_id)), list(read(answers).scalars()))
