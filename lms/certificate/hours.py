"""Which subjects a certificate names, and with how many jam pelajaran: only what was learned and attended."""

import re
from collections.abc import Collection, Iterable, Sequence

from lms.bimtek.attendance import MeetingFacts
from lms.certificate.snapshot import Subject
from lms.certificate.spelling import bare
from lms.course.outline import Module
from lms.roster.spelling import part_name

_AND = re.compile(r"\s+dan\s+|\s*[;&/]\s*")


def subjects(
    modules: Iterable[Module], finished: Collection[str], attended: Sequence[MeetingFacts] = ()
) -> tuple[Subject, ...]:
    """A row for each module learned or attended, in the course's order, then one for each other subject of the day.

    Online hours are the plan of kursus.toml, and count when all lessons of the module are finished; hall hours are
    those of the meetings. A meeting without hours, such as an opening, is no subject.
    """
    rows, left = [], [each for each in attended if each.jp]
    for module in modules:
        mine = [each for each in left if each.module == module.title]
        left = [each for each in left if each.module != module.title]
        learned = bool(module.lessons) and set(finished).issuperset(module.lessons)
        if learned or mine:
            rows.append(_row(module.title, mine, module.online_jp if learned else 0))
    for title in dict.fromkeys(each.subject for each in left):
        rows.append(_row(title, [each for each in left if each.subject == title], 0))
    return tuple(rows)


def speaks(speaker: str, name: str) -> bool:
    """Whether somebody of this name is among the speakers of a meeting, whatever titles either of them gives them."""
    return _untitled(name) in map(_untitled, _AND.split(speaker))


def _untitled(name: str) -> str:
    """The bare name; one that is nothing without its titles stays as it is."""
    return bare((part_name(name) or ("", name, ""))[1])


def _row(title: str, meetings: Sequence[MeetingFacts], online_jp: int) -> Subject:
    speakers = dict.fromkeys(each.speaker for each in meetings if each.speaker)
    return Subject(title, ", ".join(speakers), online_jp, sum(each.jp for each in meetings))
