"""The one next step every page offers: the lesson, quiz or certificate that comes now."""

from dataclasses import dataclass

from lms.course.form import STAGES, Case, Form
from lms.course.load import EditionView
from lms.learn.queries import Progress, QuizStanding, selfstudy_completion

LABELS = {"contoh": "Baca contoh", "rumpang": "Isi yang kosong", "sendiri": "Isi sendiri"}


@dataclass(frozen=True, slots=True)
class NextStep:
    """Where the main button leads and what it says."""

    url: str
    label: str


def lesson_step(edition: EditionView, identity: str) -> NextStep:
    """To a lesson."""
    return NextStep(f"/belajar/{edition.slug}/{identity}", f"Lanjut: {edition.lessons[identity].title}")


def quiz_step(edition: EditionView, identity: str) -> NextStep:
    """To the quiz of a lesson, or to a form that is to be passed."""
    what = "Formulir" if edition.lessons[identity].is_form else "Kuis"
    return NextStep(edition.quiz_url(identity), f"{what}: {edition.lessons[identity].title}")


def open_step(edition: EditionView, identity: str, attempt: str) -> NextStep:
    """Back to what was begun and not sent."""
    kind = "formulir" if edition.lessons[identity].is_form else "kuis"
    return NextStep(f"/{kind}/{attempt}", f"Lanjutkan {kind}: {edition.lessons[identity].title}")


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
    for identity in edition.order:
        if attempt := person.standing(identity).open_attempt:
            return open_step(edition, identity, attempt)
    return None


def _test_now(edition: EditionView, person: Progress) -> NextStep | None:
    """A test that comes before everything else."""
    exams = person.exams
    if exams and exams.open:
        return NextStep(f"/kuis/{exams.open.id}", f"Lanjutkan tes {exams.open.name.removeprefix('tes:')}")
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
    """What was begun, else the example for who has sent nothing, else the first case that is not done, by its stage.

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
