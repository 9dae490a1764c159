"""A draft as its editor reads it: what its files stand among, where its pictures are, how its lessons are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from lms.course import queries as content
from lms.course.actions import fingerprint
from lms.course.check import TextPlace, needed, place_of
from lms.course.form_reading import parse_form
from lms.course.glossary import GLOSSARY
from lms.course.lesson import read_story
from lms.course.outline import file_of, identity_of
from lms.web.cache import cached


@dataclass(frozen=True)
class DraftView:
    """The present files of a draft, by path; what is shown from it leads nowhere but to its editors."""

    slug: str
    files: Mapping[str, str]

    @property
    def glossary_hash(self) -> str | None:
        """The hash of its glossary, None when it has none."""
        return self.files.get(GLOSSARY)

    def address(self, reference: str) -> str | None:
        """Where `lesson:identity` is edited and `media:path` is seen; None when it is not in the draft."""
        kind, _, target = reference.partition(":")
        target = target if kind == "media" else file_of(target.partition("#")[0])
        way = "berkas" if kind == "media" else "sunting"
        return f"/pelatih/kursus/{self.slug}/{way}/{quote(target)}" if target in self.files else None


def draft_view(course_id: int, slug: str) -> DraftView:
    """The draft as it is now; one statement."""
    return DraftView(slug, content.draft_hashes(course_id))


def place_in(view: DraftView) -> TextPlace:
    """What every text of this draft stands among; kept while no file of it changes."""

    def make() -> tuple[TextPlace, int]:
        wanted = {path: view.files[path] for path in needed(view.files)}
        texts = content.files_of(wanted)
        return place_of(tuple(view.files), texts), 4 * sum(map(len, texts.values())) + 200 * len(view.files)

    return cached(("place", fingerprint(view.files)), make)


def renamed_to(view: DraftView, path: str, base: str) -> str:
    """The file that went by this path, "" when there is none: where `[pindah]` leads, or the one text that is still
    as it was when somebody started from the hash `base`."""
    course = place_in(view).course
    new = file_of(course.present(identity_of(path))) if course else ""
    same = [each for each, blob in view.files.items() if blob == base]
    return new if new in view.files else same[0] if len(same) == 1 else ""


def titled(path: str, text: str) -> str:
    """What a text calls itself; its path where it has no title."""
    if path.endswith(".toml"):
        form, _ = parse_form(path, text)
        return (form.title if form else "") or path
    return read_story(text[:400]).title or path


def titles_in(view: DraftView) -> dict[str, str]:
    """The title of every lesson, by its file, in the order of the course; kept while no file changes."""

    def make() -> tuple[dict[str, str], int]:
        place = place_in(view)
        course = place.course
        order = [file_of(identity) for identity in course.lessons] if course else []
        paths = [path for path in dict.fromkeys([*order, *sorted(view.files)]) if path in view.files]
        lessons = [path for path in paths if path.endswith(".md") and place.role_of(path) == "pelajaran"]
        texts = content.files_of({path: view.files[path] for path in lessons})
        titles = {path: titled(path, texts[path].decode("utf-8", "replace")) for path in lessons}
        return titles, 200 * len(titles)

    return cached(("titles", fingerprint(view.files)), make)
