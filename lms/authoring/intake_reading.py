"""Questions that an editor brings: a pasted text or a file, of whatever kind it turns out to be."""

import json
import re
from collections.abc import Mapping, Sequence

from lms.authoring.intake.draft import ReadQuestions, apart, as_markdown
from lms.authoring.intake.gift import read_gift
from lms.authoring.intake.numbered import read_numbered
from lms.authoring.intake.rows import LETTERS, read_rows
from lms.course.lesson import Pool, parse_lesson
from lms.course.problems import Problem
from lms.course.questions.base import Question, quoted
from lms.course.questions.choice import SingleChoice
from lms.paper.child import ChildFailed, run
from lms.paper.packed import Refused, decoded

SHEET_SECONDS, SHEET_MEGABYTES = 10.0, 400
MOST_BYTES = 2 * 2**20
ZIPPED = b"PK\x03\x04"
GIFT = re.compile(r"^::|\{\s*(?:[=~#]|\}|(?:TRUE|FALSE|T|F)\s*[#}])", re.MULTILINE)
ALONE = "# Soal\n\n## Kuis\n\n"
ESCAPE = re.compile(r"\\([^\w\s])")
NO_FIELDS: Mapping[str, str] = {}


def brought(
    text: str, file_name: str, data: bytes, pools: Sequence[Pool], fields: Mapping[str, str] = NO_FIELDS
) -> tuple[str, list[Problem]]:
    """The questions of a file, else the one of these fields, else those of the text, and what was not understood.

    They come as Markdown that may stand beside those of these pools, "" for none. Fields are named as in FIELDS.
    Raises Refused.
    """
    if file_name and not (data or text.strip() or any(fields.values())):
        raise Refused(f"Berkas {quoted(file_name)} kosong. Pilih berkas yang berisi soal, atau tempel tulisannya.")
    if any(fields.values()) and not data:
        reading = from_fields(fields)
    else:
        reading = _read_file(file_name, data) if data else _read_text(text)
    known = {question.hash for pool in pools for question in pool.questions}
    taken = {question.slug for pool in pools for question in pool.questions}
    fresh, problems = [], list(reading.problems)
    for question in reading.questions:
        if questions_in(as_markdown([question]))[0].hash in known:
            text = f"soal {quoted(question.title)} sudah ada di sana dan tidak dimasukkan lagi"
            problems.append(Problem("soal", question.line, "peringatan", text))
        else:
            fresh.append(question)
    written = as_markdown(apart(fresh, taken)) if fresh else ""
    return written, sorted(problems, key=lambda problem: problem.line)


def questions_in(markdown: str) -> tuple[Question, ...]:
    """The questions of a Markdown text without a lesson around it."""
    lesson, _ = parse_lesson("soal.md", f"{ALONE}{markdown}")
    return tuple(question for pool in lesson.pools for question in pool.questions)


def from_fields(fields: Mapping[str, str]) -> ReadQuestions:
    """Read the question of these fields, named as in FIELDS."""
    return read_rows([[*fields], [*fields.values()]])


def question_at(text: str, line: int) -> Question | None:
    """Return the question of a lesson, or of the tests, on one of whose lines, or right below them, this one is."""
    above = [each for pool in parse_lesson("", text)[0].pools for each in pool.questions if each.line <= line]
    return above[-1] if above and line <= above[-1].line + above[-1].source.count("\n") else None


def fields_of(question: Question) -> dict[str, str]:
    """Return the fields that bring exactly this question; {} where none do."""
    title = question.title if question.prompt else ""
    fields = {"judul": title, "soal": question.prompt or question.title, "penjelasan": question.explanation}
    options = dict(zip(LETTERS, question.options if isinstance(question, SingleChoice) else (), strict=False))
    fields["kunci"] = ", ".join(letter for letter, option in options.items() if option.right)
    for letter, option in options.items():
        fields |= {f"pilihan {letter.lower()}": option.text, f"umpan balik {letter.lower()}": option.feedback}
    fields = {name: ESCAPE.sub(r"\1", text.replace("\n\n", "\n")) for name, text in fields.items()}
    return fields if as_markdown(from_fields(fields).questions) == question.source else {}


def _read_file(name: str, data: bytes) -> ReadQuestions:
    if len(data) > MOST_BYTES:
        raise Refused("Berkas ini lebih dari 2 MB. Salin soal-soalnya saja ke berkas baru, lalu unggah lagi.")
    if data.startswith(ZIPPED):
        if name.lower().endswith(".docx"):
            raise Refused("Ini berkas Word. Buka, salin soal-soalnya, lalu tempel di kotak tulisan di bawah.")
        return _read_sheet(data)
    return _read_text(decoded(data, "Berkas ini bukan tulisan. Yang dapat dibaca: .xlsx, GIFT, dan .txt."))


def _read_sheet(data: bytes) -> ReadQuestions:
    try:
        answer = json.loads(run("rows_of", data, seconds=SHEET_SECONDS, megabytes=SHEET_MEGABYTES))
    except ChildFailed as failed:
        text = "Berkas ini terlalu berat untuk dibaca. Salin soal-soalnya saja ke templat yang baru, lalu unggah lagi."
        raise Refused(text) from failed
    if "fault" in answer:
        raise Refused(answer["fault"])
    return read_rows(answer["rows"])


def _read_text(text: str) -> ReadQuestions:
    if not text.strip():
        raise Refused("Belum ada soal. Tempel tulisannya di kotak, atau pilih sebuah berkas.")
    return read_gift(text) if GIFT.search(text) else read_numbered(text)
