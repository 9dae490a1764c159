"""A list is written, and undone, some rows at a time: each step is one short write that does every row once."""

from lms.db.engine import writing
from lms.people.jobs import JobFacts, NotDoable, advance
from lms.roster import actions, queries
from lms.web.clock import now

A_TIME = 50
CLOSED = "Angkatan ini sudah ditutup, jadi pesertanya tidak diubah lagi."


def write_some(job: JobFacts) -> None:
    """The next rows become people."""
    with writing():
        cohort = _locked(job)
        found = queries.waiting(job.told["batch"], A_TIME)
        if advance(job, _next(job, len(found)), now()) and found:
            present = queries.as_of_now(found, cohort.cohort_id, job.by_id, job.told["batch"])
            actions.leave_out([line for line in found if line.id not in {each.id for each in present}])
            if present:
                actions.write_lines(cohort, present, job.by_id, now())


def undo_some(job: JobFacts) -> None:
    """The next people whom the list brought in, and who did nothing since, are out again."""
    with writing():
        cohort = _locked(job)
        found = queries.to_undo(job.told["batch"], cohort.cohort_id, A_TIME)
        if advance(job, _next(job, len(found)), now()) and found:
            actions.undo(found, now())


def _locked(job: JobFacts) -> queries.Target:
    """Return the cohort that the list goes to, when no other slice of work on it is under way."""
    queries.lock(job.told["batch"])
    found = queries.target(job.cohort_id or 0)
    if found is None:
        raise NotDoable(CLOSED)
    return found


def _next(job: JobFacts, count: int) -> int:
    """Return how far the work is after so many; at its end where nothing is left, even if fewer were done."""
    return job.total if count < A_TIME else min(job.position + count, job.total)
