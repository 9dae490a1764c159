"""What becomes of a course from one edition to another."""

import pytest

from lms.course.changes import LARGE_QUESTIONS, FileChange, changes
from lms.course.folder import read_folder
from tests.conftest import COURSE

ONE, TWO = "dasar/satu.md", "dasar/dua.md"


def after(path: str, old: str, new: str) -> dict[str, bytes]:
    """The test course with other words in one of its files."""
    files = read_folder(COURSE)
    assert old.encode() in files[path]
    files[path] = files[path].replace(old.encode(), new.encode())
    return files


def found(files: dict[str, bytes]) -> dict[str, FileChange]:
    return {change.path: change for change in changes(read_folder(COURSE), files)}


def test_files_and_questions_are_named() -> None:
    files = after(ONE, "### Warna daun?", "### Apa warna daun?")
    files[TWO] = files[TWO].replace(b"Jawaban: 60 |", b"Jawaban: 61 |")
    files["dasar/media/foto.png"] = b"x"
    del files["dasar/media/rumah.svg"]
    assert [(each.what, each.kind, each.path) for each in changes(read_folder(COURSE), files)] == [
        ("berubah", "pelajaran", TWO),
        ("baru", "berkas", "dasar/media/foto.png"),
        ("dihapus", "berkas", "dasar/media/rumah.svg"),
        ("berubah", "pelajaran", ONE),
    ]
    asked = [(each.what, each.slug) for path in (TWO, ONE) for each in found(files)[path].questions]
    assert asked == [("berubah", "umur-termuda-lansia"), ("dihapus", "warna-daun"), ("baru", "apa-warna-daun")]
    assert found(files)[ONE].title == "Pelajaran satu"
    assert changes(files, files) == []


def test_a_renamed_lesson_is_one_change_and_not_two() -> None:
    files = after(TWO, "jenis soal lain", "jenis soal yang lain")
    files["lanjut/dua.md"] = files.pop(TWO)
    files["kursus.toml"] = (
        files["kursus.toml"]
        .replace(b"dasar/dua.md", b"lanjut/dua.md")
        .replace(b"[[materi]]", b'[pindah]\n"dasar/dua" = "lanjut/dua"\n\n[[materi]]')
    )
    change = found(files)["lanjut/dua.md"]
    assert (change.was, change.what, change.kind, change.identity) == (TWO, "berubah", "pelajaran", "lanjut/dua")
    assert TWO not in found(files)


@pytest.mark.parametrize(
    ("old", "new", "large"),
    [
        ("tentang desa", "tentang kota", False),
        ("Kalimat pembuka tentang desa.", "Kalimat pembuka tentang desa. " + "Kata baru lagi di sini. " * 3, True),
        ("Kalimat pembuka tentang desa. Lihat juga", "Lihat juga kalimat tentang pembuka desa.", False),
        ("Hijau latihan", "Hijau daun", False),
    ],
    ids=["a word", "a fifth", "only moved", "a question"],
)
def test_a_fifth_of_the_words_is_a_lot(old: str, new: str, large: bool) -> None:
    assert found(after(ONE, old, new))[ONE].is_large is large


def test_three_questions_are_a_lot() -> None:
    files = read_folder(COURSE)
    for number, old in enumerate((b"Mangga", b"Jawaban: 60 |", b"Salam pembuka"), start=1):
        files[TWO] = files[TWO].replace(old, old + b"1")
        assert found(files)[TWO].is_large is (number >= LARGE_QUESTIONS)


def test_new_and_removed_lessons_and_other_files_are_never_read_again() -> None:
    files = {path: data for path, data in read_folder(COURSE).items() if path != TWO}
    files["baru.md"], files["kursus.toml"] = b"# Baru\n\nSemua kata baru.\n", b'judul = "Lain"\n'
    assert not any(each.is_large for each in found(files).values())


def test_the_tests_the_terms_and_the_order_have_kinds_of_their_own() -> None:
    files = after("kursus.toml", "[[materi]]", '[tes]\nbank = "soal.md"\n\n[[materi]]')
    files |= {"soal.md": b"## Kuis: Dasar (ambil 1)\n\n### A?\n\nJawaban: 1\n", "glosarium.md": b"## Kata\n\nArti.\n"}
    kinds = {path: change.kind for path, change in found(files).items()}
    assert kinds == {"kursus.toml": "susunan", "soal.md": "tes", "glosarium.md": "istilah"}
    assert [each.title for each in found(files)["soal.md"].questions] == ["A?"]


def test_bytes_that_are_no_text_break_nothing() -> None:
    assert found(after(ONE, "Kalimat", "\0")) | found({"kursus.toml": b"\xff", ONE: b"\xff\xfe"})
    assert [each.what for each in changes({}, {"kursus.toml": b"[", "a.toml": b"\xff"})] == ["baru", "baru"]
