"""An attempt of a member for their trainer: read it, answer what was written, open it again, accept what came late."""

from flask import Blueprint, abort, redirect, render_template, request
from markupsafe import Markup
from werkzeug import Response

from lms.cohort import member_actions as actions
from lms.cohort import member_queries as queries
from lms.cohort.member_place import MEMBER, Place, attempt_at, number_asked, page_asked, place_of
from lms.cohort.member_sheet import asked_in, lines_of, written_in
from lms.course.grading import score_of
from lms.course.load import edition_view
from lms.db.engine import writing
from lms.people.access import training
from lms.quiz import queries as attempts
from lms.quiz.exam_queries import standing_of
from lms.quiz.queries import AttemptFacts
from lms.web.clock import now
from lms.web.security import show_nobody_else

bp = Blueprint("members_attempts", __name__)

ATTEMPT = MEMBER + "/percobaan/<attempt_id>"
LONGEST_REPLY = 1_000
NO_REPLY = "Tulis jawaban Anda dulu, paling panjang 1.000 huruf."


@bp.get("/pelatih/<code>/catatan")
def notes(code: str) -> str:
    """What people of the cohort, or one of them, wrote and nobody answered yet."""
    trained, page, one = training(code), page_asked(), number_asked("anggota")
    show_nobody_else()
    found, more = queries.unanswered(trained, page, one or None)
    return render_template(
        "cohort/catatan.html",
        trained=trained,
        notes=[(note, *_about(note, trained.slug)) for note in found],
        page=page,
        more=more,
        one=one,
    )


def _about(note: queries.Note, slug: str) -> tuple[str, Markup | str]:
    """Where it was written, and what was asked."""
    edition = edition_view(note.edition_id, slug)
    return queries.title_of(edition, note.quiz), asked_in(edition, note.quiz, note.item)


@bp.get(ATTEMPT)
def attempt(code: str, membership_id: int, attempt_id: str) -> str:
    """Every answer as it was asked, with the key once it is graded."""
    place = place_of(code, membership_id)
    return _attempt_page(place, attempt_at(place, attempt_id))


def _attempt_page(place: Place, found: AttemptFacts, number: int = 0, typed: str = "") -> str:
    show_nobody_else()
    grading = attempts.newest_grading(found.id)
    return render_template(
        "cohort/percobaan.html",
        place=place,
        attempt=found,
        title=queries.title_of(found.edition, found.quiz),
        grading=grading,
        score=score_of(grading.right, grading.asked) if grading else None,
        lines=lines_of(found, grading.outcomes if grading else None),
        marks=attempts.marks(found.id),
        replies=attempts.replies(found.id),
        written=written_in(found) if found.submitted_at else set(),
        late=attempts.has_uncounted_answers(found.id),
        closed=is_closed(found) and found.submitted_at is None and grading is None,
        keys_shown=not found.is_test or standing_of(found.id).keys_shown,
        faulty=number,
        typed=typed,
        fault=NO_REPLY,
    )


def is_closed(found: AttemptFacts) -> bool:
    """Whether what comes in now counts as late."""
    return found.closes_at is not None and found.closes_at <= now()


@bp.post(ATTEMPT + "/catatan")
def reply(code: str, membership_id: int, attempt_id: str) -> Response | tuple[str, int]:
    """A short note on what somebody wrote, which they see with their result."""
    place = place_of(code, membership_id)
    found = attempt_at(place, attempt_id)
    number, text = request.form.get("nomor", type=int) or 0, request.form.get("teks", "").strip()
    if found.submitted_at is None or number not in written_in(found):
        abort(404)
    if not text or len(text) > LONGEST_REPLY or "\0" in text:
        return _attempt_page(place, found, number, text[:5_000]), 422
    with writing():
        actions.reply(place.member, found.id, number, text, place.by, now())
    if request.form.get("dari") == "catatan":
        return redirect(f"/pelatih/{code}/catatan", 303)
    return redirect(f"{place.address}/percobaan/{found.id}#soal-{number}", 303)


@bp.post(ATTEMPT + "/buka")
def reopen(code: str, membership_id: int, attempt_id: str) -> Response:
    """Let the member go on with what was closed before they sent it."""
    place = place_of(code, membership_id)
    found = attempt_at(place, attempt_id)
    with writing():
        actions.reopen(place.member, found.id, place.by, now())
    return redirect(f"{place.address}/percobaan/{found.id}", 303)


@bp.post(ATTEMPT + "/terima")
def accept_late(code: str, membership_id: int, attempt_id: str) -> Response:
    """Let the answers count that came after the attempt was sent or closed."""
    place = place_of(code, membership_id)
    found = attempt_at(place, attempt_id)
    questions = {} if found.is_form else attempts.questions_of(found)
    with writing():
        actions.accept_late(place.member, found, questions, place.by, now())
    return redirect(f"{place.address}/percobaan/{found.id}", 303)
