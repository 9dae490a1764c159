"""Liveness and readiness, for whoever watches the server."""

from flask import Blueprint, Response
from sqlalchemy import select

from lms.db.engine import read
from lms.db.tables import Course

bp = Blueprint("status", __name__)


@bp.get("/sehat")
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/siap")
def ready() -> Response:
    """The database answers too; 503 otherwise, by the error pages."""
    read(select(Course.id).limit(1))
    return Response("ok\n", mimetype="text/plain")
