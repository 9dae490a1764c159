"""The one place that knows every part."""

from collections.abc import Callable
from datetime import timedelta
from functools import reduce
from importlib import import_module
from importlib.util import find_spec
from operator import or_
from typing import Any

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

import lms.db.tables  # noqa: F401 The tables must be known before the first query.
from lms.authoring.desk_views import bp as authoring
from lms.authoring.editor_views import bp as authoring_editor
from lms.authoring.exchange_views import bp as exchange
from lms.authoring.publish_views import bp as publishing
from lms.bimtek.hall_views import bp as hall
from lms.bimtek.part_views import bp as part
from lms.bimtek.plan_views import bp as plans
from lms.bimtek.survey_views import bp as survey
from lms.bimtek.views import bp as events
from lms.boot.children import ENTRY_POINTS
from lms.certificate.cohort_views import KIND as ISSUING
from lms.certificate.cohort_views import bp as issuing
from lms.certificate.cohort_views import issue_some
from lms.certificate.crew_views import bp as crew_sheets
from lms.certificate.difference_views import bp as differences
from lms.certificate.exemption_views import bp as exemptions
from lms.certificate.office_views import bp as office
from lms.certificate.paper_views import bp as office_papers
from lms.certificate.queries import (
    certificates_of,
    numbers_of,
    own_sheet,
    sheet_in_force,
    sheets_in,
    waiting_ids,
)
from lms.certificate.record_views import bp as training_record
from lms.certificate.snapshot import number_line, state
from lms.certificate.views import bp as certificates
from lms.cohort.coverage_views import bp as coverage
from lms.cohort.desk_views import bp as desk
from lms.cohort.entry_views import bp as members_entry
from lms.cohort.member_views import bp as members
from lms.cohort.views import bp as cohorts
from lms.db.engine import init_database, not_while_writing
from lms.db.settings import ROOT, VERSION, Settings
from lms.learn.actions import finish_lesson
from lms.learn.inquiry_views import bp as inquiries
from lms.learn.queries import case_step, lesson_step, next_step, progress
from lms.learn.views import bp as learn
from lms.paper.child import init_children
from lms.people.access import init_access
from lms.people.card_views import bp as cards
from lms.people.double_views import bp as doubles
from lms.people.job_views import Step, init_jobs
from lms.people.job_views import bp as jobs
from lms.people.key_views import bp as keys
from lms.people.link_views import bp as links
from lms.people.mydata_views import bp as mydata
from lms.people.signatory import signs_as
from lms.people.staff_views import bp as admin
from lms.people.stale import init_stale_forms
from lms.people.viewer import init_viewer, viewer
from lms.people.views import bp as accounts
from lms.quiz.exam_desk_views import GRADING, grade_unsent
from lms.quiz.exam_desk_views import bp as exams_event
from lms.quiz.exam_views import bp as exams
from lms.quiz.ruling_views import bp as rulings
from lms.quiz.views import bp as quizzes
from lms.report.queries import KIND as REPORT
from lms.report.views import bp as reports
from lms.report.views import gather
from lms.roster.actions import blank_rows
from lms.roster.crew_views import bp as crew
from lms.roster.invitation_views import bp as invitation
from lms.roster.views import bp as roster
from lms.roster.work import undo_some, write_some
from lms.web.above import init_above
from lms.web.assets import init_assets
from lms.web.errors import init_errors
from lms.web.formatting import init_formatting
from lms.web.security import init_security
from lms.web.status import bp as status
from lms.web.textsize import bp as textsize
from lms.web.textsize import text_size

BLUEPRINTS = (
    accounts,
    admin,
    authoring,
    authoring_editor,
    cards,
    certificates,
    training_record,
    cohorts,
    coverage,
    crew,
    crew_sheets,
    desk,
    differences,
    doubles,
    events,
    exams,
    exams_event,
    exchange,
    exemptions,
    hall,
    inquiries,
    invitation,
    issuing,
    jobs,
    keys,
    learn,
    links,
    members,
    members_entry,
    mydata,
    office,
    office_papers,
    part,
    plans,
    publishing,
    quizzes,
    reports,
    roster,
    rulings,
    status,
    survey,
    textsize,
)

JOBS: dict[str, Step] = {
    GRADING: grade_unsent,
    "impor": write_some,
    "batal-impor": undo_some,
    REPORT: gather,
    ISSUING: issue_some,
}
"""Kind of long work -> the function that does its next units."""


ABOVE: dict[str, Callable[..., Any]] = {
    "blank_rows": blank_rows,
    "case_step": case_step,
    "certificate_state": state,
    "certificates_of": certificates_of,
    "finish_lesson": finish_lesson,
    "lesson_step": lesson_step,
    "next_step": next_step,
    "numbers_of": numbers_of,
    "own_sheet": own_sheet,
    "progress": progress,
    "sheet_in_force": sheet_in_force,
    "sheets_in": sheets_in,
    "waiting_ids": waiting_ids,
}
"""What rooms ask of rooms above them -> the function that answers."""

REMOVABLE = ("esign",)
"""Rooms that may be taken away whole: each says in its `room.py` what it gives to the site."""


def create_app(settings: Settings) -> Flask:
    """The whole site over these settings; creates and changes nothing by itself."""
    app = Flask("lms", template_folder=str(ROOT / "templates"), static_folder=None)
    secure = settings.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        CARD_KEY=settings.card_key,
        CARD_LIFE=timedelta(days=settings.card_days),
        SIGNING_KEY=settings.signing_key,
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
    """Bring in every page and table, and those of the removable rooms that are there."""
    there = [name for name in REMOVABLE if find_spec(f"lms.{name}")]
    rooms = [import_module(f"lms.{name}.room") for name in there]
    for blueprint in (*BLUEPRINTS, *(each for room in rooms for each in room.BLUEPRINTS)):
        app.register_blueprint(blueprint)
    init_children(app, reduce(or_, (room.ENTRY_POINTS for room in rooms), ENTRY_POINTS))
    init_above(app, reduce(or_, (room.ABOVE for room in rooms), ABOVE))
    init_jobs(app, reduce(or_, (room.JOBS for room in rooms), JOBS))
    app.jinja_env.globals["rooms"] = there


def _init_templates(app: Flask) -> None:
    app.jinja_env.globals.update(site_version=VERSION, number_line=number_line, signs_as=signs_as)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def common() -> dict[str, object]:
        not_while_writing("template")
        return {"viewer": viewer(), "text_size": text_size(), "here": request.full_path.rstrip("?")}
