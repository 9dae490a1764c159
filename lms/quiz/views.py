"""A quiz from its first page to its result: works as one plain form, and saves every tap where scripts run."""

import secrets

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from flask_wtf.csrf import generate_csrf
from werkzeug import Response

from lms.course.grading import score_of
from lms.course.load import rendered_lesson
from lms.db.engine import made_once, writing
from lms.people.access import edition_of, moved_to, my_enrolment, signed_in
from lms.people.office import turn_to
from lms.people.viewer import viewer
from lms.quiz import actions, queries
from lms.quiz.forms import BadAnswers, read_entries, read_sheet
from lms.quiz.sheet import answer_in_words, judged_questions, shown_questions
from lms.web.above import above
from lms.web.clock import now
from lms.web.errors import answer, script_route

bp = Blueprint("quizzes", __name__)


def my_attempt(attempt_id: str) -> queries.AttemptFacts:
    """The viewer's own attempt; 404 for everybody else's and for none."""
    who = signed_in()
    found = queries.attempt_of(who.person_id, attempt_id)
    if found is None:
        abort(404)
    return found


def my_quiz(attempt_id: str) -> queries.AttemptFacts:
    """The same, sent on to its own page when it is a case of a form."""
    found = my_attempt(attempt_id)
    if found.is_form:
        abort(redirect(found.address, 303))
    return found


@bp.get("/mulai-kuis/<slug>/<path:identity>")
def start(slug: str, identity: str) -> str | Response:
    """What the quiz asks, its rule, and what one did in it before."""
    _, edition, enrolment_id = my_enrolment(slug)
    if identity not in edition.lessons:
        return redirect(f"/mulai-kuis/{slug}/{moved_to(edition, identity)}", 302)
    if edition.lessons[identity].is_form:
        return redirect(edition.quiz_url(identity), 302)
    if identity not in edition.quizzes:
        abort(404)
    names = (identity, *edition.earlier(identity))
    past = queries.history(enrolment_id, names)
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
        past=past,
        chances=queries.chances(edition, enrolment_id, names),
        open=next((attempt for attempt in past if attempt.submitted_at is None), None),
    )


@bp.post("/mulai-kuis/<slug>/<path:identity>")
def open_attempt(slug: str, identity: str) -> Response:
    """Open the attempt with the ordinal the page named; pressed twice it is one attempt."""
    _, edition, enrolment_id = my_enrolment(slug)
    identity = edition.present(identity)
    if identity not in edition.quizzes or edition.lessons[identity].is_form:
        abort(404)
    ordinal = request.form.get("ke", type=int) or 0
    names = (identity, *edition.earlier(identity))
    allowed = queries.chances(edition, enrolment_id, names)
    if ordinal < 1 or (allowed and ordinal > allowed):
        return redirect(f"/mulai-kuis/{slug}/{identity}", 303)
    sheet = actions.draw(edition, identity)
    attempt_id = made_once(lambda: actions.open_attempt(enrolment_id, edition.id, names, ordinal, sheet, now()))
    return redirect(f"/kuis/{attempt_id}", 303)


@bp.get("/kuis/<attempt_id>")
def attempt(attempt_id: str) -> str | Response:
    """All questions in one page; nothing in it tells which answer is right."""
    found = my_quiz(attempt_id)
    if found.submitted_at is not None:
        return redirect(f"/kuis/{attempt_id}/hasil", 303)
    return _quiz_page(found)


def _quiz_page(found: queries.AttemptFacts, missing: queries.OpenQuestions | None = None) -> str:
    return render_template(
        "quiz/kuis.html",
        attempt=found,
        questions=shown_questions(found, queries.saved_answers(found.id)),
        # Late answers don't count, but a new one must still come after them.
        counter=max((entry.counter for entry in queries.saved_answers(found.id, late=True)), default=0),
        form_id=secrets.token_urlsafe(16),
        missing=missing,
        # Who pressed “Simpan dulu” is told what the database holds, however old the address is.
        confirm="simpan" in request.args,
        full="penuh" in request.args,
        saved_at=queries.last_saved_at(found.id) if "simpan" in request.args else None,
    )


