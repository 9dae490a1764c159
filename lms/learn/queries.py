"""The progress of a person in a course, in one statement however long it is, and their next step."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import bindparam, false, func, literal, or_, select, union_all

from lms.course.form import STAGES, Case, Form
from lms.course.grading import score_of
from lms.course.lesson import minutes_for
from lms.course.load import EditionView, test_length
from lms.course.queries import CourseRef
from lms.db.engine import read
from lms.db.tables import Attempt, Edition, Enrolment, Grading, Publication, Reading, Reread
from lms.learn.completion import Completion, LearnerFacts, completion, counted
from lms.quiz.exam_queries import ExamStanding, standings
from lms.quiz.queries import NEWEST_GRADING


@dataclass(frozen=True, slots=True)
class QuizStanding:
    """The standing of a person in one quiz, case or form: tries made, the best score, passed or not, the open try."""

    tries: int = 0
    best: Fraction | None = None
    passed: bool = False
    open_attempt: str | None = None

    def after(self, score: Fraction | None, passed: bool, open_attempt: str | None) -> "QuizStanding":
        """The standing with one more try."""
        best = self.best if score is None else score if self.best is None else max(score, self.best)
        return QuizStanding(self.tries + 1, best, self.passed or passed, open_attempt or self.open_attempt)


@dataclass(frozen=True, slots=True)
class Progress:
    """A person in a course; `joined` is False for who has not joined it.

    `self_issue`: they take their certificate themself when nothing is missing; else the office gives it. `taken`:
    they did so. `exams`: how pre-test and post-test stand; None in a course without them and for no participant.
    `attendance` and `survey_sent` are those of the cohort that the tests hang on, `dropped` what it does not ask.
    """

    joined: bool
    finished: frozenset[str]
    quizzes: Mapping[str, QuizStanding]
    self_issue: bool = False
    taken: bool = False
    exams: ExamStanding | None = None
    attendance: Fraction | None = None
    survey_sent: bool | None = None
    dropped: Sequence[str] = ()

    @property
    def facts(self) -> LearnerFacts:
        """For the completion rule."""
        passed = frozenset(quiz for quiz, standing in self.quizzes.items() if standing.passed)
        posttest_passed = self.exams.passed if self.exams else None
        return LearnerFacts(self.finished, passed, posttest_passed, self.attendance, self.survey_sent)

    def standing(self, quiz: str) -> QuizStanding:
        """Return the person's standing in this quiz."""
        return self.quizzes.get(quiz, NO_STANDING)


NO_STANDING = QuizStanding()
NOTHING = Progress(False, frozenset(), {})


Place = tuple[CourseRef, EditionView]
Rows = dict[tuple[str, int], list[Any]]
"""(kind, whose) -> rows of `_statement`."""


def progress(ref: CourseRef, edition: EditionView, *, with_exams: bool = True) -> Progress:
    """Return what was finished and passed in any edition, under this edition's names of lessons."""
    return progress_in([(ref, edition)], with_exams=with_exams)[0]


def progress_in(places: Sequence[Place], *, with_exams: bool = True) -> list[Progress]:
    """The same for several courses of one person, or several people of one course, in one statement too; the tests of
    all of them are a second."""
    enrolments = [ref.enrolment_id for ref, _ in places if ref.enrolment_id is not None]
    if not enrolments:
        return [NOTHING] * len(places)
    courses = list({ref.id for ref, _ in places})
    if len(places) == 1:
        one = _ONE if places[0][0].absorbs else _ALONE
        found = read(one, {"enrolment": enrolments[0], "course": courses[0]})
    else:
        found = read(_SEVERAL, {"enrolment": enrolments, "course": courses})
    rows: Rows = {}
    for row in found.all():  # One by one, the rows of many people take half as long again.
        rows.setdefault(row[:2], []).append(row)
    parts = standings([ref for ref, edition in places if _asks_of_the_cohort(edition)]) if with_exams else {}
    return [
        _progress(place, rows, parts.get(place[0].enrolment_id)) if place[0].enrolment_id else NOTHING
        for place in places
    ]


def _asks_of_the_cohort(edition: EditionView) -> bool:
    rules = edition.course.certificate
    return edition.has_exams or rules.attendance is not None or rules.survey


def _progress(place: Place, rows: Rows, part: ExamStanding | None) -> Progress:
    ref, edition = place
    read_in, again = rows.get(("read", ref.enrolment_id or 0), ()), rows.get(("reread", ref.id), ())
    return Progress(
        True,
        finished_in(edition, (row[2:4] for row in read_in), (row[2:4] for row in again)),
        _standings(edition, rows.get(("try", ref.enrolment_id or 0), ())),
        ref.self_issue,
        ref.taken,
        part if edition.has_exams else None,
        part.attendance if part else None,
        part.survey_sent if part else None,
        ref.dropped,
    )


