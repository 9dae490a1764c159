"""Questions that were written elsewhere come into a lesson, always seen first."""

import html
import io
import re
import zipfile
from collections.abc import Sequence

import pytest
from openpyxl import Workbook, load_workbook
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from lms.authoring.intake.rows import COLUMNS, KINDS, read_rows
from lms.authoring.intake_reading import questions_in
from lms.course import actions, queries
from lms.course.bank import parse_bank
from lms.course.folder import read_folder
from lms.course.lesson import Lesson, parse_lesson
from lms.course.questions.choice import SingleChoice
from lms.db.engine import db, writing
from lms.db.tables import CourseEditor
from tests.authoring.test_intake_hostile import GIFTS, NUMBERED
from tests.conftest import COURSE, SLUG, START, Cast, Client, sign_in
from tests.course.test_hostile import LESSONS
from tests.effort import often
from tests.quiz.exam_course import exam_files

HOME = f"/pelatih/kursus/{SLUG}"
INTAKE = f"{HOME}/soal"
FILES = read_folder(COURSE)
SOME = 8_000
TEXT = "1. Apa tugas PSM?\na. Mendata warga\nb. Menilang\nKunci: A\n\n2. Berapa umur lansia?\nKunci: 60 | enam puluh\n"


@pytest.fixture
def editor(client: Client, cast: Cast) -> Client:
    with writing():
        db.session.add(CourseEditor(course_id=1, person_id=cast.other_trainer, at=START))
    return sign_in(client, cast.other_trainer)


def bring(client: Client, text: str = "", file: tuple[str, bytes] | None = None, **fields: str) -> TestResponse:
    form: dict[str, object] = {
        "pelajaran": "dasar/dua.md",
        "bagian": "latihan",
        "aksi": "lihat",
        "teks": text,
        **fields,
    }
    if file:
        form["berkas"] = (io.BytesIO(file[1]), file[0])
    form["csrf_token"] = client.token()
    return client.post(INTAKE, data=form, content_type="multipart/form-data")


