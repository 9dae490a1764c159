"""Facts of a membership beside its tests, as SQL: the share of meetings attended, and whether its survey was sent."""

from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, exists, false, func, null, select, true, type_coerce
from sqlalchemy.orm import aliased
from sqlalchemy.types import TypeDecorator

from lms.db.tables import Attendance, Meeting, Membership, Period, SurveyTicket, is_participant
from lms.db.words import PRESENT, STATES
from lms.quiz.queries import is_or_absorbed_by

_seat, _there, _noted = aliased(Membership), aliased(Membership), aliased(Attendance)
_SEATS = select(_seat.id).where(is_or_absorbed_by(_seat, Membership.id)).correlate(Membership)
OWN, WITH_ABSORBED = Attendance.membership_id == Membership.id, Attendance.membership_id.in_(_SEATS)
"""Rows noted of a membership of the statement alone; or of those it absorbed, too."""


def _is_newest(noted: Any) -> ColumnElement[bool]:
    """Whether nothing was noted of the same membership at the same meeting after this row."""
    newer = aliased(Attendance)
    same = newer.meeting_id == noted.meeting_id, newer.membership_id == noted.membership_id
    return ~exists().where(*same, newer.id > noted.id).correlate(noted)


IS_NEWEST = _is_newest(Attendance)


def newest(column: Any, whose: ColumnElement[bool] = WITH_ABSORBED) -> Any:
    """Return the row that counts among the notes on a membership at a meeting of the statement; null without any.

    The newest of a membership does; of several of the same person the best, since only one of them was in the hall.
    """
    rows = select(column).where(Attendance.meeting_id == Meeting.id, whose, IS_NEWEST)
    best = case({state: place for place, state in enumerate(STATES)}, value=Attendance.state)
    return rows.order_by(best, Attendance.id.desc()).limit(1).correlate(Meeting, Membership).scalar_subquery()


_HELD = exists().where(
    _noted.meeting_id == Meeting.id,
    _noted.state.in_(PRESENT),
    _there.id == _noted.membership_id,
    is_participant(_there),
    _is_newest(_noted),
)


class _Exact(TypeDecorator[Fraction]):
    """A fraction that the database writes as 200/3."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Any) -> Fraction | None:
        """Read it."""
        return None if value is None else Fraction(value)


def share(whose: ColumnElement[bool] = WITH_ABSORBED) -> ColumnElement[Fraction | None]:
    """Percent of the meetings held that a membership of the statement came to, late or not.

    A meeting was held when anybody was noted as present; one that was cancelled counts nowhere. 0 before the first,
    null in a cohort without meetings, which then asks for none.
    """
    came = func.sum(case((newest(Attendance.state, whose).in_(PRESENT), 100), else_=0))
    held = func.sum(case((_HELD, 1), else_=0))
    told = case((held == 0, "0"), else_=cast(came, String) + "/" + cast(held, String))
    meetings = select(case((func.count() > 0, told))).select_from(Meeting)
    own = Meeting.cohort_id == Membership.cohort_id, Meeting.cancelled_at.is_(None)
    return type_coerce(meetings.where(*own).correlate(Membership).scalar_subquery(), _Exact())


SHARE = share()
_survey = Period.cohort_id == Membership.cohort_id, Period.what == "survei", Period.closes_at.is_(None)
ASKS_SURVEY = exists().where(*_survey).correlate(Membership)
"""Whether the cohort of the statement's membership has a survey not yet closed: one that is over bars nobody."""
SURVEY_SENT = exists().where(SurveyTicket.membership_id.in_(_SEATS)).correlate(Membership)
SURVEY: ColumnElement[bool | None] = case((SURVEY_SENT, true()), (ASKS_SURVEY, false()), else_=null())
"""Whether a membership of the statement sent the survey; null where it can't any more, or there is none."""
