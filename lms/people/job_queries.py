"""Reads about long work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from lms.db.engine import read
from lms.db.tables import Job
from lms.people.access import trained_by


@dataclass(frozen=True, slots=True)
class JobFacts:
    """A job as it stands: `position` of `total` units are done, then it leads on to the address `onward`."""

    id: str
    kind: str
    cohort_id: int | None
    by_id: int
    title: str
    onward: str
    position: int
    total: int
    told: Mapping[str, Any]
    outcome: Mapping[str, Any]
    fault: str
    ended_at: datetime | None


_COLUMNS = [getattr(Job, name) for name in JobFacts.__slots__]


def job_of(person_id: int, job_id: str) -> JobFacts | None:
    """The job that this person began; one for a cohort is theirs only as long as they train it."""
    theirs = or_(Job.cohort_id.is_(None), Job.cohort_id.in_(trained_by(person_id)))
    row = read(select(*_COLUMNS).where(Job.id == job_id, Job.by_id == person_id, theirs)).first()
    return JobFacts(*row) if row else None


def newest(cohort_id: int, kind: str, begun_by: int = 0) -> JobFacts | None:
    """The job of this kind that was done last for a cohort, by whichever of its trainers, or one that this person began
    since and that has not ended.
    """
    told = or_(and_(Job.ended_at.is_not(None), Job.fault == ""), and_(Job.ended_at.is_(None), Job.by_id == begun_by))
    jobs = select(*_COLUMNS).where(Job.cohort_id == cohort_id, Job.kind == kind, told)
    since = func.coalesce(Job.ended_at, Job.begun_at).desc()
    row = read(jobs.order_by(since, Job.ended_at.is_(None), Job.id).limit(1)).first()
    return JobFacts(*row) if row else None
