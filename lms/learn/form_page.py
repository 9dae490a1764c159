"""The step of a course that is a form: its cases from the example to the one filled in alone, and where one stands."""

from dataclasses import dataclass

from markupsafe import Markup

from lms.content.load import EditionView, filled
from lms.content.load_form import rendered_form
from lms.core.form import Form
from lms.learn.next_step import CaseStep, NextStep, case_step, case_steps, next_step
from lms.learn.queries import Progress


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
    return FormPage(
        filled(edition, rendered.intro),
        [filled(edition, rule) for rule in rendered.legal],
        case_steps(edition, form, person),
        case_step(edition, form, person) or next_step(edition, person, after=form.path) if person.joined else None,
    )
