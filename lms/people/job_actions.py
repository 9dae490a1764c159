"""Writes about long work. Nothing here commits."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update

from lms.db.engine import db, writer
from lms.db.tables import Job
from lms.people.actions import random_id
from lms.people.job_queries import JobFacts


class NotDoable(Exception):
    """The work can't be done, now or later; the text says why and what to do, in Indonesian."""


def begin(
    kind: str,
    by_id: int,
    now: datetime,
    *,
    title: str,
    onward: str,
    total: int,
    told: Mapping[str, Any],
    cohort_id: int | None = None,
    job_id: str = "",
) -> str:
    """The id of new work of `total` units, whose page is /kerja/<id>; the same `job_id` again begins nothing new."""
    job_id = job_id or random_id()
    if db.session.get(Job, job_id) is None:
        db.session.add(
            Job(
                id=job_id,
                kind=kind,
                cohort_id=cohort_id,
                by_id=by_id,
                title=title,
                onward=onward,
                total=total,
                told=dict(told),
                outcome={},
                begun_at=now,
            )
        )
        db.session.flush()
    return job_id


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