def preview(client: Client, text: str = "", file: tuple[str, bytes] | None = None, **fields: str) -> str:
    response = bring(client, text, file, **fields)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def carried(page: str) -> dict[str, str]:
    found = dict(re.findall(r'type="hidden" name="(pelajaran|bagian|dasar)" value="([^"]*)"', page))
    text = re.search(r'<textarea[^>]*name="soal"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert text
    unescape = text[1].replace("&gt;", ">").replace("&lt;", "<").replace("&#34;", '"').replace("&#39;", "'")
    return {**found, "soal": unescape.replace("&amp;", "&").replace("\n", "\r\n")}


def lesson(path: str = "dasar/dua.md") -> Lesson:
    db.session.rollback()
    return parse_lesson(path, queries.files_of(queries.draft_hashes(1))[path].decode())[0]


def titles(kind: str = "latihan") -> list[str]:
    return [question.title for pool in lesson().pools if pool.kind == kind for question in pool.questions]


def book(*rows: Sequence[object], title: str = "Soal") -> bytes:
    made, target = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    made.save(target)
    return target.getvalue()


def test_a_pasted_text_is_seen_first_and_then_put_in_once(editor: Client) -> None:
    before = titles()
    page = preview(editor, TEXT)
    assert "2 soal untuk" in page
    assert "Mendata warga" in page
    assert "belum punya umpan balik" in page
    assert titles() == before
    for _ in range(2):
        response = editor.send(INTAKE, aksi="masukkan", **carried(page))
        assert (response.status_code, response.location) == (303, f"{HOME}/sunting/dasar/dua.md")
    assert titles() == [*before, "Apa tugas PSM?", "Berapa umur lansia?"]


def test_everything_else_in_the_lesson_stays_as_it_was(editor: Client) -> None:
    editor.send(INTAKE, aksi="masukkan", **carried(preview(editor, TEXT, bagian="kuis")))
    db.session.rollback()
    made = queries.files_of(queries.draft_hashes(1))["dasar/dua.md"].decode()
    assert [line for line in FILES["dasar/dua.md"].decode().split("\n") if line not in made.split("\n")] == []
    assert titles("kuis")[-1] == "Berapa umur lansia?"


def test_what_was_mended_in_the_preview_is_checked_again_and_comes_in(editor: Client) -> None:
    fields = carried(preview(editor, "1. Mana?\na. x\nb. y\n"))
    response = editor.send(INTAKE, aksi="periksa", **fields)
    assert "tidak punya jawaban benar" in response.get_data(as_text=True)
    fields["soal"] = fields["soal"].replace("- [ ] y", "- [x] y")
    mended = editor.send(INTAKE, aksi="periksa", **fields).get_data(as_text=True)
    assert "tidak punya jawaban benar" not in mended
    assert editor.send(INTAKE, aksi="masukkan", **carried(mended)).status_code == 303
    assert "mana" in [each.slug for pool in lesson().pools for each in pool.questions]


def test_what_was_not_understood_is_told_with_its_line(editor: Client) -> None:
    page = preview(editor, f"Kata pengantar.\n\n{TEXT}")
    assert "Baris 1: baris &#34;Kata pengantar.&#34; tidak termasuk soal" in page


def test_a_question_that_is_there_already_does_not_come_twice(editor: Client) -> None:
    editor.send(INTAKE, aksi="masukkan", **carried(preview(editor, TEXT)))
    response = bring(editor, TEXT)
    assert response.status_code == 422
    assert "sudah ada di sana" in response.get_data(as_text=True)
    page = preview(editor, TEXT.replace("Menilang", "Menyuluh"))
    assert "### Apa tugas PSM? (2)" in page
    assert "1 soal untuk" in page


def test_a_lesson_that_was_saved_meanwhile_is_looked_at_again(editor: Client, cast: Cast) -> None:
    page = preview(editor, TEXT)
    with writing():
        actions.save_files(1, {"dasar/dua.md": FILES["dasar/dua.md"] + b"\n## Lain\n\nIsi.\n"}, cast.admin, START)
    response = editor.send(INTAKE, aksi="masukkan", **carried(page))
    assert response.status_code == 409
    assert "disimpan orang lain" in response.get_data(as_text=True)
    assert "Apa tugas PSM?" not in titles()
    again = editor.send(INTAKE, aksi="masukkan", **carried(response.get_data(as_text=True)))
    assert again.status_code == 303
    assert "Apa tugas PSM?" in titles()


def test_gift_and_files_of_text_are_recognised(editor: Client) -> None:
    assert "Pilih semua yang benar" in preview(editor, "Mana?{~%50%a ~%50%b ~c}")
    assert "Cocokkan" in preview(editor, file=("soal.gift", "::Cocokkan::Apa?{=a -> b =c -> d}".encode("utf-16")))
    assert "Café" in preview(editor, file=("soal.txt", "1. Café?\nKunci: ya\n".encode("cp1252")))


def test_the_template_can_be_filled_in_and_comes_back(editor: Client) -> None:
    held = load_workbook(io.BytesIO(editor.get(f"{INTAKE}/templat.xlsx").get_data()))
    assert held.sheetnames == ["Soal", "Contoh", "Petunjuk"]
    offered = held["Soal"].data_validations.dataValidation[0]
    assert (str(offered.sqref), offered.formula1) == ("B2:B501", f'"{",".join(KINDS)}"')
    rows = [[str(cell or "") for cell in row] for row in held["Contoh"].iter_rows(values_only=True)]
    assert tuple(rows[0]) == tuple(str(cell.value) for cell in held["Soal"][1]) == COLUMNS
    reading = read_rows(rows)
    assert reading.problems == []
    assert [question.kind for question in reading.questions] == [
        "pilihan",
        "pilihan",
        "pilihan",
        "isian",
        "urutan",
        "jodoh",
        "bebas",
    ]
    for example in rows[1:]:
        held["Soal"].append(example)
    target = io.BytesIO()
    held.save(target)
    page = preview(editor, file=("templat-soal.xlsx", target.getvalue()))
    assert f"{len(rows) - 1} soal untuk" in page
    before = titles()
    assert editor.send(INTAKE, aksi="masukkan", **carried(page)).status_code == 303
    assert titles() == [*before, *(example[0] for example in rows[1:])]


def test_numbers_in_cells_are_what_their_author_sees(editor: Client) -> None:
    page = preview(editor, file=("a.xlsx", book(["soal", "kunci"], ["Berapa?", 60.0], ["Pi?", 3.14], ["Ya?", True])))
    assert "Jawaban: 60\n" in page
    assert "Jawaban: 3,14" in page
    assert "- [x] Benar" in page


def altered(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with one of its parts changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            text = source.read(name)
            made.writestr(name, text.replace(old, new) if name == part else text)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
PLAIN = book(["soal", "kunci"], ["Berapa?", "1"])
BOOKS = {
    "a document of Word": ("a.docx", b"PK\x03\x04rest", "berkas Word"),
    "a zip": ("a.xlsx", b"PK\x03\x04rest", "bukan .xlsx yang utuh"),
    "half a book": ("a.xlsx", PLAIN[:-100], "bukan .xlsx yang utuh"),
    "a far cell": ("a.xlsx", altered(PLAIN, SHEET, b'r="A2"', b'r="XFD1048576"'), "sangat jauh"),
    "a doctype": ("a.xlsx", altered(PLAIN, SHEET, b"<worksheet", b"<!DOCTYPE x><worksheet"), "bukan .xlsx yang utuh"),
    "a bomb": ("a.xlsx", altered(PLAIN, SHEET, b"</worksheet>", b" " * (31 * 2**20)), "terlalu besar"),
    "broken": ("a.xlsx", altered(PLAIN, SHEET, b"</sheetData>", b""), "bukan .xlsx yang utuh"),
    "another heading": ("a.xlsx", book(["tanya"], ["x"]), "templat"),
    "too many rows": ("a.xlsx", book(*([["soal"]] * 2_002)), "2.000 baris"),
    "a picture": ("a.png", b"\x89PNG\0\0", "bukan tulisan"),
    "nothing": ("", b"", "Belum ada soal"),
    "empty": ("a.txt", b"", "Berkas &#34;a.txt&#34; kosong"),
    "spaces": ("a.txt", b"  \n", "Belum ada soal"),
}


@pytest.mark.parametrize("name", BOOKS)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(editor: Client, name: str) -> None:
    file_name, data, reason = BOOKS[name]
    response = bring(editor, file=(file_name, data))
    assert response.status_code == 422
    assert reason in response.get_data(as_text=True)


@pytest.mark.walk
def test_a_hostile_text_gets_an_answer(editor: Client) -> None:
    editor.lint = False  # Braces that were brought look like a template that shows through.
    # Each of them is read without a page in tests/core.
    for name, text in list({**LESSONS, **GIFTS, **NUMBERED}.items())[:: often(4, 1)]:
        response = bring(editor, file=("a.txt", text.encode("utf-8", "replace")[:SOME]))
        assert response.status_code in (200, 422), name


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"bagian": "ujian"}, 400),
        ({"aksi": "hapus"}, 400),
        ({"pelajaran": "tidak/ada.md"}, 422),
        ({"pelajaran": "kursus.toml"}, 422),
        ({"pelajaran": ""}, 422),
        ({"aksi": "periksa", "soal": ""}, 422),
        ({"aksi": "masukkan", "soal": "bukan soal"}, 422),
        ({"aksi": "masukkan", "soal": "### A\n\nJawaban: 1\n" + "x" * 205_000}, 422),
    ],
)
def test_a_form_that_cannot_be_changes_nothing(editor: Client, fields: dict[str, str], status: int) -> None:
    base = queries.draft_hashes(1)["dasar/dua.md"]
    assert bring(editor, TEXT, None, dasar=base, **fields).status_code == status
    assert lesson() == parse_lesson("dasar/dua.md", FILES["dasar/dua.md"].decode())[0]


