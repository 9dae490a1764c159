"""Writes of the survey. Nothing here commits.

An answered survey is kept without person and time. It waits in a box, and whenever five wait, or the survey closes, all
of the cohort get new random ids and are written anew in their order, so that neither ids nor the places of rows in the
file tell which came when.
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from lms.bimtek import survey_queries as queries
from lms.bimtek.survey import FEWEST, Answers
from lms.db.engine import insert_for, insert_missing, writer
from lms.db.tables import Cohort, Period, SurveyResponse, SurveyTicket
from lms.people.actions import note


def send(cohort_id: int, membership_id: int, answers: Answers, now: datetime) -> bool:
    """Keep an answered survey, the first of this member; False when it may not be answered now."""
    _hold(cohort_id)
    if not queries.state_of(cohort_id).is_open(now):
        return False
    if queries.has_sent(membership_id):
        return True
    db = writer()
    db.execute(insert_missing(SurveyTicket, "membership_id"), {"membership_id": membership_id})
    row = {"id": _new_id(), "cohort_id": cohort_id, "boxed": True, "answers": dict(answers)}
    db.execute(insert(SurveyResponse), row)
    box = select(func.count()).where(SurveyResponse.cohort_id == cohort_id, SurveyResponse.boxed)
    if (db.scalar(box) or 0) >= FEWEST:
        mix(cohort_id)
    return True


def mix(cohort_id: int) -> None:
    """Take everything out of the box and write all of the cohort anew, in the order of new random ids."""
    db, mine = writer(), SurveyResponse.cohort_id == cohort_id
    held = db.scalars(select(SurveyResponse.answers).where(mine)).all()
    db.execute(delete(SurveyResponse).where(mine))
    rows = sorted(((_new_id(), answers) for answers in held), key=lambda row: row[0])
    if rows:
        values = [{"id": each, "cohort_id": cohort_id, "boxed": False, "answers": answers} for each, answers in rows]
        db.execute(insert(SurveyResponse), values)


def _new_id() -> str:
    return secrets.token_urlsafe(16)


def _hold(cohort_id: int) -> None:
    """Let one after the other decide about a cohort's survey, on databases that write at once."""
    writer().execute(select(Cohort.id).where(Cohort.id == cohort_id).with_for_update())


def open_survey(cohort_id: int, by: int, now: datetime) -> bool:
    """Let it be answered, also again while nothing was told of it; False where that is over."""
    _hold(cohort_id)
    state = queries.state_of(cohort_id)
    if state.closed_at is not None or (state.is_over(now) and not state.may_reopen):
        return False
    if not state.is_open(now):
        row = {"cohort_id": cohort_id, "what": queries.WHAT, "opens_at": now, "closes_at": None}
        again = insert_for(Period).values(row).on_conflict_do_update(index_elements=["cohort_id", "what"], set_=row)
        writer().execute(again)
        note(by, "survei dibuka", f"cohort:{cohort_id}", now)
    return True


def close_survey(cohort_id: int, by: int, now: datetime) -> bool:
    """Take no more answers, and let what may be told be read; False when it never opened or is over."""
    _hold(cohort_id)
    state = queries.state_of(cohort_id)
    if state.opens_at is None or state.is_over(now):
        return False
    mine = update(Period).where(Period.cohort_id == cohort_id, Period.what == queries.WHAT)
    writer().execute(mine.values(closes_at=now))
    mix(cohort_id)
    note(by, "survei ditutup", f"cohort:{cohort_id}", now)
    return True


CHANGES: dict[str, Callable[[int, int, datetime], bool]] = {"buka": open_survey, "tutup": close_survey}
"""What a trainer's button does."""
