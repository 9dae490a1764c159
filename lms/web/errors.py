"""The words for what can't be done: what happened, what is safe, what to do."""

import logging
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import Conflict, HTTPException

from lms.db.engine import Busy, end_reading

View = TypeVar("View", bound=Callable[..., Any])

log = logging.getLogger("lms")


@dataclass(frozen=True, slots=True)
class Message:
    """Title, explanation and the way on."""

    title: str
    text: str
    way: str = "/"
    label: str = "Ke halaman depan"


_WORDS = tomllib.loads((Path(__file__).parent / "galat.toml").read_text(encoding="utf-8"))
MESSAGES = {int(status): Message(*words) for status, words in _WORDS.items()}
CLOSED = Message(
    "Bimtek ini sudah ditutup",
    "Yang tercatat di dalamnya tidak diubah lagi. Bila ada yang keliru, pelatihnya dapat membukanya kembali.",
)
RETRY_SECONDS = 3


class Closed(Conflict):
    """A write into a bimtek that was closed."""


_script_routes: set[Callable[..., Any]] = set()


def script_route(view: View) -> View:
    """Marks a view that only scripts call: it answers in JSON, its refusals too, whatever was sent."""
    _script_routes.add(view)
    return view


def init_errors(app: Flask) -> None:
    """One page for every refusal; script routes get the same words as JSON."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Closed, lambda error: answer(409, message=CLOSED))
    app.register_error_handler(Busy, lambda error: answer(503))
    app.register_error_handler(OperationalError, _database_error)
    # PostgreSQL refuses a NUL in a text and a number too big for its column.
    app.register_error_handler(DataError, lambda error: answer(400))
    app.register_error_handler(500, _server_error)


def _http_error(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return make_response(error.get_response())
    code = error.code or 500
    return answer(code if code in MESSAGES else 400 if code < 500 else 500)


def _database_error(error: OperationalError) -> Response:
    log.error("database: %s", error.orig)
    _say_to_nobody()
    return answer(503)


def _server_error(_error: Exception) -> Response:
    _say_to_nobody()
    return answer(500)


def _say_to_nobody() -> None:
    """Let the rest of this answer be nobody's, for whose it is only a database that just failed could tell."""
    g.nobody = True


def answer(code: int, *, reason: str = "", message: Message | None = None) -> Response:
    """The page for a status, or JSON `{"error": reason or code, "text": …}` for a script."""
    end_reading()
    message = message or MESSAGES[code]
    if wants_json():
        response = jsonify(error=reason or code, text=f"{message.title}. {message.text}")
    else:
        response = make_response(render_template("error.html", message=message, code=code))
    response.status_code = code
    if code == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def wants_json() -> bool:
    """True for what the scripts of our pages send: they answer in JSON only."""
    view = current_app.view_functions.get(request.endpoint or "")
    return view in _script_routes or request.is_json or request.accept_mimetypes.best == "application/json"
