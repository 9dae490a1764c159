"""Assisted entry: a trainer fills in answers for somebody who cannot. Nobody is signed in as anybody else, and every
answer says for ever who wrote it down."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.cohort import actions
from lms.cohort import member_queries as queries
from lms.cohort.member_views import ATTEMPT, MEMBER, TrainedMember, attempt_at, is_closed, place_of
from lms.course.drawing import Sheet
from lms.course.load import EditionView, bank_of, edition_view, form_of
from lms.course.queries import CourseRef, read_edition
from lms.db.engine import made_once, writing
from lms.learn.queries import Progress, QuizStanding, case_steps, progress
from lms.quiz import actions as quizzes
from lms.quiz import queries as attempts
from lms.quiz.forms import BadAnswers, read_sheet
from lms.quiz.queries import POSTTEST, PRETEST
from lms.quiz.sheet import filling
from lms.web.clock import now, today

bp = Blueprint("members_entry", __name__)

TESTS = "Tes"


@dataclass(frozen=True, slots=True)
class Fillable:
    """A quiz, test or case that may be filled in: the one that is open, else a new one with this ordinal."""

    module: str
    quiz: str
    title: str
    ordinal: int
    open_attempt: str | None
    is_done: bool


def _reads(place: TrainedMember) -> tuple[CourseRef, EditionView]:
    """The course as the member reads it now, so that what is opened for them is what they would open."""
    ref = read_edition(place.trained.slug, place.member.person_id, today())
    if ref is None:
        abort(404)
    return ref, edition_view(ref.edition_id, ref.slug)


def _fillable(place: TrainedMember, edition: EditionView, person: Progress) -> list[Fillable]:
    left, found = queries.tries_left(edition, person, place.member), _tests(place, person)
    for module in edition.modules:
        for lesson in module.lessons:
            standing = person.standing(lesson.identity)
            if form := form_of(edition, lesson.identity):
                for step in case_steps(edition, form, person):
                    name, title = f"{form.path}#{step.case.slug}", f"{form.title}: {step.case.title}"
                    if step.case.stage != "contoh":
                        found.append(_new(module.title, name, title, step.standing, step.is_done))
            elif lesson.has_quiz and (left.get(lesson.identity, 1) > 0 or standing.open_attempt):
                found.append(_new(module.title, lesson.identity, f"Kuis: {lesson.title}", standing, standing.passed))
    return found


def _new(module: str, quiz: str, title: str, standing: QuizStanding, done: bool) -> Fillable:
    return Fillable(module, quiz, title, standing.tries + 1, standing.open_attempt, done)


def _tests(place: TrainedMember, person: Progress) -> list[Fillable]:
    """The tests that hang on this very membership."""
    exams = person.exams
    if exams is None or exams.membership_id != place.member.membership_id:
        return []
    found = []
    begun = {each.quiz: each.id for each in exams.tries if each.submitted_at is None}
    if exams.pretest_offered or PRETEST in begun:
        found.append(Fillable(TESTS, PRETEST, "Tes awal", 1, begun.get(PRETEST), False))
    if exams.posttest_offered or POSTTEST in begun:
        found.append(
            Fillable(TESTS, POSTTEST, "Tes akhir", len(exams.posttests) + 1, begun.get(POSTTEST), exams.passed)
        )
    return found


@bp.get(MEMBER + "/isi")
def choose(code: str, membership_id: int) -> str:
    """Ask which quiz or form is to be filled in."""
    place = place_of(code, membership_id)
    ref, edition = _reads(place)
    found = _fillable(place, edition, progress(ref, edition))
    open_ones: dict[str, list[Fillable]] = {}
    for each in found:
        if not each.is_done:
            open_ones.setdefault(each.module, []).append(each)
    return render_template(
        "cohort/isi.html", place=place, modules=open_ones, done=[each for each in found if each.is_done]
    )


@bp.post(MEMBER + "/isi")
def begin(code: str, membership_id: int) -> Response:
    """Open an attempt on the member's behalf, or go on with the open one; pressed twice it is one attempt."""
    place = place_of(code, membership_id)
    ref, edition = _reads(place)
    wanted = request.form.get("apa", "")
    found = next((each for each in _fillable(place, edition, progress(ref, edition)) if each.quiz == wanted), None)
    if found is None:
        return redirect(f"{place.address}/isi", 303)
    ordinal = request.form.get("ke", type=int) or found.ordinal
    attempt_id = found.open_attempt or _open(place, edition, wanted, ordinal)
    return redirect(f"{place.address}/percobaan/{attempt_id}/isi" if attempt_id else f"{place.address}/isi", 303)


def _open(place: TrainedMember, edition: EditionView, quiz: str, ordinal: int) -> str | None:
    """The attempt, made and audited; what is slow is done before the write."""
    member = place.member
    opened: Callable[[], str | None]
    if bank := bank_of(edition) if quiz in (PRETEST, POSTTEST) else None:
        rng = random.Random(secrets.randbits(128))
        opened = partial(quizzes.open_test, member.membership_id, edition, bank, quiz, ordinal, rng, now())
    else:
        names, sheet = attempts.names_of_attempts(edition, quiz), _sheet(edition, quiz)
        opened = partial(quizzes.open_attempt, member.enrolment_id, edition.id, names, ordinal, sheet, now())

    def make() -> str | None:
        before, made = queries.attempts_made(member), opened()
        if queries.attempts_made(member) > before:
            actions.tell(member, "percobaan dibukakan", place.by, now())
        return made

    return made_once(make)


def _sheet(edition: EditionView, quiz: str) -> Sheet:
    """Draw the sheet of a new attempt at a quiz or case."""
    form = form_of(edition, quiz.partition("#")[0])
    case = form.case(quiz.partition("#")[2]) if form else None
    return form.sheet(case) if form and case else quizzes.draw(edition, quiz)


@bp.get(ATTEMPT + "/isi")
def fill(code: str, membership_id: int, attempt_id: str) -> str | Response:
    """The plain form of the attempt, with the name of whose it is on top."""
    place, found = attempt_at(code, membership_id, attempt_id)
    if found.submitted_at is not None or is_closed(found):
        return redirect(f"{place.address}/percobaan/{found.id}", 303)
    checked = "periksa" in request.args
    return render_template(
        "cohort/isi_formulir.html" if found.is_form else "cohort/isi_kuis.html",
        place=place,
        title=queries.title_of(found.edition, found.quiz),
        saved="simpan" in request.args,
        checked=checked,
        **filling(found, checked=checked),
    )


@bp.post(ATTEMPT + "/isi")
def send(code: str, membership_id: int, attempt_id: str) -> Response:
    """Keep what the trainer wrote down, and send it when asked to and nothing is missing."""
    place, found = attempt_at(code, membership_id, attempt_id)
    address, wanted = f"{place.address}/percobaan/{found.id}", request.form.get("aksi", "simpan")
    if found.submitted_at is not None or is_closed(found):
        return redirect(address, 303)
    questions = attempts.questions_of(found)
    try:
        held = attempts.saved_answers(found.id, late=True)
        entries = read_sheet(request.form, found.sheet, attempts.askable(found), held)
        with writing():
            if entries:
                quizzes.save_answers(found.id, entries, now(), by=place.by)
                actions.tell(place.member, "jawaban diisikan", place.by, now())
            done = quizzes.send(found, questions, wanted, now())
    except BadAnswers:
        abort(400)
    except quizzes.TooManyAnswers:
        abort(429)
    return redirect(address if done else f"{address}/isi?{'periksa' if wanted == 'kirim' else 'simpan'}=1", 303)