def _statement(among: Callable[[Any, str], Any], *, absorbs: bool = True) -> Any:
    """(kind, whose, name, number, attempt, asked, passed) of all that was read, asked to be read again, and tried.

    One statement for all three, since every page of a learner asks it. What is weighed are editions, not moments: a
    “baca lagi” of an edition newer than the one somebody reads can't be met by them yet. A try without a grading is
    open and has -1 for what was right. What an enrolment absorbed is its own, and not looked for where there
    is known to be none.
    """
    whose = func.coalesce(Enrolment.absorbed_by_id, Enrolment.id)
    mine = among(Enrolment.id, "enrolment")
    if absorbs:
        mine = or_(mine, among(Enrolment.absorbed_by_id, "enrolment"))
    nothing = (literal(""), literal(0), false())
    return union_all(
        select(literal("read"), whose, Reading.lesson, Edition.number, *nothing)
        .join(Edition, Edition.id == Reading.edition_id)
        .join(Enrolment, Enrolment.id == Reading.enrolment_id)
        .where(mine),
        select(literal("reread"), Publication.course_id, Reread.lesson, Edition.number, *nothing)
        .join(Publication, Publication.id == Reread.publication_id)
        .join(Edition, Edition.id == Publication.edition_id)
        .where(among(Publication.course_id, "course")),
        select(
            literal("try"),
            whose,
            Attempt.quiz,
            func.coalesce(Grading.right, -1),
            Attempt.id,
            func.coalesce(Grading.asked, 0),
            func.coalesce(Grading.passed, false()),
        )
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Grading, Grading.id == NEWEST_GRADING, isouter=True)
        .where(mine),
    )


_ONE = _statement(lambda column, name: column == bindparam(name))
_ALONE = _statement(lambda column, name: column == bindparam(name), absorbs=False)
_SEVERAL = _statement(lambda column, name: column.in_(bindparam(name, expanding=True)))


def finished_in(
    edition: EditionView, readings: Iterable[tuple[str, int]], again: Iterable[tuple[str, int]]
) -> frozenset[str]:
    """The lessons finished, from (lesson, edition number) of all that was read and of all to be read again.

    Lessons are those of this edition; a newer one that asks to read again can't be met in it yet.
    """
    asked = _newest(edition, (each for each in again if each[1] <= edition.number))
    return frozenset(lesson for lesson, number in _newest(edition, readings).items() if number >= asked.get(lesson, 0))