def test_what_was_typed_is_still_there_after_a_refusal(editor: Client) -> None:
    page = bring(editor, TEXT, pelajaran="").get_data(as_text=True)
    assert "1. Apa tugas PSM?" in page
    assert "Pilih dulu pelajarannya" in page


def test_an_open_fence_takes_no_questions(editor: Client, cast: Cast) -> None:
    with writing():
        actions.save_files(1, {"dasar/dua.md": b"# Dua\n\n```\nx\n"}, cast.admin, START)
    response = bring(editor, TEXT)
    assert response.status_code == 422
    assert "Blok kode di baris 3" in response.get_data(as_text=True)


def test_a_stranger_brings_nothing(client: Client, cast: Cast) -> None:
    sign_in(client, cast.trainer)
    assert client.get(INTAKE).status_code == 404
    assert client.get(f"{INTAKE}/templat.xlsx").status_code == 404
    assert bring(client, TEXT).status_code == 404


def bank() -> dict[str, list[str]]:
    """Materi -> titles of its questions in the tests."""
    db.session.rollback()
    pools = parse_bank("tes.md", queries.files_of(queries.draft_hashes(1))["tes.md"].decode())[0].pools
    return {pool.name: [question.title for question in pool.questions] for pool in pools}


def test_questions_come_into_the_tests_of_a_materi(editor: Client, cast: Cast) -> None:
    assert "Tes awal dan tes akhir" not in editor.page(INTAKE), "this course has no tests"
    with writing():
        actions.save_files(1, exam_files(), cast.other_trainer, START)
    before = bank()
    subject = next(iter(before))
    assert f'<option value="tes.md#{subject}">{subject}</option>' in editor.page(INTAKE)
    page = preview(editor, TEXT, pelajaran=f"tes.md#{subject}")
    assert f"2 soal untuk tes, materi “{subject}”" in page
    assert "Soal akan masuk di akhir soal materi itu." in page
    for _ in range(2):
        response = editor.send(INTAKE, aksi="masukkan", **carried(page))
        assert (response.status_code, response.location) == (303, f"{HOME}/sunting/tes.md")
    assert bank() == {**before, subject: [*before[subject], "Apa tugas PSM?", "Berapa umur lansia?"]}
    again = preview(editor, f"{TEXT}\n3. Berapa umur balita?\nKunci: 5\n", pelajaran=f"tes.md#{subject}")
    assert "1 soal untuk" in again, "what is there already is not put in again"


