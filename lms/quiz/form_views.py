"""A case of a form from its first page to its result: one plain form, saved field by field where scripts run."""

import secrets

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.course.form import Case, Form
from lms.course.grading import score_of
from lms.course.load import EditionView, filled, form_of, rendered_story
from lms.db.engine import made_once, writing
from lms.people.access import edition_of, moved_to, my_enrolment, signed_in
from lms.people.queries import selfstudy_code
from lms.quiz import actions, queries
from lms.quiz.forms import BadAnswers, read_sheet
from lms.quiz.sheet import asked_parts, attempt_names, example_parts, told
from lms.web.above import above
from lms.web.clock import now

bp = Blueprint("forms", __name__)


def _case(edition: EditionView, slug: str, identity: str) -> tuple[Form, Case]:
    """Form and case of an edition; 404 when there is no such thing."""
    form = form_of(edition, identity)
    case = form.case(slug) if form else None
    if form is None or case is None:
        abort(404)
    return form, case


def my_filling(attempt_id: str) -> queries.AttemptFacts:
    """The viewer's own attempt at a case; 404 for everybody else's, for none and for a quiz."""
    who = signed_in()
    found = queries.attempt_of(who.person_id, attempt_id)
    if found is None or not found.is_form:
        abort(404)
    return found


@bp.get("/contoh/<slug>/<case_slug>/<path:identity>")
def example(slug: str, case_slug: str, identity: str) -> str | Response:
    """A case that is filled in, with the reason of every field: open to everybody, like a lesson."""
    ref, edition = edition_of(slug)
    if identity not in edition.lessons:
        return redirect(f"/contoh/{slug}/{case_slug}/{moved_to(edition, identity)}", 302)
    form, case = _case(edition, case_slug, identity)
    if case.stage != "contoh":
        abort(404)
    person = above("progress", ref, edition)
    return render_template(
        "quiz/contoh.html",
        edition=edition,
        form=form,
        case=case,
        story=filled(edition, rendered_story(edition, case.story).body),
        parts=example_parts(edition, form, case),
        step=above("case_step", edition, form, person, with_example=False)
        or above("next_step", edition, person, after=form.path),
        joined=person.joined,
        join_code=None if person.joined else selfstudy_code(ref.id),
    )


@bp.get("/mulai-formulir/<slug>/<case_slug>/<path:identity>")
def start(slug: str, case_slug: str, identity: str) -> str | Response:
    """What the case asks, and what one did in it before."""
    _, edition, enrolment_id = my_enrolment(slug)
    if identity not in edition.lessons:
        return redirect(f"/mulai-formulir/{slug}/{case_slug}/{moved_to(edition, identity)}", 302)
    form, case = _case(edition, case_slug, identity)
    if case.stage == "contoh":
        abort(404)
    past = queries.history(enrolment_id, attempt_names(edition, form, case))
    return render_template(
        "quiz/formulir_mulai.html",
        edition=edition,
        form=form,
        case=case,
        asked=len(form.asked(case)),
        past=past,
        open=next((attempt for attempt in past if attempt.submitted_at is None), None),
    )


@bp.post("/mulai-formulir/<slug>/<case_slug>/<path:identity>")
def open_case(slug: str, case_slug: str, identity: str) -> Response:
    """Open the attempt with the ordinal the page named; pressed twice it is one attempt."""
    _, edition, enrolment_id = my_enrolment(slug)
    form, case = _case(edition, case_slug, edition.present(identity))
    if case.stage == "contoh":
        abort(404)
    ordinal = request.form.get("ke", type=int) or 0
    if ordinal < 1:
        return redirect(f"/mulai-formulir/{slug}/{case_slug}/{form.path}", 303)
    names, sheet = attempt_names(edition, form, case), form.sheet(case)
    attempt_id = made_once(lambda: actions.open_attempt(enrolment_id, edition.id, names, ordinal, sheet, now()))
    return redirect(f"/formulir/{attempt_id}", 303)


@bp.get("/formulir/<filling_id>")
@bp.get("/formulir/<filling_id>/periksa")
def fill(filling_id: str) -> str | Response:
    """The form to fill in, its story beside it; nothing in it tells what is expected. “periksa” says on top and at each
    field what keeps it from being sent."""
    found = my_filling(filling_id)
    if found.submitted_at is not None:
        return redirect(f"{found.address}/hasil", 303)
    form, case = queries.case_of(found)
    saved = queries.saved_answers(found.id)
    return render_template(
        "quiz/isi.html",
        attempt=found,
        form=form,
        case=case,
        story=filled(found.edition, rendered_story(found.edition, case.story).body),
        parts=asked_parts(found, saved, with_faults=request.path.endswith("/periksa")),
        # Late answers don't count, but a new one must still come after them.
        counter=max((entry.counter for entry in queries.saved_answers(found.id, late=True)), default=0),
        form_id=secrets.token_urlsafe(16),
    )


@bp.post("/formulir/<filling_id>")
def send_form(filling_id: str) -> Response:
    """The plain form: “simpan” keeps, “kirim” submits unless something keeps it back; nothing typed is lost."""
    found = my_filling(filling_id)
    wants_submit = request.form.get("aksi") == "kirim"
    try:
        held = queries.saved_answers(found.id, late=True)
        entries = read_sheet(request.form, found.sheet, queries.askable(found), held)
        with writing():
            actions.save_answers(found.id, entries, now())
            held_back = wants_submit and bool(queries.faults(found))
            if wants_submit and not held_back:
                actions.submit(found, (), {}, now())
    except BadAnswers:
        abort(400)
    except actions.TooManyAnswers:
        abort(429)
    return redirect(f"{found.address}/periksa" if held_back else found.address, 303)


@bp.get("/formulir/<filling_id>/hasil")
def result(filling_id: str) -> str | Response:
    """Receipt, score, what failed the whole, and for each field what was answered, expected, and why."""
    found = my_filling(filling_id)
    grading = queries.newest_grading(found.id)
    if grading is None:
        return redirect(found.address, 303)
    ref, edition = edition_of(found.slug)
    form, case = queries.case_of(found)
    person, path = above("progress", ref, edition), edition.present(found.lesson)
    present = form_of(edition, path)
    return render_template(
        "quiz/formulir_hasil.html",
        attempt=found,
        form=form,
        case=case,
        grading=grading,
        score=score_of(grading.right, grading.asked),
        told=told(found, queries.saved_answers(found.id)),
        late=queries.has_uncounted_answers(found.id),
        marks=queries.marks(found.id),
        replies={found.sheet.items[number - 1].hash: each for number, each in queries.replies(found.id).items()},
        story=filled(found.edition, rendered_story(found.edition, case.story).body),
        another=above("case_step", edition, present, person) if present else None,
        step=above("next_step", edition, person, after=path),
    )
