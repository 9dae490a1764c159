"""A practice form of an edition, with its stories: parsed and rendered once, kept by what never changes."""

from dataclasses import dataclass

from markupsafe import Markup

from lms.course import queries
from lms.course.form import Form
from lms.course.form_reading import parse_form
from lms.course.load import WEIGHT_A_BYTE, EditionView, cached
from lms.course.markup import inline, render
from lms.course.story import read_story


@dataclass(frozen=True, slots=True)
class RenderedForm:
    """The texts of a form as HTML; `parts` are the introductions of its sections."""

    intro: Markup
    parts: tuple[Markup, ...]
    legal: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class RenderedStory:
    """The story of a case."""

    title: str
    body: Markup


def form_of(edition: EditionView, identity: str) -> Form | None:
    """The form, or None when the edition has no such form."""
    if identity not in edition.lessons or not edition.lessons[identity].is_form:
        return None
    blob = edition.files[identity]

    def make() -> tuple[Form | None, int]:
        text = queries.blobs({blob})[blob].decode()
        return parse_form(identity, text)[0], WEIGHT_A_BYTE * len(text)

    return cached(("form", blob, identity), make)


def rendered_form(edition: EditionView, form: Form) -> RenderedForm:
    """The form's own texts; references stand in them as course paths."""

    def make() -> tuple[RenderedForm, int]:
        rendered = RenderedForm(
            render(form.intro, form.path),
            tuple(render(part.intro, form.path) for part in form.parts),
            tuple(inline(rule, form.path) for rule in form.legal.rules),
        )
        return rendered, WEIGHT_A_BYTE * (len(form.intro) + sum(len(part.intro) for part in form.parts))

    return cached(("form texts", edition.files[form.path], form.path), make)


def rendered_story(edition: EditionView, path: str) -> RenderedStory:
    """The story in a file of this edition; references stand in it as course paths."""
    blob = edition.files[path]

    def make() -> tuple[RenderedStory, int]:
        text = queries.blobs({blob})[blob].decode()
        story = read_story(text)
        return RenderedStory(story.title, render(story.body, path)), WEIGHT_A_BYTE * len(text)

    return cached(("story", blob, path), make)
