"""Both tests from their first page to their result, which keeps the key until the tests are over."""

import random
import secrets
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.course.bank import Bank
from lms.course.load import EditionView, bank_of, test_length
from lms.course.queries import CourseRef
from lms.course.questions.base import folded
from lms.db.engine import made_once
from lms.people.access import edition_of, my_enrolment
from lms.quiz import actions
from lms.quiz import exam_queries as queries
from lms.quiz import queries as attempts
from lms.quiz.exam_cohort_queries import pair_of
from lms.quiz.queries import POSTTEST, PRETEST, AttemptFacts
from lms.quiz.sheet import answer_in_words, judged_questions
from lms.quiz.views import my_attempt, result_of
from lms.web.above import above
from lms.web.clock import now

bp = Blueprint("exams", __name__)


def my_tests(slug: str) -> tuple[CourseRef, EditionView, Bank, queries.ExamStanding]:
    """A course with its tests, and how the viewer's stand; 404 where it has none, and who is no participant is shown
    the course."""
    ref, edition, enrolment_id = my_enrolment(slug)
    bank = bank_of(edition) or abort(404)
    standing = queries.standings([ref]).get(enrolment_id)
    if standing is None:
        abort(redirect(f"/belajar/{slug}", 303))
    return ref, edition, bank, standing


@bp.get("/tes/<slug>/awal", defaults={"which": "awal"})
@bp.get("/tes/<slug>/akhir", defaults={"which": "akhir"})
def start(slug: str, which: str) -> str:
    """Show what a test is for and asks, its rule, and earlier tries at it."""
    ref, edition, _, standing = my_tests(slug)
    person = above("progress", ref, edition)
    unread = [identity for identity in edition.order if identity not in person.finished]
    return render_template(
        f"quiz/{which}.html",
        edition=edition,
        standing=standing,
        asked=test_length(edition),
        rules=edition.course.test,
        unread=len(unread),
        step=above("lesson_step", edition, unread[0]) if unread else _onward(edition, person),
    )


def _onward(edition: EditionView, person: Any) -> Any:
    """On with learning, past what is only offered."""
    return above("next_step", edition, person, after=edition.order[0] if edition.order else "")


@bp.post("/tes/<slug>/awal", defaults={"which": "awal"})
@bp.post("/tes/<slug>/akhir", defaults={"which": "akhir"})
def open_test(slug: str, which: str) -> Response:
    """Open the one pre-test of this membership, or the post-test with the ordinal the page named; pressed twice it is
    one attempt."""
    (_, edition, bank, standing), is_first = my_tests(slug), which == "awal"
    ordinal = 1 if is_first else request.form.get("ke", type=int) or 0
    if ordinal < 1 or (is_first and not standing.pretest and not standing.pretest_offered):
        return redirect(request.path, 303)
    test, rng = ((standing.membership_id, edition, bank, f"tes:{which}"), random.Random(secrets.randbits(128)))
    attempt_id = made_once(lambda: actions.open_test(*test, ordinal, rng, now()))
    return redirect(f"/kuis/{attempt_id}" if attempt_id else request.path, 303)


@bp.get("/tes/hasil/<test_id>")
def result(test_id: str) -> str:
    """Receipt and score by subject; what was right of each question only when the tests are over."""
    found = my_attempt(test_id)
    if not found.is_test:
        abort(404)
    shown = result_of(found)
    grading, standing = shown["grading"], queries.standing_of(found.membership_id or 0)
    ref, edition = edition_of(found.slug)
    person = above("progress", ref, edition)
    judged = judged_questions(found, attempts.saved_answers(test_id), grading.outcomes) if standing.keys_shown else None
    return render_template(
        "quiz/hasil_awal.html" if found.quiz == PRETEST else "quiz/hasil_akhir.html",
        standing=standing,
        subjects=_by_subject(found, grading.outcomes, edition),
        pair=pair_of(standing.membership_id) if found.quiz == POSTTEST else None,
        questions=judged,
        replies={},
        answer_in_words=answer_in_words,
        step=above("next_step", edition, person) if grading.passed else _onward(edition, person),
        **shown,
    )


def _by_subject(found: AttemptFacts, outcomes: list[bool | None], edition: EditionView) -> list[dict[str, Any]]:
    """Each subject in the order of the sheet: right of asked, and its number and lessons in the present edition.

    A materi that it does not have any more has no place to look.
    """
    bank = bank_of(found.edition)
    subjects = bank.subjects if bank else {}
    places = {folded(each.title): {"number": at, "lessons": each.lessons} for at, each in enumerate(edition.modules, 1)}
    counted: dict[str, list[bool]] = {}
    for item, outcome in zip(found.sheet.items, outcomes, strict=True):
        if outcome is not None:
            counted.setdefault(subjects.get(item.question, ""), []).append(outcome)
    return [
        {"title": title, "right": sum(right), "asked": len(right), **places.get(folded(title), {})}
        for title, right in counted.items()
    ]