def _newest(edition: EditionView, rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Lesson -> the number of the newest edition it was finished in, or asked to be read again with."""
    found: dict[str, int] = {}
    for lesson, number in rows:
        lesson = edition.present(lesson)
        found[lesson] = max(number, found.get(lesson, 0))
    return found


def _standings(edition: EditionView, tries: Iterable[Any]) -> dict[str, QuizStanding]:
    found: dict[str, QuizStanding] = {}
    for _, _, quiz, right, attempt_id, asked, passed in tries:
        score = score_of(right, asked) if right >= 0 else None
        open_attempt = None if right >= 0 else attempt_id
        present, *forms = names_of_quiz(edition, quiz)
        found[present] = found.get(present, NO_STANDING).after(score, bool(passed), open_attempt)
        for form in forms:  # A case counts for its form, with its score where it was passed.
            found[form] = found.get(form, NO_STANDING).after(score if passed else None, bool(passed), open_attempt)
    return found


def names_of_quiz(edition: EditionView, quiz: str) -> tuple[str, ...]:
    """Return the names that a try counts for in this edition: the quiz's present name, and for a case its form too."""
    present = edition.present(quiz)
    form, mark, _ = present.partition("#")
    return (present, form) if mark else (present,)


def selfstudy_completion(edition: EditionView, person: Progress) -> Completion:
    """Return the completion of this person in self-study, which has no meetings and no survey."""
    return cohort_completion(edition, replace(person, attendance=None, survey_sent=None, dropped=()))


def cohort_completion(edition: EditionView, person: Progress) -> Completion:
    """Return the completion of this person in the cohort that they take part in."""
    rules = edition.course.certificate.without(person.dropped)
    return completion(rules, edition.order, edition.quizzes, person.facts)


def standing(edition: EditionView, person: Progress, lessons: Sequence[str] | None = None) -> tuple[Completion, int]:
    """How far one is in the course, or in these lessons of it alone, and the minutes that what is missing takes.

    Counted as the certificate counts; a form takes its minutes once, and no test belongs to a part of the lessons.
    """
    rules = counted(edition.course.certificate).without(person.dropped)
    asked, quizzes = edition.order, edition.quizzes
    if lessons is not None:
        rules = replace(rules, posttest=False, attendance=None, survey=False)
        asked, quizzes = tuple(lessons), tuple(quiz for quiz in quizzes if quiz in lessons)
    found = completion(rules, asked, quizzes, person.facts)
    unpassed = [edition.lessons[identity] for identity in found.missing_of("kuis")]
    reading = {*found.missing_of("pelajaran"), *(lesson.identity for lesson in unpassed if lesson.is_form)}
    questions = sum(lesson.asked for lesson in unpassed)
    if any(part.kind == "tes_akhir" for part in found.missing):
        questions += test_length(edition)
    return found, sum(edition.lessons[identity].minutes for identity in reading) + minutes_for(questions)


LABELS = {"contoh": "Baca contoh", "rumpang": "Isi yang kosong", "sendiri": "Isi sendiri"}


class NextStep(NamedTuple):
    """The address that the main button leads to, and its words."""

    url: str
    label: str


def lesson_step(edition: EditionView, identity: str) -> NextStep:
    """To a lesson."""
    return NextStep(f"/belajar/{edition.slug}/{identity}", f"Lanjut: {edition.lessons[identity].title}")


def quiz_step(edition: EditionView, identity: str) -> NextStep:
    """To the quiz of a lesson, or to a form that is to be passed."""
    what = "Formulir" if edition.lessons[identity].is_form else "Kuis"
    return NextStep(edition.quiz_url(identity), f"{what}: {edition.lessons[identity].title}")


def next_step(edition: EditionView, person: Progress, after: str | None = None) -> NextStep:
    """The first thing still open: what was begun and not sent, the pre-test for who has not begun to learn, else from
    the lesson `after` on (its quiz first), then from the top, then the post-test, then the end."""
    if after is None and (begun := _test_now(edition, person) or _begun(edition, person)):
        return begun
    order = edition.order
    start = order.index(after) if after in order else 0
    for identity in (*order[start:], *order[:start]):
        if identity not in person.finished:
            return lesson_step(edition, identity)
        if identity in edition.quizzes and not person.standing(identity).passed and identity == after:
            return quiz_step(edition, identity)
    for identity in edition.quizzes:
        if not person.standing(identity).passed:
            return quiz_step(edition, identity)
    return _last_step(edition, person)


def _last_step(edition: EditionView, person: Progress) -> NextStep:
    """When all lessons are finished and all quizzes passed."""
    if person.exams and not person.exams.passed and person.exams.posttest_offered:
        return NextStep(f"/tes/{edition.slug}/akhir", "Tes akhir")
    if person.self_issue and selfstudy_completion(edition, person).met:
        # Where it is taken leads on to the one that was taken.
        return NextStep(f"/sertifikat/ambil/{edition.slug}", f"{'Lihat' if person.taken else 'Ambil'} sertifikat")
    return NextStep(f"/belajar/{edition.slug}", "Lihat kursus")


def _begun(edition: EditionView, person: Progress) -> NextStep | None:
    """Back to what was begun and not sent."""
    for identity in edition.order:
        if attempt := person.standing(identity).open_attempt:
            kind = "formulir" if edition.lessons[identity].is_form else "kuis"
            return NextStep(f"/{kind}/{attempt}", f"Lanjutkan {kind}: {edition.lessons[identity].title}")
    return None


def _test_now(edition: EditionView, person: Progress) -> NextStep | None:
    """A test that comes before everything else."""
    exams = person.exams
    if exams and exams.open:
        return NextStep(f"/kuis/{exams.open.id}", f"Lanjutkan tes {exams.open.quiz.removeprefix('tes:')}")
    if exams and exams.pretest_offered and not person.finished and not person.quizzes:
        return NextStep(f"/tes/{edition.slug}/awal", "Mulai dengan tes awal")
    return None


@dataclass(frozen=True, slots=True)
class CaseStep:
    """A case with the way into it."""

    case: Case
    label: str
    url: str
    standing: QuizStanding

    @property
    def is_done(self) -> bool:
        """Whether it was sent, or passed where it can be."""
        return self.standing.passed if self.case.stage == "sendiri" else self.standing.best is not None


def case_steps(edition: EditionView, form: Form, person: Progress) -> list[CaseStep]:
    """The cases of a form in their author's order, with the way into each."""
    return [
        CaseStep(
            case,
            LABELS[case.stage],
            f"/{'contoh' if case.stage == 'contoh' else 'mulai-formulir'}/{edition.slug}/{case.slug}/{form.path}",
            person.standing(f"{form.path}#{case.slug}"),
        )
        for case in form.cases
    ]


def case_step(edition: EditionView, form: Form, person: Progress, *, with_example: bool = True) -> NextStep | None:
    """Return the next case: one that was begun, else the example, else the first that is not done, by its stage.

    That an example was read is kept nowhere: from its page one goes on with `with_example` False. Gaps are not offered
    any more to who has passed a case alone.
    """
    cases = sorted(case_steps(edition, form, person), key=lambda step: STAGES.index(step.case.stage))
    for step in cases:
        if attempt := step.standing.open_attempt:
            return NextStep(f"/formulir/{attempt}", f"Lanjutkan: {step.case.title}")
    offered = {
        "contoh": with_example and not any(step.standing.tries for step in cases),
        "rumpang": not person.standing(form.path).passed,
        "sendiri": True,
    }
    for step in cases:
        if offered[step.case.stage] and not step.is_done:
            return NextStep(step.url, f"{step.label}: {step.case.title}")
    return None
