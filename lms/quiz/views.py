"""A quiz or a case of a form from its first page to its result: one plain form, saved tap by tap where scripts run."""

from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from flask_wtf.csrf import generate_csrf
from werkzeug import Response

from lms.course.drawing import Sheet
from lms.course.form import Case, Form
from lms.course.grading import score_of
from lms.course.load import EditionView, form_of, rendered_lesson
from lms.db.engine import made_once, writing
from lms.people.access import edition_of, my_enrolment, send_on, signed_in
from lms.people.office import turn_to
from lms.people.queries import selfstudy_code
from lms.people.viewer import viewer
from lms.quiz import actions, queries
from lms.quiz.forms import BadAnswers, read_entries, read_sheet
from lms.quiz.sheet import answer_in_words, example_parts, filling, judged_questions, story_of, told
from lms.web.above import above
from lms.web.clock import now
from lms.web.errors import answer, script_route

bp = Blueprint("quizzes", __name__)


def my_attempt(attempt_id: str) -> queries.AttemptFacts:
    """The viewer's own attempt; 404 for everybody else's and for none."""
    return queries.attempt_of(signed_in().person_id, attempt_id) or abort(404)


def _asked_here(attempt_id: str) -> queries.AttemptFacts:
    """The viewer's own attempt at the address of its kind; a case of a form asked for as a quiz is sent on to it."""
    found = my_attempt(attempt_id)
    if found.is_form != request.path.startswith("/formulir/"):
        abort(redirect(found.address, 303) if found.is_form else 404)
    return found


def _case(edition: EditionView, slug: str, identity: str, *, is_example: bool = False) -> tuple[Form, Case]:
    """Form and case of an edition; 404 when there is no such thing."""
    form = form_of(edition, identity)
    case = form.case(slug) if form else None
    if form is None or case is None or (case.stage == "contoh") is not is_example:
        abort(404)
    return form, case


@bp.get("/contoh/<slug>/<case_slug>/<path:identity>")
def example(slug: str, case_slug: str, identity: str) -> str:
    """A case that is filled in, with the reason of every field: open to everybody, like a lesson."""
    ref, edition = edition_of(slug)
    send_on(edition, identity)
    form, case = _case(edition, case_slug, identity, is_example=True)
    person = above("progress", ref, edition)
    return render_template(
        "quiz/contoh.html",
        edition=edition,
        form=form,
        case=case,
        story=story_of(edition, case),
        parts=example_parts(edition, form, case),
        step=above("case_step", edition, form, person, with_example=False)
        or above("next_step", edition, person, after=form.path),
        joined=person.joined,
        join_code=None if person.joined else selfstudy_code(ref.id),
    )


@bp.get("/mulai-kuis/<slug>/<path:identity>")
def start(slug: str, identity: str) -> str | Response:
    """Show what the quiz asks, its rule, and earlier tries at it."""
    _, edition, enrolment_id = my_enrolment(slug)
    send_on(edition, identity)
    if edition.lessons[identity].is_form:
        return redirect(edition.quiz_url(identity), 302)
    if identity not in edition.quizzes:
        abort(404)
    names = queries.names_of_attempts(edition, identity)
    found = rendered_lesson(edition, identity)
    counted = [found.questions[item.hash].counted for item in actions.draw(edition, identity).items] if found else []
    return render_template(
        "quiz/mulai.html",
        turn_to=turn_to(signed_in().person_id),
        edition=edition,
        outline=edition.lessons[identity],
        rules=edition.course.quiz,
        asked=len(counted),
        reflections=counted.count(False),
        past=queries.history(enrolment_id, names),
        chances=queries.chances(edition, enrolment_id, names),
    )


@bp.get("/mulai-formulir/<slug>/<case_slug>/<path:identity>")
def start_case(slug: str, case_slug: str, identity: str) -> str:
    """Show what the case asks, and earlier tries at it."""
    _, edition, enrolment_id = my_enrolment(slug)
    send_on(edition, identity)
    form, case = _case(edition, case_slug, identity)
    past = queries.history(enrolment_id, queries.names_of_attempts(edition, f"{form.path}#{case.slug}"))
    return render_template(
        "quiz/formulir_mulai.html", edition=edition, form=form, case=case, asked=len(form.asked(case)), past=past
    )


@bp.post("/mulai-kuis/<slug>/<path:identity>")
def open_quiz(slug: str, identity: str) -> Response:
    """Open an attempt at a quiz, of which a course may allow so many."""
    _, edition, enrolment_id = my_enrolment(slug)
    identity = edition.present(identity)
    if identity not in edition.quizzes or edition.lessons[identity].is_form:
        abort(404)
    most = queries.chances(edition, enrolment_id, queries.names_of_attempts(edition, identity))
    return _open(edition, enrolment_id, identity, actions.draw(edition, identity), most)


@bp.post("/mulai-formulir/<slug>/<case_slug>/<path:identity>")
def open_case(slug: str, case_slug: str, identity: str) -> Response:
    """Open an attempt at a case."""
    _, edition, enrolment_id = my_enrolment(slug)
    form, case = _case(edition, case_slug, edition.present(identity))
    return _open(edition, enrolment_id, f"{form.path}#{case.slug}", form.sheet(case))


def _open(edition: EditionView, enrolment_id: int, quiz: str, sheet: Sheet, most: int = 0) -> Response:
    """Open the attempt with the ordinal the page named; pressed twice it is one attempt."""
    ordinal = request.form.get("ke", type=int) or 0
    if ordinal < 1 or (most and ordinal > most):
        return redirect(request.path, 303)
    names = queries.names_of_attempts(edition, quiz)
    attempt_id = made_once(lambda: actions.open_attempt(enrolment_id, edition.id, names, ordinal, sheet, now()))
    return redirect(queries.address_of(attempt_id, quiz), 303)


