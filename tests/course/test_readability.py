"""What makes a text hard to read, with its lines; and one text checked alone as in its whole course."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.check import as_typed, check_course, check_file, needed, place_of
from lms.course.folder import read_folder
from lms.course.glossary import matching, parse_glossary
from lms.course.prose import readability
from lms.db.settings import ROOT
from tests.conftest import COURSE, START

TERMS, _ = parse_glossary(
    "## Sinergi | bersinergi\n\nBekerja sama.\n\nKata mudah: kerja sama\n\n## Faskes\n\nTempat berobat.\n\n"
    "## PAS | Pemerlu\n\nSasaran.\n\nkata mudah : yang perlu dibantu \n"
)
TODAY = START.date()


def said(source: str) -> list[tuple[int, str]]:
    return [(remark.line, remark.kind) for remark in readability(source, TERMS).remarks]


def test_a_term_with_plainer_words_is_remarked_once_where_it_comes_first() -> None:
    assert said("# Sinergi\n\nSatu.\nMari\nbersinergi.\n\nSinergi lagi.\n") == [(5, "istilah")]
    assert said("Faskes di desa.\n") == []
    assert said("Yang pas untuk PAS.\n") == [(1, "istilah")]


def test_code_links_pictures_and_rules_are_not_read() -> None:
    assert said("`sinergi` [x](sinergi.md) ![sinergi](media/a.png)\n") == []
    assert said("# A\n\n## Dasar hukum\n\n- Aturan sinergi\n") == []


def test_long_sentences_and_abbreviations_carry_their_lines() -> None:
    long = "kata " * 26
    assert said(f"# A\n\nPendek.\n\n{long}.\n\nTanya BAPPEDA.\n") == [(5, "kalimat"), (7, "singkatan")]


def test_the_average_sentence_is_told() -> None:
    assert readability("Satu dua tiga. Empat lima.\n", ()).sentence_words == 2.5
    assert readability("", ()).sentence_words == 0


def test_plain_words_are_no_part_of_the_explanation_but_shown_and_found() -> None:
    term = TERMS[0]
    assert (term.plain, term.text) == ("kerja sama", "Bekerja sama.")
    assert term.shown == "Bekerja sama.\n\nKata mudah: kerja sama"
    assert TERMS[1].shown == TERMS[1].text
    assert matching(TERMS, "yang perlu dibantu") == [TERMS[2]]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Kata mudah:", "belum diisi"),
        ("Kata mudah: a\nKata mudah: b", "dua kali"),
        ("Kata mudah: " + "x" * 81, "panjang"),
    ],
)
def test_plain_words_that_cannot_be_used_are_told(line: str, words: str) -> None:
    _, problems = parse_glossary(f"## A\n\nArti.\n\n{line}\n")
    assert [words in problem.text for problem in problems] == [True]


@given(st.text(alphabet="#|- \nakAK:.`[]()", max_size=200))
def test_nothing_that_is_written_makes_it_raise(source: str) -> None:
    found = readability(source, TERMS)
    assert all(1 <= each.line <= source.count("\n") + 1 for each in found.remarks)
    assert found.sentence_words >= 0


def test_the_bundled_glossary_has_plain_words() -> None:
    terms, _ = parse_glossary((ROOT / "courses/bimtek-dasar-psm/glosarium.md").read_text(encoding="utf-8"))
    assert sum(bool(term.plain) for term in terms) >= 12


def alone(files: dict[str, bytes], path: str) -> list[tuple[int, str, str]]:
    place = place_of(dict.fromkeys(files, 0), {name: files[name] for name in needed(files)})
    place = as_typed(place, path, files[path].decode("utf-8", "replace"))
    return sorted((each.line, each.level, each.text) for each in check_file(files[path], path, place, TODAY))


def together(files: dict[str, bytes], path: str) -> list[tuple[int, str, str]]:
    found = check_course(files, TODAY).problems
    return sorted((each.line, each.level, each.text) for each in found if each.path == path)


def spoiled() -> dict[str, bytes]:
    """The small course with something wrong in every kind of file."""
    files = read_folder(COURSE)
    files["dasar/satu.md"] = files["dasar/satu.md"].replace(b"[x]", b"[ ]").replace(b"dua.md", b"hilang.md")
    files["dasar/DUA.md"] = b"# Kembar\n"
    files["dasar/rusak.md"] = b"\xff\xfe"
    files["dasar/sisa.md"] = b"# Tidak tercantum\n\n" + b"kata " * 30
    files["glosarium.md"] = b"## A\n\n## A\n\nArti.\n"
    files["tes.md"] = b"## Kuis: Lain (ambil 3)\n\n### Satu?\n\nJawaban: 1\n"
    files["dasar/f.toml"] = b'judul = "F"\nlulus = 700\n[[kasus]]\nslug = "s"\njudul = "K"\ncerita = "cerita.md"\n'
    files["dasar/cerita.md"] = b"# Lain\n\nPendek.\n"
    return files


@pytest.mark.parametrize("tests", [b"", b'\n[tes]\nbank = "tes.md"\n'])
def test_a_text_is_judged_alone_as_in_its_course(tests: bytes) -> None:
    files = spoiled()
    files["kursus.toml"] = (
        files["kursus.toml"].replace(b"\n[sertifikat]", tests + b"\n[sertifikat]").replace(b"dua", b"DUA")
    )
    told = {path: alone(files, path) for path in files if path.endswith((".md", ".toml"))}
    assert told == {path: together(files, path) for path in told}
    assert sum(bool(problems) for problems in told.values()) >= 8


@pytest.mark.walk
@pytest.mark.parametrize("slug", ["bimtek-dasar-psm", "panduan-pelatih"])
def test_every_text_of_a_bundled_course_is_judged_alone_as_in_its_course(slug: str) -> None:
    files = read_folder(ROOT / "courses" / slug)
    place = place_of(dict.fromkeys(files, 0), {name: files[name] for name in needed(files)})
    found = [
        problem
        for path in files
        if path.endswith((".md", ".toml"))
        for problem in check_file(files[path], path, place, TODAY)
    ]
    assert sorted(found) == sorted(check_course(files, TODAY).problems)


def test_without_a_readable_kursus_toml_texts_are_judged_all_the_same() -> None:
    files = spoiled() | {"kursus.toml": b"rusak ["}
    told = {path: alone(files, path) for path in files if path.endswith((".md", ".toml"))}
    assert told == {path: together(files, path) for path in told}
