"""Both tests from their first page to their result, which keeps the key until the tests are over."""

import random
import secrets
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.course.bank import Bank, folded
from lms.course.grading import score_of
from lms.course.load import EditionView, OutlineLesson, bank_of, test_length
from lms.course.queries import CourseRef
from lms.db.engine import made_once
from lms.people.access import edition_of, my_enrolment, signed_in
from lms.quiz import actions
from lms.quiz import exam_queries as queries
from lms.quiz import queries as attempts
from lms.quiz.exam_cohort_queries import pair_of
from lms.quiz.queries import POSTTEST, PRETEST, AttemptFacts
from lms.quiz.sheet import answer_in_words, judged_questions
from lms.web.above import above
from lms.web.clock import now

bp = Blueprint("exams", __name__)


@dataclass(frozen=True, slots=True)
class ExamPlace:
    """A course with tests, and the part of the viewer that they hang on."""

    ref: CourseRef
    edition: EditionView
    bank: Bank
    standing: queries.ExamStanding


def my_place(slug: str) -> ExamPlace:
    """The viewer's tests in a course; 404 where it has none, and who is no participant is shown the course."""
    ref, edition, enrolment_id = my_enrolment(slug)
    bank = bank_of(edition)
    if bank is None:
        abort(404)
    standing = queries.standings([ref]).get(enrolment_id)
    if standing is None:
        abort(redirect(f"/belajar/{slug}", 303))
    return ExamPlace(ref, edition, bank, standing)


def my_test(attempt_id: str) -> AttemptFacts:
    """The viewer's own attempt at a test; 404 for everybody else's, for a quiz and for none."""
    found = attempts.attempt_of(signed_in().person_id, attempt_id)
    if found is None or not found.is_test:
        abort(404)
    return found


@bp.get("/tes/<slug>/awal")
def pretest(slug: str) -> str:
    """What the pre-test is for: it decides nothing, and nobody has to take it."""
    return _start_page("quiz/awal.html", my_place(slug))


@bp.get("/tes/<slug>/akhir")
def posttest(slug: str) -> str:
    """What the post-test asks, its rule, and what one did in it before."""
    return _start_page("quiz/akhir.html", my_place(slug))


def _start_page(template: str, place: ExamPlace) -> str:
    edition, person = place.edition, above("progress", place.ref, place.edition)
    unread = [identity for identity in edition.order if identity not in person.finished]
    return render_template(
        template,
        edition=edition,
        standing=place.standing,
        asked=test_length(edition),
        rules=edition.course.test,
        unread=len(unread),
        step=above("lesson_step", edition, unread[0]) if unread else _onward(edition, person),
    )


def _onward(edition: EditionView, person: Any) -> Any:
    """On with learning, past what is only offered."""
    return above("next_step", edition, person, after=edition.order[0] if edition.order else "")


@bp.post("/tes/<slug>/awal")
def open_pretest(slug: str) -> Response:
    """Open the one pre-test of this membership; pressed again it is the same one."""
    place = my_place(slug)
    if not place.standing.pretest and not place.standing.pretest_offered:
        return redirect(f"/tes/{slug}/awal", 303)
    return _open(place, PRETEST, 1)


@bp.post("/tes/<slug>/akhir")
def open_posttest(slug: str) -> Response:
    """Open the post-test with the ordinal the page named; pressed twice it is one attempt."""
    place = my_place(slug)
    ordinal = request.form.get("ke", type=int) or 0
    if ordinal < 1:
        return redirect(f"/tes/{slug}/akhir", 303)
    return _open(place, POSTTEST, ordinal)


def _open(place: ExamPlace, name: str, ordinal: int) -> Response:
    who, slug = signed_in(), place.edition.slug
    wanted = actions.Opening(
        who.person_id, place.ref.id, place.standing.membership_id, place.edition, place.bank, name, ordinal
    )
    rng = random.Random(secrets.randbits(128))
    attempt_id = made_once(lambda: actions.open_test(wanted, rng, now()))
    return redirect(f"/kuis/{attempt_id}" if attempt_id else f"/tes/{slug}/{name.removeprefix('tes:')}", 303)


@dataclass(frozen=True, slots=True)
class SubjectResult:
    """One subject of a test: right of asked, and where in the course its answers are."""

    title: str
    right: int
    asked: int
    number: int | None
    lessons: tuple[OutlineLesson, ...]


@bp.get("/tes/hasil/<test_id>")
def result(test_id: str) -> str | Response:
    """Receipt and score by subject; what was right of each question only when the tests are over."""
    found = my_test(test_id)
    grading = attempts.newest_grading(test_id)
    if grading is None:
        return redirect(f"/kuis/{test_id}", 303)
    standing = queries.standing_of(test_id)
    ref, edition = edition_of(found.slug)
    person = above("progress", ref, edition)
    judged = judged_questions(found, attempts.saved_answers(test_id), grading.outcomes) if standing.keys_shown else None
    return render_template(
        "quiz/hasil_awal.html" if found.quiz == PRETEST else "quiz/hasil_akhir.html",
        attempt=found,
        grading=grading,
        score=score_of(grading.right, grading.asked),
        standing=standing,
        subjects=_by_subject(found, grading.outcomes, edition),
        pair=pair_of(standing.membership_id) if found.quiz == POSTTEST else None,
        questions=judged,
        late=attempts.has_uncounted_answers(test_id),
        marks=attempts.marks(test_id),
        replies={},
        answer_in_words=answer_in_words,
        step=above("next_step", edition, person) if grading.passed else _onward(edition, person),
    )


def _by_subject(found: AttemptFacts, outcomes: list[bool | None], edition: EditionView) -> list[SubjectResult]:
    """In the order of the sheet; a materi that the present edition does not have any more has no place to look."""
    bank = bank_of(found.edition)
    subjects = bank.subjects if bank else {}
    places = {folded(module.title): (number, module) for number, module in enumerate(edition.modules, start=1)}
    counted: dict[str, list[bool]] = {}
    for item, outcome in zip(found.sheet.items, outcomes, strict=True):
        if outcome is not None:
            counted.setdefault(subjects.get(item.question, ""), []).append(outcome)
    return [
        SubjectResult(title, sum(right), len(right), place[0] if place else None, place[1].lessons if place else ())
        for title, right in counted.items()
        for place in [places.get(folded(title))]
    ]
