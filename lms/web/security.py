"""Headers, the form token and the origin check: what every answer carries and every write must bring."""

import gzip
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, abort, current_app, g, request
from flask.json.provider import DefaultJSONProvider
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from lms.web.errors import View

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
POLICY_HEADER = "Content-Security-Policy"
HEADERS = {
    POLICY_HEADER: POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "private, no-cache",
}
CAMERA_ALLOWED = ("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
"""For an answer that scans."""

TRANSPORT_SECURITY = ("Strict-Transport-Security", "max-age=15768000")  # Half a year.
WORTH_COMPRESSING = 600
READS = frozenset(("GET", "HEAD", "OPTIONS"))


csrf = CSRFProtect()
MEGABYTES_OF_FILES = 15
"""What a form with files may weigh: far more than any one of them may, so that its own view says what is too large, on
the form with what was typed."""
_takes_files: set[Callable[..., Any]] = set()


def takes_files(view: View) -> View:
    """Marks a view that is sent files; others take 2 MB."""
    _takes_files.add(view)
    return view


def guard_writes() -> None:
    """Before anything reads the body of a write: it comes from this site, and is small unless it holds files."""
    if request.method in READS:
        return
    refuse_other_sites()
    if request.mimetype == "multipart/form-data":
        view = current_app.view_functions.get(request.endpoint or "")
        request.max_content_length = MEGABYTES_OF_FILES * 2**20 if view in _takes_files else None


def refuse_other_sites() -> None:
    """A write from another site is refused even when it brings a token; old browsers say a Referer instead.

    Who sends neither is let in by the token alone: some browsers and proxies strip both.
    """
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    if origin is None:
        return
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        host = ""
    if host != request.host:
        abort(400)


class PatientJSON(DefaultJSONProvider):
    """JSON that is nested too deep to read is bad JSON, not a fault of ours."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Raises ValueError for whatever can't be read."""
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deep") from error


def init_security(app: Flask, *, is_https: bool) -> None:
    """Form tokens on the whole app, the origin check, headers and compression on every answer."""
    app.before_request(guard_writes)
    csrf.init_app(app)
    app.json = PatientJSON(app)
    app.after_request(compress)
    app.after_request(keep_nothing)
    fixed = [*HEADERS.items(), TRANSPORT_SECURITY] if is_https else [*HEADERS.items()]
    app.wsgi_app = FixedHeaders(app.wsgi_app, fixed)  # type: ignore[method-assign] # Flask documents this very assignment.


class FixedHeaders:
    """Puts the same headers on every answer, as it leaves: a page's response object would copy each of them twice."""

    def __init__(self, app: WSGIApplication, headers: list[tuple[str, str]]) -> None:
        self._app = app
        self._headers = headers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with the headers, but for those that the answer has of its own."""

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            own = {name for name, _ in headers}
            return start_response(
                status, headers + [header for header in self._headers if header[0] not in own], *error
            )

        return self._app(environ, start)


def keep_nothing(response: Response) -> Response:
    """A page with a card or data is never kept; others are asked for anew each time."""
    if "no_store" in g and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def show_nobody_else() -> None:
    """Called by a page that shows a card, a code or personal data: it is neither kept nor compressed."""
    g.no_store = True


def may_be_compressed() -> None:
    """Called by a page that nobody keeps but that holds nothing of a person, as an editor's preview."""
    g.compressible = True


def compress(response: Response) -> Response:
    """Text of some length goes out as gzip; a page with a secret in it does not."""
    if (
        "Content-Encoding" in response.headers
        or response.direct_passthrough
        or response.mimetype not in ("text/html", "application/json")
        or ("no_store" in g and "compressible" not in g)
    ):
        return response
    response.headers.add("Vary", "Accept-Encoding")
    body = response.get_data()
    if len(body) >= WORTH_COMPRESSING and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(gzip.compress(body, 4, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def safe_return(target: str | None) -> str:
    """The address of a page of this site to go back to; anything else becomes the front page."""
    if target and re.fullmatch(r"/(?![/\\])[^\x00-\x1f\x7f\\]{0,400}", target) and _is_page(target):
        return target
    return "/"


def _is_page(target: str) -> bool:
    """Whether a GET of this address reaches a route."""
    try:
        path = unquote(re.split(r"[?#]", target)[0], errors="strict")
        current_app.url_map.bind("").match(path, "GET")
    except (HTTPException, RoutingException, UnicodeDecodeError):
        return False
    return True
