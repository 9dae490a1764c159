"""One question of a text as the fields of a form, and back: whatever is not changed comes back letter for letter."""

import html
import re
from collections import Counter

import pytest
from werkzeug.test import TestResponse

from lms.authoring.intake.draft import as_markdown
from lms.authoring.intake_reading import fields_of, from_fields, question_at
from lms.boot.setup import COURSES
from lms.course.lesson import parse_lesson
from lms.course.questions.choice import SingleChoice
from tests.authoring.drafts import HOME, as_writer, files
from tests.conftest import Cast, Client

PAGE = f"{HOME}/isian"
TEXT = """# Judul

Bacaan.

## Latihan

### Papan di depan rumah

Tujuan: 1

Pak Slamet memasang papan. 3 \\* 4?

- [ ] Biarkan [saja](x).
- [x] Tulis lengkap.
  > Betul: "Pekerja Sosial Masyarakat".

Penjelasan satu.

Penjelasan dua.

### Berapa?

Jawaban: 60
"""
PLAIN = TEXT.replace("[saja](x)", "saja")
FIELDS = {
    "judul": "Papan di depan rumah",
    "soal": "Tujuan: 1\nPak Slamet memasang papan. 3 * 4?",
    "kunci": "B",
    "pilihan a": "Biarkan saja.",
    "pilihan b": "Tulis lengkap.",
    "umpan balik b": 'Betul: "Pekerja Sosial Masyarakat".',
    "penjelasan": "Penjelasan satu.\nPenjelasan dua.",
}


@pytest.fixture
def editor(client: Client, cast: Cast) -> Client:
    return as_writer(client, cast)


def ask(client: Client, sent: object) -> TestResponse:
    """Ask as the script of the editor does."""
    return client.post(PAGE, json=sent, headers={"X-CSRFToken": client.token(), "Accept": "application/json"})


def line_of(words: str, text: str = PLAIN) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_every_question_that_fits_comes_back_letter_for_letter() -> None:
    counted: Counter[tuple[bool, bool]] = Counter()
    for path in sorted(COURSES.rglob("*.md")):
        for pool in parse_lesson("", path.read_text())[0].pools:
            for question in pool.questions:
                fields = fields_of(question)
                counted[isinstance(question, SingleChoice), bool(fields)] += 1
                assert not fields or as_markdown(from_fields(fields).questions) == question.source
    assert counted[False, True] == 0, "only choices have fields"
    assert counted[True, True] > 750
    assert counted[True, False] < 20


@pytest.mark.parametrize("words", ["### Papan", "Tujuan", "- [ ]", "Penjelasan dua", "\n### Berapa"])
def test_the_question_of_a_line_fills_the_fields(editor: Client, words: str) -> None:
    told = ask(editor, {"teks": PLAIN, "baris": line_of(words)}).get_json()
    shown = dict(re.findall(r'<textarea[^>]* name="isian ([^"]*)"[^>]*>\n([^<]*)</textarea>', told["html"]))
    shown["judul"] = re.findall(r'name="isian judul"[^>]* value="([^"]*)"', told["html"])[0]
    shown["kunci"] = ", ".join(re.findall(r'value="(.)" checked', told["html"]))
    assert {name: html.unescape(text) for name, text in shown.items() if text} == FIELDS
    assert (told["baris"], told["soal"]) == (7, PLAIN[PLAIN.index("### Papan") : PLAIN.index("\n### Berapa")])


@pytest.mark.parametrize("line", [0, 1, 5, 99, "7", None])
def test_where_no_question_is_nothing_is_filled(editor: Client, line: object) -> None:
    told = ask(editor, {"teks": PLAIN, "baris": line}).get_json()
    assert (told["soal"], told["baris"]) == (None, None)
    assert set(re.findall(r"<textarea[^>]*>\n([^<]*)</textarea>", told["html"])) == {""}
    assert " checked" not in told["html"]


@pytest.mark.parametrize(("text", "words"), [(TEXT, "### Papan"), (PLAIN, "### Berapa")])
def test_what_the_fields_can_not_hold_is_left_alone(editor: Client, text: str, words: str) -> None:
    told = ask(editor, {"teks": text, "baris": line_of(words, text)}).get_json()
    assert (told["html"], told["baris"]) == ("", line_of(words, text))


def test_what_was_typed_is_written_and_nothing_is_kept(editor: Client) -> None:
    before = files()
    changed = {**FIELDS, "kunci": " A C", "pilihan c": "# bukan\njudul", "umpan balik c": "- [x] bukan kotak"}
    told = ask(editor, {"teks": PLAIN, "baris": 7, "isian": changed}).get_json()
    question = question_at(f"## Kuis\n\n{told['soal']}", 3)
    assert isinstance(question, SingleChoice)
    assert question.title == "Papan di depan rumah"
    assert [option.right for option in question.options] == [True, False, True]
    assert fields_of(question)["pilihan c"] == "# bukan judul"
    assert fields_of(question)["umpan balik c"] == "- [x] bukan kotak"
    assert files() == before


@pytest.mark.parametrize(
    ("fields", "words"), [({}, "belum ada soal"), ({"soal": "Apa?", "pilihan a": "Satu"}, "kurang dari dua pilihan")]
)
def test_what_is_missing_is_said(editor: Client, fields: dict[str, str], words: str) -> None:
    told = ask(editor, {"teks": "", "isian": fields}).get_json()
    assert told["soal"].strip() == ""
    assert words in " ".join(told["kurang"])


@pytest.mark.parametrize("sent", [[], {"baris": 3}, {"teks": 3}, "x", {"teks": "", "isian": {"soal": [1], "x": {}}}])
def test_whatever_is_sent_is_answered(editor: Client, sent: object) -> None:
    assert ask(editor, sent).status_code in (200, 400)
