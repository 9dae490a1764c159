"""Long work: what stands of a job, and the writes that begin, advance and end one. Nothing here commits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from lms.db.engine import db, read, writer
from lms.db.tables import Job
from lms.people.access import trained_by
from lms.people.actions import random_id


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


class NotDoable(Exception):
    """The work can't be done, now or later; the text says why and what to do, in Indonesian."""


def begin(kind: str, by_id: int, now: datetime, **columns: Any) -> str:
    """Return the id of new work, whose page is /kerja/<id>; `columns` are title, onward, total, told, cohort_id."""
    job = Job(id=random_id(), kind=kind, by_id=by_id, begun_at=now, outcome={}, **columns)
    db.session.add(job)
    db.session.flush()
    return job.id


def advance(job: JobFacts, to: int, now: datetime, outcome: Mapping[str, Any] | None = None) -> bool:
    """Note that the work stands at `to`; False when another request was faster: then nothing else may be written.

    Called first in the write that does the units, so that each is done once.
    """
    values: dict[str, Any] = {"position": to, "ended_at": now if to >= job.total else None}
    if outcome is not None:
        values["outcome"] = json.loads(json.dumps(outcome))
    moved = update(Job).where(Job.id == job.id, Job.position == job.position, Job.ended_at.is_(None))
    return writer().execute(moved.values(values)).rowcount == 1


def give_up(job: JobFacts, fault: str, now: datetime) -> None:
    """End it where it stands, with the reason that its page tells."""
    ended = update(Job).where(Job.id == job.id, Job.ended_at.is_(None))
    writer().execute(ended.values(fault=fault, ended_at=now))
