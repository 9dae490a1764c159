"""A publication in the making: the files ticked over the current edition, and what that means for whom."""

from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from werkzeug.datastructures import MultiDict

from lms.authoring.differences import Folded, TextPiece, differences
from lms.authoring.queries import reach_of
from lms.course import actions
from lms.course import queries as content
from lms.course.changes import FileChange, changes
from lms.course.check import TEST_BANK
from lms.course.course_writing import is_text
from lms.course.form_reading import parse_form, pictures_in
from lms.course.glossary import GLOSSARY
from lms.course.outline import COURSE_FILE, file_of, parse_course
from lms.course.problems import Problem
from lms.people.access import Editing, row_id

MOST_SHOWN = 300_000
"""Bytes of changed texts that one page compares; what comes after them is compared on a page of its own."""

NAMES = {COURSE_FILE: "Urutan dan aturan kursus", GLOSSARY: "Daftar istilah", TEST_BANK: "Soal tes awal dan tes akhir"}


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that waits, as the page lists it; `with_lesson` is the lesson it was ticked beside by us."""

    change: content.Change
    title: str
    is_mine: bool
    ticked: bool
    with_lesson: str

    @property
    def path(self) -> str:
        """Its course path."""
        return self.change.path

    @property
    def seen(self) -> str:
        """The value that the page brings back, so that what moved meanwhile can be told."""
        return f"{self.change.draft or '-'} {self.change.path}"


@dataclass(frozen=True)
class Plan:
    """The ticked files, the checker's findings, and what changes for whom.

    `moved` are files that the page listed otherwise or not at all, none on a first look.
    `seen` is the fingerprint of what the page told about, `seen_over` the edition that this went over.
    """

    files: list[WaitingFile]
    offered: frozenset[str]
    seen: str
    seen_over: int
    checked: actions.Checked
    over: str
    changes: list[FileChange]
    rows: Mapping[str, list[TextPiece | Folded]]
    reach: Mapping[str, Any]
    moved: list[WaitingFile]
    reread: list[str]
    """The lessons that everybody is asked to read again."""

    @property
    def galat(self) -> list[Problem]:
        """The findings that stop publishing, wherever they are."""
        return [problem for problem in self.checked.report.problems if problem.level == "galat"]

    @property
    def warnings(self) -> list[Problem]:
        """The findings that should be mended in the files that are ticked."""
        ticked = self.checked.draft
        return [each for each in self.checked.report.problems if each.level != "galat" and each.path in ticked]

    @property
    def is_empty(self) -> bool:
        """Whether nobody would read anything else than now."""
        return not self.checked.draft or self.checked.fingerprint == self.over

    @property
    def is_over_another(self) -> bool:
        """Whether another edition became current since the page was shown."""
        return self.seen_over != (self.checked.over or 0)

    @property
    def is_what_was_seen(self) -> bool:
        """Whether the page told of exactly this."""
        return self.seen == self.checked.fingerprint and not self.is_over_another

    @property
    def is_done(self) -> bool:
        """Whether what the page told of became current since: the button was pressed twice."""
        return self.is_over_another and self.seen == self.over

    @property
    def large(self) -> list[FileChange]:
        """Lessons that changed a lot."""
        return [change for change in self.changes if change.is_large]


def plan_of(editing: Editing, form: MultiDict[str, str], today: date) -> Plan:
    """The plan for what the page sent, or for a first look at it: then what this person changed is ticked.

    What is unknown in the form is dropped against what is there.
    """
    files, offered = _listed(editing, form)
    checked = actions.check_changes(editing.course_id, [each.path for each in files if each.ticked], today)
    current = content.edition_hashes(checked.over) if checked.over else {}
    before = contents(current, checked.hashes)
    after = contents(checked.hashes, current, checked.made)
    found = changes(before, after)
    large = [change.identity for change in found if change.is_large]
    seen = form.getlist("dilihat")
    return Plan(
        files=files,
        offered=offered,
        seen=form.get("diperiksa", ""),
        seen_over=row_id(form.get("atas")),
        checked=checked,
        over=actions.fingerprint(current) if checked.over else "",
        changes=found,
        rows=compared(found, before, after),
        reach=reach_of(editing.course_id, checked.report.course, large, today),
        moved=[each for each in files if seen and each.seen not in seen],
        reread=[identity for identity in large if identity in form.getlist("baca-lagi")],
    )


def _listed(editing: Editing, form: MultiDict[str, str]) -> tuple[list[WaitingFile], frozenset[str]]:
    """(every file that waits, one's own first; those that go with a ticked one)."""
    waiting = {change.path: change for change in content.changes(editing.course_id)}
    # Of a text that is taken out, the one that is read.
    hashes = {path: change.draft or change.edition or "" for path, change in waiting.items() if is_text(path)}
    texts = {path: data.decode("utf-8", "replace") for path, data in content.files_of(hashes).items()}
    mine = {path for path, change in waiting.items() if change.by_id == editing.viewer.person_id}
    wanted = (set(form.getlist("berkas")) if form else mine) & waiting.keys()
    beside = dict(_beside(wanted, waiting, texts))
    # What an earlier showing of the page ticked beside a lesson, and who looked at it did not, stays without a tick.
    ticks = wanted | (beside.keys() - set(form.getlist("ditawarkan")))
    names = {path: title_of(path, texts.get(path)) for path in waiting}
    leads = {path: names[lesson] for path, lesson in beside.items() if path in ticks - mine}
    files = [
        WaitingFile(change, names[path], path in mine, path in ticks, leads.get(path, ""))
        for path, change in waiting.items()
    ]
    return sorted(files, key=lambda each: not each.is_mine), frozenset(beside)


def title_of(path: str, text: str | None) -> str:
    """Return the name of a file on the page."""
    if path in NAMES:
        return NAMES[path]
    first = (text or "").lstrip("\ufeff").partition("\n")[0].strip()
    if path.endswith(".md") and first.startswith("# "):
        return first.removeprefix("# ").strip()
    name = PurePosixPath(path).name
    return name if is_text(path) else f"Gambar {name}"


def _beside(
    ticks: Set[str], waiting: Mapping[str, content.Change], texts: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """(file, the ticked one it goes with): its new pictures and stories, the list of lessons for a new one.

    With the list go the other halves of what it says: lessons that were renamed or taken out.
    """
    course, _ = parse_course(texts.get(COURSE_FILE, ""))
    listed = set(map(file_of, course.lessons)) if course else set()
    with_list = False
    for path in sorted(ticks - {COURSE_FILE}):
        if not is_text(path):
            continue
        change, needed = waiting[path], _needed(path, texts[path])
        if COURSE_FILE in waiting and (change.draft is None or (change.edition is None and path in listed)):
            with_list = True
            yield COURSE_FILE, path
        yield from ((other, path) for other in sorted(needed & waiting.keys()) if change.draft and waiting[other].draft)
    if course and COURSE_FILE in waiting and (COURSE_FILE in ticks or with_list):
        named = {file_of(course.present(old)) for old in course.moved}
        for path, change in waiting.items():
            is_gone = change.draft is None and is_text(path) and path not in listed
            if is_gone or (change.edition is None and path in named):
                yield path, COURSE_FILE


def _needed(path: str, text: str) -> frozenset[str]:
    form = parse_form(path, text)[0] if path.endswith(".toml") else None
    return pictures_in(path, text) | {case.story for case in (form.cases if form else ())}


def contents(
    hashes: Mapping[str, str], other: Mapping[str, str], made: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """The files of `hashes` that are not the same in `other`, and kursus.toml; `made` are in no blob yet.

    Of a picture its hash is enough to tell that it is another.
    """
    differ = {path: blob for path, blob in hashes.items() if path == COURSE_FILE or other.get(path) != blob}
    kept = {path: blob for path, blob in differ.items() if is_text(path) and path not in (made or {})}
    pictures = {path: blob.encode() for path, blob in differ.items() if not is_text(path)}
    return {**pictures, **content.files_of(kept), **(made or {})}


def compared(
    found: Collection[FileChange], before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> dict[str, list[TextPiece | Folded]]:
    """Path -> the readable difference of each text that was changed or taken out, as far as a page may take."""
    rows: dict[str, list[TextPiece | Folded]] = {}
    left = MOST_SHOWN
    for change in found:
        old, new = before.get(change.was, b""), after.get(change.path, b"")
        left -= len(old) + len(new)
        if is_text(change.path) and left >= 0:
            rows[change.path] = differences(old.decode("utf-8", "replace"), new.decode("utf-8", "replace"))
    return rows
