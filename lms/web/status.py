"""Liveness and readiness, for whoever watches the server."""

from flask import Blueprint, Response
from sqlalchemy import text

from lms.database import db

bp = Blueprint("status", __name__)


@bp.get("/sehat")
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/siap")
def ready() -> Response:
    """The database answers too; 503 otherwise, by the error pages."""
    db.session.execute(text("select 1 from course limit 1"))
    return Response("ok\n", mimetype="text/plain")