def test_the_first_questions_of_a_materi_open_its_pool(editor: Client, cast: Cast) -> None:
    files = exam_files()
    subject = next(iter({pool.name: 1 for pool in parse_bank("tes.md", files["tes.md"].decode())[0].pools}))
    with writing():
        actions.save_files(1, {**files, "tes.md": None}, cast.other_trainer, START)
    page = preview(editor, TEXT, pelajaran=f"tes.md#{subject}")
    assert editor.send(INTAKE, aksi="masukkan", **carried(page)).status_code == 303
    assert bank() == {subject: ["Apa tugas PSM?", "Berapa umur lansia?"]}
    db.session.rollback()
    made = queries.files_of(queries.draft_hashes(1))["tes.md"].decode()
    assert made.startswith(f"## Kuis: {subject} (ambil 1)\n\n### Apa tugas PSM?")


@pytest.mark.parametrize("place", ["tes.md#Bukan materi", "tes.md", "tes.md#"])
def test_what_is_no_place_of_the_tests_is_asked_again(editor: Client, cast: Cast, place: str) -> None:
    with writing():
        actions.save_files(1, exam_files(), cast.other_trainer, START)
    response = bring(editor, TEXT, pelajaran=place)
    assert response.status_code == 422
    assert "Pilih dulu pelajarannya" in response.get_data(as_text=True)


def test_too_large_a_file_of_questions_comes_back_on_the_form_with_what_was_typed(editor: Client) -> None:
    file = FileStorage(io.BytesIO(b"a" * 4 * 2**20), "soal.txt")
    asked = {"pelajaran": "dasar/satu.md", "bagian": "kuis", "aksi": "lihat", "teks": "1. KETIKAN", "berkas": file}
    boundary, body = encode_multipart({"csrf_token": editor.token(), **asked})
    answer = editor.post(INTAKE, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    text = answer.get_data(as_text=True)
    assert (answer.status_code, "1. KETIKAN" in text, "lebih dari 2 MB" in text) == (422, True, True)


HOSTILE = (
    "`kode` dan **tebal** [x] <b>",
    "> kutip - [ ] _a_ | \\",
    "### judul",
    "Jawaban: bebas",
    "1. satu",
    "- [x] x",
)


def test_a_question_written_in_fields_is_read_back_as_it_was_written(editor: Client) -> None:
    asked = {"isian soal": f"{HOSTILE[1]}\n```\n{HOSTILE[2]}", "isian penjelasan": "> satu\n\n- [x] dua"}
    asked |= {f"isian pilihan {letter}": text for letter, text in zip("abcdef", HOSTILE, strict=True)}
    asked |= {f"isian umpan balik {letter}": f"> {text}" for letter, text in zip("abcdef", HOSTILE, strict=True)}
    form = {"pelajaran": "dasar/satu.md", "bagian": "kuis", "aksi": "lihat", "isian kunci": "B", **asked}
    page = editor.send(INTAKE, **form).get_data(as_text=True)
    written = html.unescape(re.search(r'<textarea[^>]*name="soal"[^>]*>\n?(.*?)</textarea>', page, re.S)[1])  # type: ignore[index]
    (question,) = questions_in(written)
    assert isinstance(question, SingleChoice)
    assert [re.sub(r"\\([\W_])", r"\1", option.text) for option in question.options] == list(HOSTILE)
    reasons = [re.sub(r"\\([\W_])", r"\1", option.feedback) for option in question.options]
    assert reasons == [f"> {text}" for text in HOSTILE]
    assert [option.right for option in question.options] == [False, True, False, False, False, False]
    assert len(question.explanation.split("\n\n")) == 2


def test_fields_that_are_not_whole_come_back_as_they_were_typed(editor: Client) -> None:
    form = {
        "pelajaran": "dasar/satu.md",
        "bagian": "kuis",
        "aksi": "lihat",
        "isian soal": "TANYA",
        "isian pilihan a": "SATU",
    }
    answer = editor.send(INTAKE, **form)
    text = answer.get_data(as_text=True)
    assert (answer.status_code, "TANYA" in text, ">\nSATU</textarea>" in text) == (422, True, True)
