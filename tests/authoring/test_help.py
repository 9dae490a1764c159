"""Help in place: every example is what the checker accepts, as the help says."""

import re
from datetime import date
from typing import Any

import pytest

from lms.authoring.preview import GROUPS, TODAY, groups_for
from lms.course.bank import bank_fits, parse_bank
from lms.course.check import check_text, place_of
from lms.course.folder import read_folder
from lms.course.lesson import Lesson
from lms.course.outline import parse_course
from lms.course.problems import Problem
from lms.course.questions import KINDS
from tests.authoring.editing import HOME, as_editor
from tests.conftest import Cast, Client
from tests.course.test_gfm import ROOT

Entry = dict[str, Any]
ENTRIES: list[Entry] = [entry for group in GROUPS for entry in group["entries"]]
NAMES = ("a/satu.md", "a/pelajaran-lain.md", "a/media/teras.jpg")
CHECKED = date(2026, 11, 24)
LEGAL = f"\n\n## Dasar hukum\n\n- Aturan nomor satu\n\nDiperiksa: {TODAY}\n"
FILLED_IN = ("judul", "daftar", "nomor", "ingat", "contoh", "hati-hati", "yang-berubah", "dasar-hukum", "istilah")
WITHOUT_CASES = "formulir belum punya kasus"


def problems(entry: Entry) -> list[Problem]:
    """What the checker says of an example where it is put."""
    text, around = entry["example"], place_of(dict.fromkeys(NAMES, 0), {}, CHECKED)
    if entry["roles"] == ["istilah"]:
        return check_text(text.encode(), "glosarium.md", around, "istilah")[1]
    if entry["roles"] == ["kursus"]:
        return parse_course(f'judul = "Kursus"\n\n{text}\n')[1]
    if entry["roles"] == ["tes"]:
        course, _ = parse_course(
            'judul = "K"\n\n' + next(each["example"] for each in ENTRIES if each["slug"] == "materi")
        )
        bank, found = parse_bank("tes.md", text)
        assert course is not None
        return [*found, *bank_fits(bank, course)]
    if entry["roles"] == ["formulir"]:
        found = check_text(f'judul = "Formulir"\n\n{text}\n'.encode(), "a/f.toml", around, "formulir")[1]
        return [each for each in found if "[[bagian.isian]]" in each.text or each.line > 2]
    before = "# Judul\n\nKalimat pembuka.\n\n"
    whole = {
        "utuh": text,
        "kalimat": f"{before}Sebuah {text} di tengah.{LEGAL}",
        "bagian": f"{before}{text}{LEGAL}",
        "blok": f"{before}{text}{LEGAL}",
        "soal": f"{before}## Latihan\n\n{text}{LEGAL}",
        "akhir": f"{before}{text}\n",
    }[entry["where"]]
    return check_text(whole.encode(), "a/satu.md", around, "pelajaran")[1]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["slug"])
def test_every_example_is_accepted_but_for_its_words_to_replace(entry: Entry) -> None:
    assert [each.text for each in problems(entry) if "belum diganti" not in each.text] == []
    assert entry["select"] in entry["example"]
    assert entry["words"].endswith(".")


@pytest.mark.parametrize(
    "entry",
    [each for each in ENTRIES if each["where"] == "soal" or each["slug"] in FILLED_IN],
    ids=lambda entry: entry["slug"],
)
def test_an_example_that_was_left_as_it_is_is_told_once(entry: Entry) -> None:
    (problem,) = problems(entry)
    assert f'contoh "{entry["select"]}' in problem.text
    assert problems(entry | {"example": entry["example"].replace(entry["select"], "Kata sendiri")}) != [problem]


def test_an_example_with_a_fault_is_red() -> None:
    pool = next(entry for entry in ENTRIES if entry["slug"] == "pilihan")
    assert problems(pool | {"example": pool["example"].replace("[x]", "[ ]")})


def test_every_kind_of_question_has_an_example_that_is_read_as_one() -> None:
    around = place_of({}, {}, CHECKED)
    asked = [entry for entry in ENTRIES if entry["where"] == "soal"]
    kinds = set()
    for entry in asked:
        text = f"# A\n\n## Latihan\n\n{entry['example']}\n".encode()
        lesson, _ = check_text(text, "a.md", around, "pelajaran")
        assert isinstance(lesson, Lesson)
        kinds |= {question.kind for question in lesson.practice[0].questions}
    assert kinds == set(KINDS)


def test_entries_are_called_by_names_of_their_own() -> None:
    assert len({entry["slug"] for entry in ENTRIES}) == len(ENTRIES)


def test_dates_in_examples_are_todays() -> None:
    found = [entry["example"] for group in groups_for("pelajaran", date(2027, 1, 2)) for entry in group["entries"]]
    assert any("Diperiksa: 2 Januari 2027" in example for example in found)
    assert not any(TODAY in example for example in found)


def test_the_page_of_help_has_every_entry(client: Client, cast: Cast) -> None:
    text = as_editor(client, cast).page("/pelatih/bantuan-menulis")
    for entry in ENTRIES:
        assert f'id="cara-{entry["slug"]}"' in text
    assert "Sisipkan contoh ini" not in text


def test_a_text_is_offered_what_belongs_in_it(client: Client, cast: Cast) -> None:
    editor = as_editor(client, cast)
    glossary = editor.page(f"{HOME}/sunting/glosarium.md")
    assert 'data-sisip="istilah"' in glossary
    assert 'data-sisip="pilihan"' not in glossary
    assert "data-gambar" not in glossary
    course = editor.page(f"{HOME}/sunting/kursus.toml")
    assert 'data-sisip="materi"' in course
    assert 'data-sisip="tebal"' not in course


def chapters() -> list[str]:
    """The chapters of the manual that pages lead to, as their templates name them."""
    told = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
    pattern = r'(?:manual\(|crumb\([^)]*?, |chapter=)"([a-z-]+/[a-z-]+)"'
    return sorted({chapter for text in told for chapter in re.findall(pattern, text)})


def test_every_page_of_writing_leads_to_a_chapter_that_the_manual_has() -> None:
    files = read_folder(ROOT / "courses/panduan-pelatih")
    assert "terbit/menerbitkan" in chapters()
    assert [each for each in chapters() if f"{each}.md" not in files] == []


def test_the_desks_lead_to_the_manual(client: Client, cast: Cast) -> None:
    editor = as_editor(client, cast)
    assert 'href="/belajar/panduan-pelatih">Panduan pelatih' in editor.page("/pelatih")
    for path, chapter in (("", "menulis/meja-kursus"), ("/terbitkan", "terbit/menerbitkan")):
        assert f'<a href="/belajar/panduan-pelatih/{chapter}">Bantuan</a>' in editor.page(f"{HOME}{path}")
