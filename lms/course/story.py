"""The story of a case: a Markdown file beside its form, with a title and no questions."""

from typing import NamedTuple

from lms.course.lines import heading_of, scan
from lms.web.plain import normalised


class Story(NamedTuple):
    """Title, "" when the first line is none, and body as Markdown."""

    title: str
    body: str


def read_story(source: str) -> Story:
    """Read a story."""
    source = normalised(source)
    first = scan(source.partition("\n")[0])[0][0]
    heading = heading_of(first)
    if heading is None or heading.level != 1:
        return Story("", source.strip())
    return Story(heading.title, source.partition("\n")[2].strip())
