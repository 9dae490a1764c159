"""The page of long work: each POST works for at most two seconds, then says how far it is."""

import time
from collections.abc import Callable

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, render_template
from werkzeug import Response as Answer

from lms.db.engine import writing
from lms.people.access import mine
from lms.people.jobs import JobFacts, NotDoable, give_up, job_of
from lms.web.clock import now
from lms.web.errors import wants_json

bp = Blueprint("jobs", __name__)

SLICE_SECONDS = 2.0
Step = Callable[[JobFacts], None]
"""Does the next units of a job in one short write that begins with `actions.advance`; what is slow comes before it.

Raises NotDoable where no repetition would help."""


def my_job(job_id: str) -> JobFacts:
    """The job that the viewer began; 404 for any other."""
    who = mine()
    return job_of(who.person_id, job_id) or abort(404)


@bp.get("/kerja/<job_id>")
def progress(job_id: str) -> str | Answer:
    """Show how far the work is, with the button that goes on; finished work leads on."""
    job = my_job(job_id)
    if job.ended_at and not job.fault:
        return redirect(job.onward, 303)
    return render_template("people/kerja.html", job=job)


@bp.post("/kerja/<job_id>")
def work(job_id: str) -> Response | Answer:
    """Work for a moment. Two at once do each unit once."""
    job = my_job(job_id)
    step: Step = current_app.extensions["jobs"][job.kind]
    until = time.monotonic() + SLICE_SECONDS
    while job.ended_at is None and time.monotonic() < until:
        try:
            step(job)
        except NotDoable as fault:
            with writing():
                give_up(job, str(fault), now())
        job = my_job(job_id)
    if wants_json():
        return jsonify(posisi=job.position, dari=job.total, selesai=job.ended_at is not None)
    return redirect(f"/kerja/{job.id}", 303)
