"""The manual of this site: what it says stands on a button does, and its pictures are small, told and renewed."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from importlib import util

import pytest
from PIL import Image

from lms.course.lesson import Lesson, Prose
from lms.db.settings import ROOT
from lms.web.plain import normalised
from tests.bundled import CHECKED, MANUAL

BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CALLOUTS = {"Ingat.", "Contoh.", "Hati-hati.", "Yang berubah."}
TAG = re.compile(r"<[^>]*>|\{#.*?#\}", re.DOTALL)
CODE = re.compile(r"\{[{%](.*?)[}%]\}", re.DOTALL)
TEXT = re.compile(r'"([^"]*)"|`([^`]*)`')
LARGEST = 60_000
PICTURES = sorted(path for path in MANUAL.files if "/media/" in path)
THEMES = [
    "Menemukan jalan",
    "Menulis pelajaran",
    "Soal yang mengajar",
    "Gambar",
    "Memeriksa",
    "Menerbitkan",
    "Menolong peserta",
    "Menyelenggarakan bimtek",
    "Sertifikat",
    "Bila ada yang salah",
]


def words_of(source: str) -> Iterator[str]:
    """What a template or script may put on the screen: each run of text, and each literal in its code."""
    for code in CODE.findall(source):
        yield from (one or other for one, other in TEXT.findall(code))
    yield from TAG.sub("\0", CODE.sub("\0", source)).split("\0")
    yield from (one or other for one, other in TEXT.findall(source))


def on_screens() -> set[str]:
    """Every word of every page, however it is set in lines."""
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").rglob("*.js")]
    found = (words for path in files for words in words_of(path.read_text(encoding="utf-8")))
    return {" ".join(unescape(words).split()).strip(" “”:") for words in found}


def quoted(lessons: Iterable[Lesson]) -> Iterator[tuple[str, str]]:
    """(lesson, words) for all that is set bold: in the manual that is what stands on the screen, and nothing else.

    Where the real button names somebody or something, "…" stands for it.
    """
    for lesson in lessons:
        for prose in (part for part in lesson.body if isinstance(part, Prose)):
            for words in BOLD.findall(FENCE.sub("", prose.source)):
                if words not in CALLOUTS:
                    yield from ((lesson.path, part.strip()) for part in words.split("…") if part.strip())


def unknown(lessons: Iterable[Lesson], screens: set[str]) -> list[tuple[str, str]]:
    return [(path, words) for path, words in quoted(lessons) if words not in screens]


def test_every_word_quoted_from_the_screen_stands_there() -> None:
    assert len(list(quoted(MANUAL.lessons))) > 100
    assert unknown(MANUAL.lessons, on_screens()) == []


def test_a_button_that_is_called_otherwise_is_red() -> None:
    (first, *_) = MANUAL.lessons
    screens = on_screens() - {"Buka angkatan baru"}
    assert unknown([first], screens) == [(first.path, "Buka angkatan baru")]
    assert "Buka angkat" not in screens


def test_where_a_lesson_teaches_to_look_in_all_years_its_quiz_says_the_same() -> None:
    text = MANUAL.files["sertifikat/buku-register.md"].decode()
    taught, asked = text.split("### Mencari di register")
    assert "**Semua tahun** untuk mencari sekaligus" in taught
    right = asked.partition("- [x] ")[2].partition("- [ ]")[0]
    assert "Semua tahun" in right.partition("\n")[0]
    assert "per tahun" not in right


def test_every_theme_has_its_lessons() -> None:
    assert [module.title for module in MANUAL.course.modules] == THEMES
    assert all(len(module.lessons) >= 2 and module.goals for module in MANUAL.course.modules)


def test_whatever_law_a_lesson_names_was_compared() -> None:
    checked = [lesson.legal.checked for lesson in MANUAL.lessons if lesson.legal]
    assert len(checked) >= 4
    assert set(checked) == {CHECKED}


def test_the_glossary_explains_the_words_of_the_site() -> None:
    assert normalised(MANUAL.files["glosarium.md"].decode()).count("\n## ") >= 12


def test_there_are_pictures_and_each_is_shown_and_told() -> None:
    assert len(PICTURES) >= 12
    for path in PICTURES:
        folder, _, name = path.partition("/media/")
        texts = [
            MANUAL.files[lesson.path].decode() for lesson in MANUAL.lessons if lesson.path.startswith(f"{folder}/")
        ]
        found = [match for text in texts for match in re.findall(rf"!\[([^\]]+)\]\(media/{re.escape(name)}\)", text)]
        assert found, f"{path} is in no lesson"
        assert all(len(told.split()) >= 8 for told in found), f"{path}: the alternative text tells too little"


@pytest.mark.parametrize("path", PICTURES)
def test_a_picture_is_small_and_says_nothing_about_its_maker(path: str) -> None:
    assert len(MANUAL.files[path]) <= LARGEST
    with Image.open(ROOT / "courses" / MANUAL.slug / path) as picture:
        assert picture.format == "PNG"
        assert picture.width <= 760
        assert set(picture.info) <= {"transparency"}


def test_the_script_that_takes_them_takes_all_of_them() -> None:
    spec = util.spec_from_file_location("gambar", ROOT / "docs" / "gambar.py")
    assert spec is not None
    assert spec.loader is not None
    script = util.module_from_spec(spec)
    spec.loader.exec_module(script)
    taken = [shot.file for shot in script.SHOTS]
    assert len(set(taken)) == len(taken)
    assert sorted(taken) == PICTURES
