"""The first line of every view: the object that this person may see, or a stop with 404, 403 or the way to sign in."""

import re
from typing import NoReturn
from urllib.parse import quote

from flask import abort, redirect, request

from lms.content import queries as content
from lms.content.load import EditionView, edition_view
from lms.web.clock import today
from lms.web.errors import wants_json
from lms.web.viewer import Viewer, viewer

SLUG = re.compile(r"[a-z0-9-]{1,80}")


def signed_in() -> Viewer:
    """The viewer; a page sends nobody to sign in, a script gets 401."""
    found = viewer()
    if found is None:
        _ask_to_sign_in()
    return found


def admin() -> Viewer:
    """The viewer when they run the site; 403 for everybody else who is signed in."""
    found = signed_in()
    if not found.is_admin:
        abort(403)
    return found


def _ask_to_sign_in() -> NoReturn:
    if wants_json():
        abort(401)
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    abort(redirect(f"/masuk?ke={quote(back)}", 303))


def safe_return(target: str | None) -> str:
    """A path of this site to go back to; anything else becomes the front page."""
    if target and re.fullmatch(r"/(?![/\\])[^\x00-\x1f\x7f\\]{0,400}", target):
        return target
    return "/"


def edition_of(slug: str) -> tuple[content.CourseRef, EditionView]:
    """The course with the edition this person reads; 404 when there is none."""
    who = viewer()
    found = content.read_edition(slug, who.person_id if who else None, today()) if SLUG.fullmatch(slug) else None
    if found is None:
        abort(404)
    return found, edition_view(found.edition_id, slug)


def moved_to(edition: EditionView, identity: str) -> str:
    """The present name of a lesson that has another one now; 404 when there is no such lesson."""
    present = edition.present(identity)
    if present == identity or present not in edition.lessons:
        abort(404)
    return present


def my_enrolment(slug: str) -> tuple[content.CourseRef, EditionView, int]:
    """The course of somebody who is signed in and has joined it; who has not is shown the course."""
    signed_in()
    ref, edition = edition_of(slug)
    if ref.enrolment_id is None:
        abort(redirect(f"/belajar/{slug}", 303))
    return ref, edition, ref.enrolment_id