@bp.post("/kuis/<attempt_id>")
def send_form(attempt_id: str) -> Response:
    """The plain form: “simpan” keeps, “kirim” submits when all is answered, “pasti” submits as it is."""
    found = my_quiz(attempt_id)
    questions = queries.questions_of(found)
    wanted = request.form.get("aksi", "simpan")
    try:
        entries = read_sheet(request.form, found.sheet, questions, queries.saved_answers(found.id, late=True))
        with writing():
            actions.save_answers(found.id, entries, now())
            missing = queries.open_questions(found, questions)
            if wanted == "pasti" or (wanted == "kirim" and not missing):
                actions.submit(found, (), questions, now())
    except BadAnswers:
        abort(400)
    except actions.TooManyAnswers:
        return redirect(f"/kuis/{attempt_id}?penuh=1", 303)
    after = {"kirim": "/periksa" if missing else "", "simpan": "?simpan=1"}.get(wanted, "")
    return redirect(f"/kuis/{attempt_id}{after}", 303)


@bp.get("/kuis/<attempt_id>/periksa")
def review(attempt_id: str) -> str | Response:
    """Before submitting: the same sheet, with what is unanswered named on top."""
    found = my_quiz(attempt_id)
    if found.submitted_at is not None:
        return redirect(f"/kuis/{attempt_id}/hasil", 303)
    return _quiz_page(found, queries.open_questions(found, queries.questions_of(found)))


@bp.post("/kuis/<attempt_id>/jawaban")
@script_route
def save(attempt_id: str) -> Response:
    """Answers from the outbox, and the submit behind them: JSON in, the ids that are now safe out."""
    found = my_attempt(attempt_id)
    try:
        entries, wants_submit = read_entries(request.get_json(silent=True), found.sheet, queries.askable(found))
        with writing():
            state = actions.save_answers(found.id, entries, now())
            held_back = wants_submit and found.submitted_at is None and bool(queries.faults(found))
            if wants_submit and not held_back:
                actions.submit(found, (), {} if found.is_form else queries.questions_of(found), now())
    except BadAnswers:
        return answer(400, reason="answers")
    except actions.TooManyAnswers:
        return answer(429)
    # A form that can't be sent yet says so on its page; who asked to send it is led there as to a result.
    page = "periksa" if held_back else "hasil" if wants_submit or found.submitted_at is not None else ""
    return jsonify(
        saved=[entry.client_id for entry in entries],
        counter=state.counter,
        late=state.late,
        result=f"{found.address}/{page}" if page else None,
    )


@bp.get("/token")
@script_route
def token() -> Response:
    """A fresh form token for the outbox; 401 when nobody is signed in."""
    return jsonify(token=generate_csrf()) if viewer() else answer(401)


@bp.get("/kuis/<attempt_id>/hasil")
def result(attempt_id: str) -> str | Response:
    """Receipt, score, and for each question what was chosen, why, and what is right."""
    found = my_quiz(attempt_id)
    if found.is_test:  # Its page waits with the key until the tests are over.
        return redirect(f"/tes/hasil/{attempt_id}", 303)
    grading = queries.newest_grading(attempt_id)
    if grading is None:
        return redirect(f"/kuis/{attempt_id}", 303)
    ref, edition = edition_of(found.slug)
    return render_template(
        "quiz/hasil.html",
        attempt=found,
        outline=found.edition.lessons[found.quiz],
        grading=grading,
        score=score_of(grading.right, grading.asked),
        questions=judged_questions(found, queries.saved_answers(attempt_id), grading.outcomes),
        late=queries.has_uncounted_answers(attempt_id),
        marks=queries.marks(attempt_id),
        replies=queries.replies(attempt_id),
        rules=edition.course.quiz,
        answer_in_words=answer_in_words,
        step=above("next_step", edition, above("progress", ref, edition), after=found.quiz),
    )
