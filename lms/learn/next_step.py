"""The one next step every page offers: the lesson, quiz or certificate that comes now."""

from dataclasses import dataclass

from lms.content.load import EditionView
from lms.learn.queries import Progress, selfstudy_completion


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
    if person.exams and not person.exams.passed and not person.exams.closed:
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
