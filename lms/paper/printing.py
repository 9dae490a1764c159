"""Documents while a page is waited for: a short one here, one of many people in a child process; and their way out."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import IO, Any

import segno
from flask import Response, request
from werkzeug.wsgi import wrap_file

from lms.db.engine import not_while_writing
from lms.paper import typesetting
from lms.paper.child import run

SECONDS = 60
SHEET_MEGABYTES = 400
MIMETYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
# Of address space, most of which is never touched: every thread of the typesetter sets some aside.
MEGABYTES = 2_000


def pdf(template: str, data: dict[str, Any], timestamp: int) -> bytes:
    """A PDF of a few pages."""
    not_while_writing("typesetting")
    return typesetting.pdf(template, data, timestamp)


def png(template: str, data: dict[str, Any]) -> bytes:
    """A picture of one page."""
    not_while_writing("typesetting")
    return typesetting.png(template, data)


def long_pdf(template: str, data: dict[str, Any], timestamp: int) -> bytes:
    """A PDF of any length, made in a child process; raises ChildBusy, and ChildFailed where it takes too much."""
    payload = json.dumps({"template": template, "data": data, "timestamp": timestamp})
    return run("long_pdf", payload.encode(), seconds=SECONDS, megabytes=MEGABYTES)


def workbook(title: str, made: datetime, sheets: Sequence[Mapping[str, Any]]) -> bytes:
    """Sheets as `lms.paper.spreadsheet` describes them, made in a child process: ten thousand rows are more than a
    serving process should hold at once."""
    told = {"title": title, "made": made.replace(tzinfo=None), "sheets": sheets}
    payload = json.dumps(told, default=datetime.isoformat).encode()
    return run("workbook", payload, seconds=SECONDS, megabytes=SHEET_MEGABYTES)


def attachment(data: bytes | IO[bytes], name: str) -> Response:
    """The answer that a browser keeps as a file of this name; an open file is sent as it is read."""
    body = data if isinstance(data, bytes) else wrap_file(request.environ, data)
    response = Response(body, mimetype=MIMETYPES[name.rpartition(".")[2]], direct_passthrough=body is not data)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def qr_picture(text: str) -> Response:
    """The QR of a text, for a page."""
    svg = BytesIO()
    segno.make(text, error="m", micro=False).save(svg, kind="svg", omitsize=True, border=4, light="#fff")
    return Response(svg.getvalue(), mimetype="image/svg+xml")
