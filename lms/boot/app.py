"""The one place that knows every part."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import quote

from flask import Flask, redirect, request
from werkzeug import Response
from werkzeug.middleware.proxy_fix import ProxyFix

import lms.db.tables  # noqa: F401 The tables must be known before the first query.
from lms.authoring.room import ROOM as AUTHORING
from lms.bimtek.room import ROOM as BIMTEK
from lms.certificate.room import ROOM as CERTIFICATE
from lms.certificate.snapshot import number_line
from lms.cohort.room import ROOM as COHORT
from lms.db.engine import init_database, not_while_writing
from lms.db.settings import ROOT, VERSION, Settings
from lms.learn.room import ROOM as LEARN
from lms.paper.child import init_children
from lms.people.access import init_access
from lms.people.room import ROOM as PEOPLE
from lms.people.signatory import signs_as
from lms.people.stale import init_stale_forms
from lms.people.viewer import init_viewer, viewer
from lms.quiz.room import ROOM as QUIZ
from lms.report.room import ROOM as REPORT
from lms.roster.room import ROOM as ROSTER
from lms.web import status, textsize
from lms.web.above import RoomParts
from lms.web.assets import init_assets
from lms.web.errors import init_errors
from lms.web.formatting import init_formatting
from lms.web.security import init_security

GROUND = RoomParts(
    (status.bp, textsize.bp),
    children={
        "bound": "lms.paper.binding:bound",
        "document": "lms.paper.word:document",
        "for_lesson": "lms.course.redraw:for_lesson",
        "long_pdf": "lms.paper.typesetting:long_pdf",
        "pdf_files": "lms.paper.typesetting:pdf_files",
        "workbook": "lms.paper.spreadsheet:workbook",
    },
)
"""What the rooms that know no person give."""

REMOVABLE = ("esign",)
"""Rooms that may be taken away whole."""

THERE = [name for name in REMOVABLE if find_spec(f"lms.{name}")]
ROOMS: list[RoomParts] = [
    *(AUTHORING, BIMTEK, CERTIFICATE, COHORT, GROUND, LEARN, PEOPLE, QUIZ, REPORT, ROSTER),
    *(import_module(f"lms.{name}.room").ROOM for name in THERE),
]


def create_app(settings: Settings) -> Flask:
    """The whole site over these settings; creates and changes nothing by itself."""
    app = Flask("lms", template_folder=str(ROOT / "templates"), static_folder=None)
    secure = settings.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        CARD_KEY=settings.card_key,
        CARD_LIFE=timedelta(days=settings.card_days),
        SIGNING_KEY=settings.signing_key,
        DATA=settings.data,
        PUBLIC_URL=settings.public_url,
        IS_HTTPS=settings.is_https,
        MAX_CONTENT_LENGTH=2 * 2**20,
        MAX_FORM_MEMORY_SIZE=2**20,
        MAX_FORM_PARTS=2_000,
        PERMANENT_SESSION_LIFETIME=timedelta(days=90),
        SESSION_COOKIE_NAME="sinau",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=secure,
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # Its own look at the Referer fails on a broken one; check_origin looks instead.
    )
    if settings.trusted_proxy:
        hops = settings.trusted_proxy
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
        app.wsgi_app = proxied  # type: ignore[method-assign] # Flask documents this very assignment.
    init_database(app, settings.sqlalchemy_url, settings.threads)
    init_access(app)
    init_viewer(app)
    init_security(app, is_https=secure)
    init_errors(app)
    init_stale_forms(app)
    init_assets(app, ROOT / "static")
    init_formatting(app)
    _init_templates(app)
    _init_rooms(app)
    return app


def _init_rooms(app: Flask) -> None:
    """Bring in every page of the rooms that are there, and the tables of what they answer and do."""
    for page in (page for room in ROOMS for page in room.pages):
        app.register_blueprint(page)
    for rule, place in (moved for room in ROOMS for moved in room.moved.items()):
        app.add_url_rule(rule, f"moved {rule}", _leads_on_to(place))
    app.extensions["above"] = {name: answer for room in ROOMS for name, answer in room.above.items()}
    app.extensions["jobs"] = {kind: step for room in ROOMS for kind, step in room.jobs.items()}
    init_children(app, {work: place for room in ROOMS for work, place in room.children.items()})
    app.jinja_env.globals["rooms"] = THERE


def _leads_on_to(place: str) -> Callable[..., Response]:
    """Make the answer of a page that is no more, asked as it was; whoever may not see the new one is told so there."""

    def lead_on(**values: str | int) -> Response:
        found, mark, part = place.format(**{name: quote(str(value)) for name, value in values.items()}).partition("#")
        if asked := request.query_string.decode("ascii", "ignore"):
            found += ("&" if "?" in found else "?") + asked
        return redirect(found + mark + part, 301)

    return lead_on


def _init_templates(app: Flask) -> None:
    app.jinja_env.globals.update(site_version=VERSION, number_line=number_line, signs_as=signs_as)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def common() -> dict[str, object]:
        not_while_writing("template")
        return {"viewer": viewer(), "text_size": textsize.text_size(), "here": request.full_path.rstrip("?")}
