"""The step of a course that is a form: its cases from the example to the one filled in alone, and where one stands."""

from dataclasses import dataclass

from markupsafe import Markup

from lms.content.load import EditionView, filled
from lms.content.load_form import rendered_form
from lms.core.form import Case, Form
from lms.learn.next_step import NextStep, next_step
from lms.learn.queries import Progress, QuizStanding

LABELS = {"contoh": "Baca contoh", "rumpang": "Isi yang kosong", "sendiri": "Isi sendiri"}


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


@dataclass(frozen=True, slots=True)
class FormPage:
    """What the page of a form shows besides its title."""

    intro: Markup
    legal: list[Markup]
    cases: list[CaseStep]
    main: NextStep | None


def form_page(edition: EditionView, form: Form, person: Progress) -> FormPage:
    """The page as this person sees it."""
    rendered = rendered_form(edition, form)
    cases = [_case_step(edition, form, case, person) for case in form.cases]
    return FormPage(
        filled(edition, rendered.intro),
        [filled(edition, rule) for rule in rendered.legal],
        cases,
        _main_step(edition, form, cases, person) if person.joined else None,
    )


def _case_step(edition: EditionView, form: Form, case: Case, person: Progress) -> CaseStep:
    standing = person.standing(f"{form.path}#{case.slug}")
    way = "contoh" if case.stage == "contoh" else "mulai-formulir"
    return CaseStep(case, LABELS[case.stage], f"/{way}/{edition.slug}/{case.slug}/{form.path}", standing)


def _main_step(edition: EditionView, form: Form, cases: list[CaseStep], person: Progress) -> NextStep:
    """What was begun, else the example for who has sent nothing, else the first case that is not done."""
    for step in cases:
        if attempt := step.standing.open_attempt:
            return NextStep(f"/formulir/{attempt}", f"Lanjutkan: {step.case.title}")
    has_sent = any(step.standing.tries for step in cases)
    for step in cases:
        if (not has_sent) if step.case.stage == "contoh" else (not step.is_done):
            return NextStep(step.url, f"{step.label}: {step.case.title}")
    return next_step(edition, person, after=form.path)
