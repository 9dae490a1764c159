"""The report as a file: made anew whenever it is asked for, so that no copy of it lies about."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from lms.course.queries import blobs
from lms.paper.child import run
from lms.paper.document import Block
from lms.paper.printing import MEGABYTES, SECONDS, long_pdf
from lms.paper.typesetting import printable
from lms.people.access import CohortFacts
from lms.people.jobs import JobFacts
from lms.report import queries
from lms.report.event_report import report
from lms.report.figures import written
from lms.web.clock import now
from lms.web.dates import WIB


def file_of(held: CohortFacts, figures: Mapping[str, Any], gathered_at: datetime, extension: str) -> bytes:
    """The report of these figures, with its people and texts as they are now, dated by the day of the figures."""
    event, people = queries.event(held), queries.people(held.cohort_id) | queries.crew(held.cohort_id)
    day: date = gathered_at.astimezone(WIB).date()
    said, texts = written(held, now()), queries.texts_of(held.cohort_id)
    emblem = b64encode(blobs({event.emblem})[event.emblem]).decode() if event.emblem else ""
    figures = {**figures, "nama_lembar": queries.names_on_sheets(held.cohort_id)}
    blocks = report(event, figures, people, texts, day, said=said, emblem=emblem)
    return FORMS[extension](f"Laporan kegiatan {held.name}", event.organiser, gathered_at, blocks)


def _word(title: str, author: str, at: datetime, blocks: list[Block]) -> bytes:
    made = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    payload = json.dumps({"title": title, "author": author, "made": made, "blocks": blocks})
    return run("document", payload.encode(), seconds=SECONDS, megabytes=MEGABYTES)


def _pdf(title: str, author: str, at: datetime, blocks: list[Block]) -> bytes:
    data = printable({"title": title, "author": author, "blocks": blocks})
    return long_pdf("report/laporan.typ", data, int(at.timestamp()))


FORMS = {"docx": _word, "pdf": _pdf}
"""Extension of a file -> what writes it from title, author, moment and blocks."""


def try_out(held: CohortFacts, job: JobFacts, moment: datetime) -> None:
    """Typeset it once, so that work that is called done gives a file; raises what the typesetter raises."""
    file_of(held, job.outcome, moment, "pdf")