@bp.get("/kuis/<attempt_id>")
@bp.get("/kuis/<attempt_id>/periksa")
@bp.get("/formulir/<attempt_id>")
@bp.get("/formulir/<attempt_id>/periksa")
def fill(attempt_id: str) -> str | Response:
    """All that is asked in one page, which tells nowhere what is right; “periksa” names what is missing on top."""
    found = _asked_here(attempt_id)
    if found.submitted_at is not None:
        return redirect(f"{found.address}/hasil", 303)
    shown = filling(found, checked=request.path.endswith("/periksa"))
    if found.is_form:
        return render_template("quiz/isi.html", **shown)
    # Who pressed “Simpan dulu” is told what the database holds, however old the address is.
    confirm = "simpan" in request.args
    saved_at = queries.last_saved_at(found.id) if confirm else None
    return render_template("quiz/kuis.html", confirm=confirm, full="penuh" in request.args, saved_at=saved_at, **shown)


@bp.post("/kuis/<attempt_id>")
@bp.post("/formulir/<attempt_id>")
def send_form(attempt_id: str) -> Response:
    """The plain form: “simpan” keeps, “kirim” submits when nothing is missing, “pasti” a quiz as it is."""
    found = _asked_here(attempt_id)
    wanted, questions = request.form.get("aksi", "simpan"), queries.questions_of(found)
    try:
        held = queries.saved_answers(found.id, late=True)
        entries = read_sheet(request.form, found.sheet, queries.askable(found), held)
        with writing():
            actions.save_answers(found.id, entries, now())
            sent = actions.send(found, questions, wanted, now())
    except BadAnswers:
        abort(400)
    except actions.TooManyAnswers:
        if found.is_form:
            abort(429)
        return redirect(f"{found.address}?penuh=1", 303)
    if wanted == "kirim" and not sent:
        return redirect(f"{found.address}/periksa", 303)
    return redirect(found.address + ("?simpan=1" if wanted == "simpan" and not found.is_form else ""), 303)


@bp.post("/kuis/<attempt_id>/jawaban")
@script_route
def save(attempt_id: str) -> Response:
    """Answers from the outbox, and the submit behind them: JSON in, the ids that are now safe out.

    A submit is a save that also closes: on a bad line one request is enough, and repeating it changes nothing. A form
    that can't be sent yet is answered by the address of the page that says why: the outbox waits for an address only.
    """
    found = my_attempt(attempt_id)
    try:
        entries, wants_submit = read_entries(request.get_json(silent=True), found.sheet, queries.askable(found))
        with writing():
            counter, late = actions.save_answers(found.id, entries, now())
            held_back = wants_submit and found.submitted_at is None and bool(queries.faults(found))
            if wants_submit and not held_back:
                actions.submit(found, queries.questions_of(found), now())
    except BadAnswers:
        return answer(400, reason="answers")
    except actions.TooManyAnswers:
        return answer(429)
    # A form that can't be sent yet says so on its page; who asked to send it is led there as to a result.
    page = "periksa" if held_back else "hasil" if wants_submit or found.submitted_at is not None else ""
    return jsonify(
        saved=[entry.client_id for entry in entries],
        counter=counter,
        late=late,
        result=f"{found.address}/{page}" if page else None,
    )


@bp.get("/token")
@script_route
def token() -> Response:
    """A fresh form token for the outbox; 401 when nobody is signed in.

    A page would lead to /masuk instead; the outbox must never take a page for a receipt.
    """
    return jsonify(token=generate_csrf()) if viewer() else answer(401)


def result_of(found: queries.AttemptFacts) -> dict[str, Any]:
    """Return what the result of a quiz, a case or a test shows; a person who has not sent it is led back to it."""
    grading = queries.newest_grading(found.id)
    if grading is None:
        abort(redirect(found.address, 303))
    return {
        "attempt": found,
        "grading": grading,
        "score": score_of(grading.right, grading.asked),
        "late": queries.has_uncounted_answers(found.id),
        "marks": queries.marks(found.id),
    }


@bp.get("/kuis/<attempt_id>/hasil")
@bp.get("/formulir/<attempt_id>/hasil")
def result(attempt_id: str) -> str | Response:
    """Receipt, score, and for each question or field what was answered, what is right, and why."""
    found = _asked_here(attempt_id)
    if found.is_test:  # Its page waits with the key until the tests are over.
        return redirect(f"/tes/hasil/{attempt_id}", 303)
    shown = result_of(found)
    ref, edition = edition_of(found.slug)
    person, saved, replies = above("progress", ref, edition), queries.saved_answers(found.id), queries.replies(found.id)
    path = edition.present(found.lesson) if found.is_form else found.quiz
    shown["step"] = above("next_step", edition, person, after=path)
    if not found.is_form:
        return render_template(
            "quiz/hasil.html",
            outline=found.edition.lessons[found.quiz],
            questions=judged_questions(found, saved, shown["grading"].outcomes),
            replies=replies,
            answer_in_words=answer_in_words,
            **shown,
        )
    (form, case), present = queries.case_of(found), form_of(edition, path)
    return render_template(
        "quiz/formulir_hasil.html",
        form=form,
        case=case,
        told=told(found, saved),
        replies={found.sheet.items[number - 1].hash: each for number, each in replies.items()},
        story=story_of(found.edition, case),
        another=above("case_step", edition, present, person) if present else None,
        **shown,
    )
