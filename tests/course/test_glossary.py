"""The glossary: what is read from glosarium.md, what is wrong with it, and where a text uses its terms."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.check import check_course
from lms.course.glossary import Finder, Term, alphabetical, matching, parse_glossary
from lms.course.markup import explanation, inline, mark_terms, render
from tests.effort import SECONDS, K, takes_less

TODAY = date(2026, 11, 24)
COURSE = b'judul = "K"\n[[materi]]\njudul = "M"\npelajaran = ["a/b.md"]\n'
LESSON = b"# A\n\nTeks.\n\n## Dasar hukum\n\n- UU A\n\nDiperiksa: 1 Januari 2026\n"
LONG = "PSM | Pekerja Sosial Masyarakat"


def terms(*headings: str) -> tuple[Term, ...]:
    return parse_glossary("".join(f"## {heading}\n\nArtinya.\n\n" for heading in headings))[0]


def marked(text: str, *headings: str) -> list[str]:
    """The words of a Markdown text that became links to a term."""
    return [piece.partition("</a>")[0].rpartition(">")[2] for piece in _html(text, *headings).split("<a class=")[1:]]


def _html(text: str, *headings: str) -> str:
    return mark_terms(render(text, "a/b.md"), Finder(terms(*headings)), {})


def problems(glossary: str | bytes, lesson: bytes = LESSON) -> list[tuple[int, str, str]]:
    """What the checker says about the glossary of a course of one lesson."""
    data = glossary if isinstance(glossary, bytes) else glossary.encode()
    report = check_course({"kursus.toml": COURSE, "a/b.md": lesson, "glosarium.md": data}, TODAY)
    assert {problem.path for problem in report.problems} <= {"glosarium.md"}
    return [(problem.line, problem.level, problem.text) for problem in report.problems]


def test_a_term_has_names_a_text_its_line_and_a_slug() -> None:
    found, faults = parse_glossary(
        "# Glosarium\n\n## PBI-JK | PBI  JK |\n\nIuran *dibayar*.\n\nSelesai.\n\n## PBI\n\nX.\n"
    )
    assert faults == []
    assert found == (
        Term(("PBI-JK", "PBI JK"), "Iuran *dibayar*.\n\nSelesai.", 3, "pbi-jk"),
        Term(("PBI",), "X.", 9, "pbi"),
    )


def test_slugs_are_unique() -> None:
    assert [term.slug for term in terms("A b", "A-b", "A b!", "A b 2")] == ["a-b", "a-b-2", "a-b-3", "a-b-2-2"]


FAULTS = [
    ("## PKH\n\n## Desa\n\nTempat.\n", 1, "galat", 'istilah "PKH" belum dijelaskan'),
    ("## \n\nTempat.\n", 1, "galat", "istilah belum punya nama"),
    ("## PKH\n\nX.\n\n## Desa | pkh\n\nY.\n", 5, "galat", 'istilah "pkh" sudah ada di baris 1'),
    ("## Désa | desa\n\nX.\n", 1, "galat", 'istilah "desa" sudah ada di baris 1'),
    ("Pengantar.\n\nLagi.\n\n## PKH\n\nX.\n", 1, "peringatan", "teks sebelum istilah pertama"),
    ("## PKH\n\n" + "Kata kata kata. " * 21, 1, "peringatan", 'penjelasan istilah "PKH" 63 kata'),
    ("## PKH\n\n" + "kata " * 26 + "\n", 3, "peringatan", "kalimat 26 kata"),
    ("## PKH\n\nX.\n\n### Lain\n", 5, "peringatan", "judul di dalam penjelasan"),
    ("## a b c d e f g h i\n\nX.\n", 1, "peringatan", "lebih dari 8 kata"),
    ("## PKH\n\n[x](a/c.md)\n", 3, "galat", 'tautan "a/c.md" menuju berkas yang tidak ada'),
    ("## PKH\n\n![](b.svg)\n", 3, "galat", "tidak berada di folder media/"),
    ("## PKH\n\n```\nX.\n", 3, "galat", "blok kode tidak ditutup"),
    ("## PKH\n\nNIK 3312014506780001.\n", 3, "galat", "16 angka seperti NIK"),
    (b"## PKH\n\n\xff\n", 3, "galat", "bukan UTF-8"),
]


@pytest.mark.parametrize(("glossary", "line", "level", "words"), FAULTS)
def test_a_fault_is_told_with_its_line_and_remedy(glossary: str | bytes, line: int, level: str, words: str) -> None:
    found = problems(glossary)[0]
    assert found[:2] == (line, level)
    assert words in found[2]


def test_all_faults_are_told_at_once_in_their_order() -> None:
    found = problems("Awal.\n\n## PKH\n\n## PKH\n\n[x](y.md)\n")
    assert [line for line, _, _ in found] == [1, 3, 5, 7]


def test_a_good_glossary_has_no_fault_and_its_terms_need_no_use() -> None:
    assert problems("# Istilah\n\n## PKH | Program Keluarga Harapan\n\nBantuan. Lihat [A](a/b.md).\n") == []
    assert problems("") == []


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("Warga desa. Desa lain.", ["Desa"], ["desa"]),
        ("Pedesaan, desakan, desa-desa, e-desa.", ["Desa"], []),
        ("Perangkat desa-nya ramah.", ["Desa"], ["desa"]),
        ("Ada pkh dan Pkh, lalu PKH.", ["PKH"], ["PKH"]),
        ("Ia pas. Ada 12 pas, lalu 12 PAS.", ["12 PAS"], ["12 PAS"]),
        ("IPSM bukan PSM.", ["PSM"], ["PSM"]),
        ("Kartu PBI-JK lalu PBI.", ["PBI", "PBI-JK"], ["PBI-JK", "PBI"]),
        ("PBI-JK saja.", ["PBI"], []),
        ("Pekerja Sosial Masyarakat (PSM).", [LONG, "Pekerja Sosial"], ["Pekerja Sosial Masyarakat"]),
        ("Pekerja Sosial Masyarakat. Pekerja Sosial Masyarakat.", [LONG, "Pekerja"], ["Pekerja Sosial Masyarakat"]),
        ("pekerja\nsosial", ["Pekerja Sosial"], ["pekerja\nsosial"]),
        ("pekerja, sosial", ["Pekerja Sosial"], []),
        ("Pekerja Sosial Baru.", ["Pekerja Sosial Masyarakat", "Pekerja"], ["Pekerja"]),
        ("Di kemensos.go.id dan surel@kemensos lalu Kemensos.", ["Kemensos"], ["Kemensos"]),
        ("Nomor 14/PP/1981. PKH/PP.", ["PP"], ["PP"]),
        ("Riset R&D dan amp; gt.", ["R&D", "amp", "gt"], ["R&amp;D", "amp", "gt"]),
        ("**Desa** dan *kota*", ["Desa", "Kota"], ["Desa", "kota"]),
        ("- desa\n\n> kota\n\n| a |\n|---|\n| lurah |", ["Desa", "Kota", "Lurah"], ["desa", "kota", "lurah"]),
    ],
)  # fmt: skip
def test_whole_words_are_found_the_longest_name_first_each_term_once(
    text: str, names: list[str], found: list[str]
) -> None:
    assert marked(text, *names) == found


@pytest.mark.parametrize(
    "text",
    [
        "## Desa\n\nX.",
        "Desa\n====",
        "[desa](c.md) https://desa.id/desa",
        "`desa`",
        "```\ndesa\n```",
        "![desa](media/a.svg)",
        '[x](c.md "desa")',
        "| desa |\n|---|\n| x |",
        "> **Ingat.** X.",
    ],
)
def test_headings_links_code_pictures_and_names_of_callouts_stay_as_they_are(text: str) -> None:
    assert marked(text, "Desa", "Ingat", "media") == []
    assert _html(text, "Desa", "Ingat", "media") == render(text, "a/b.md")


def test_a_term_is_marked_once_in_all_pieces_of_a_lesson() -> None:
    seen: dict[str, Term] = {}
    finder = Finder(terms("Desa", "Kota"))
    first, second = (mark_terms(render(text, "a/b.md"), finder, seen) for text in ("Desa.", "Desa dan kota."))
    assert first == '<p><a class="istilah" href="#istilah-desa">Desa</a>.</p>'
    assert second == '<p>Desa dan <a class="istilah" href="#istilah-kota">kota</a>.</p>'
    assert list(seen) == ["desa", "kota"]


def test_an_explanation_brings_no_headings_ids_nor_script_into_a_page() -> None:
    html = explanation("# A\n\nB\n---\n\n<script>x</script>\n\n- c **d**\n\n[e](a/b.md)", "glosarium.md")
    assert "<h" not in html
    assert "id=" not in html
    assert "<script" not in html
    assert "<li>c <strong>d</strong></li>" in html
    assert 'href="lesson:a/b"' in html


def test_names_stand_under_their_letter_and_aliases_beside_them() -> None:
    found = alphabetical(terms("PSM | relawan", "12 PAS", "Ésa", "pilar"), aliases=True)
    assert [(letter, [entry.name for entry in entries]) for letter, entries in found] == [
        ("0–9", ["12 PAS"]),
        ("E", ["Ésa"]),
        ("P", ["pilar", "PSM"]),
        ("R", ["relawan"]),
    ]
    assert found[-1][1][0].term.name == "PSM"
    assert [letter for letter, _ in alphabetical(terms("PSM | relawan"), aliases=False)] == ["P"]


def test_a_search_looks_into_names_aliases_and_texts_without_case_and_accents() -> None:
    (found, _) = parse_glossary("## PSM | Relawán\n\nWarga.\n\n## Desa\n\nTempat  tinggal\nwarga.\n")
    assert [term.name for term in matching(found, "relawan")] == ["PSM"]
    assert [term.name for term in matching(found, "TINGGAL warga")] == ["Desa"]
    assert [term.name for term in matching(found, "warga")] == ["PSM", "Desa"]
    assert matching(found, "kota") == []


HOSTILE = {
    "headings": "## a\n" * 40 * K,
    "headings without name": "## \n" * 60 * K,
    "aliases": "## " + "a | " * 50 * K,
    "names that begin alike": "".join(f"## a a a a a a a {at}\n\nx\n" for at in range(8 * K)),
    "one long name": "## " + "a " * 100 * K,
    "slugs alike": "".join(f"## {'!' * (at % 300)}{at}\n" for at in range(20 * K)),
    "accents": "## e" + "\u0301" * 100 * K + "\n\ne" + "\u0301" * 90 * K,
    "deep headings": "## a\n" + "###### b\n" * 20 * K,
    "no terms": "a\n" * 100 * K,
}


@pytest.mark.walk
@pytest.mark.parametrize("name", HOSTILE)
def test_no_glossary_takes_long(name: str) -> None:
    def work() -> None:
        found, _ = parse_glossary(HOSTILE[name])
        matching(found, "b" * 80)
        alphabetical(found, aliases=True)
        for text in ("a " * 30 * K, "a-" * 30 * K, "&amp;" * 20 * K, HOSTILE[name][: 60 * K]):
            list(Finder(found).uses(text))

    assert takes_less(work, 2 * SECONDS)


WORDS = st.lists(
    st.sampled_from(["## ", "a", "A", "Ab", "|", " ", "\n", "-", "&amp;", "`", "é", "###", "_"]) | st.text(max_size=2)
)


@given(WORDS.map("".join), WORDS.map("".join))
def test_whatever_is_written_uses_are_in_order_and_apart(glossary: str, text: str) -> None:
    found, faults = parse_glossary(glossary)
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)
    assert len({term.slug for term in found}) == len(found)
    end = 0
    for use in Finder(found).uses(text):
        assert end <= use.start < use.end <= len(text)
        end = use.end


@given(st.integers(0, 2**32))
def test_marking_changes_nothing_but_adds_links(seed: int) -> None:
    chosen = random.Random(seed)
    text = " ".join(chosen.choices(["desa", "PKH", "*kota*", "`desa`", "[desa](b.md)", "&", "<b>", "\n\n"], k=30))
    html, seen = render(text, "a/b.md"), dict[str, Term]()
    result: str = mark_terms(html, Finder(terms("Desa", "PKH", "Kota")), seen)
    for slug in seen:
        before, _, after = result.partition(f'<a class="istilah" href="#istilah-{slug}">')
        result = before + after.replace("</a>", "", 1)
    assert result == html


def test_titles_and_choices_are_never_marked() -> None:
    assert inline("Desa", "a/b.md") == "Desa"
