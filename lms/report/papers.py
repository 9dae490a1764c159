"""The papers of a bimtek: values put into their templates, and the files made of what came of it."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import current_app

from lms.cohort.queries import crew
from lms.course.queries import blobs
from lms.paper.child import run
from lms.paper.document import read
from lms.paper.printing import MEGABYTES, SECONDS, long_pdf
from lms.paper.typesetting import printable
from lms.people.access import CohortFacts
from lms.quiz.items import ENOUGH
from lms.report import queries
from lms.report.event_report import reckoned
from lms.report.figures import written
from lms.report.forms import AMOUNTS, BIODATA, FIELDS, GROUPS, amounts
from lms.report.texts import ReportedBimtek, drafts, officers
from lms.web.clock import now
from lms.web.dates import WIB, read_any_date

Told = dict[str, Any]
"""A paper as `lms.paper.document` reads it, with its `author`."""


def report(held: CohortFacts, figures: Mapping[str, Any], gathered_at: datetime) -> Told:
    """The report of these figures, with its people and texts as they are now, dated by the day of the figures."""
    event = queries.event(held)
    people = queries.people(held.cohort_id) | queries.crew(held.cohort_id)
    figures = {**figures, "nama_lembar": queries.names_on_sheets(held.cohort_id)}
    return _document(
        "laporan",
        event,
        figures=figures,
        told={**drafts(event, figures), **event.plan.report},
        said=written(held, now()),
        made=gathered_at.astimezone(WIB).date(),
        fewest=ENOUGH,
        **reckoned(event, figures, people),
    )


def letter_of(held: CohortFacts, name: str, typed: Mapping[str, str]) -> Told:
    """One of LETTERS, with its people as they are now and what was typed just now over what was kept."""
    event = queries.event(held)
    texts = {**event.plan.report, **typed}
    staff = officers(event, crew(held.cohort_id), texts)
    return _document(
        name,
        event,
        typed={key: texts.get(f"{name}-{key}", "") for key in FIELDS},
        day=read_any_date(texts.get(f"{name}-tanggal", "")),
        people=list(queries.people(held.cohort_id).values()),
        crew=staff,
        speakers=[each for each in staff if each.role == "narasumber"],
        amounts=amounts(texts),
    )


def _document(name: str, event: ReportedBimtek, **values: Any) -> Told:
    values |= {
        "event": event,
        "emblem": b64encode(blobs({event.emblem})[event.emblem]).decode() if event.emblem else "",
    }
    values |= {"AMOUNTS": AMOUNTS, "GROUPS": GROUPS, "BIODATA": BIODATA}
    return {**read(current_app.jinja_env.get_template(f"report/{name}.xml").render(values)), "author": event.organiser}


def as_file(told: Told, made_at: datetime, extension: str) -> bytes:
    """A paper as .docx or .pdf, made anew whenever it is asked for, so that no copy of it lies about."""
    if extension == "pdf":
        return long_pdf("report/naskah.typ", printable(told), int(made_at.timestamp()))
    payload = json.dumps({**told, "made": f"{made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"})
    return run("document", payload.encode(), seconds=SECONDS, megabytes=MEGABYTES)
