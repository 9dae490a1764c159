"""No file makes the core raise, recurse without bound or think for long."""

import random
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.bank import bank_fits, parse_bank, read_blueprint
from lms.course.check import check_course
from lms.course.drawing import draw_test
from lms.course.lesson import parse_lesson
from lms.course.outline import parse_course
from tests.effort import SECONDS, K, often, seconds, takes_less

pytestmark = pytest.mark.walk

TODAY = date(2026, 11, 24)
COURSE = b'judul = "K"\n[[materi]]\njudul = "M"\npelajaran = ["a/b.md"]\n'
FULL = 5_000 * K
MANY = 300 * K
"""Enough for quadratic work to take many times as long; with the full size nothing took longer than linear."""

POOL = "# T\n\n## Kuis\n\n### S\n\n"
LESSONS = {
    "five megabytes on one line": "kata " * (FULL // 5),
    "one word": "a" * MANY,
    "NUL": "\0" * MANY,
    "CR only": "\r" * 100 * K,
    "CRLF only": "\r\n" * 100 * K,
    "byte order marks": "\ufeff" * 100 * K + "# T",
    "line separators": "a\u2028\x85\x0b" * 100 * K,
    "nested brackets": "[" * 50 * K + "](x)" * 50 * K,
    "open brackets": "[" * FULL,
    "open pictures": "![" * 200 * K,
    "open targets": "[](" * 200 * K,
    "pictures without end": "![](" * 200 * K,
    "spaces in a target": "[](" + " " * MANY,
    "titles without end": "[](a '" * 100 * K,
    "angles without end": "[](<" * 100 * K,
    "brackets in a target": "[a](a" + "](b)" * 100 * K,
    "definitions": "".join(f"[a{at}]: b{at}\n\n" for at in range(10 * K)),
    "backticks": "`` ` " * 200 * K,
    "backticks of every length": "".join("`" * at + " " for at in range(1, often(500, 1_500))),
    "backslashes": "\\" * MANY,
    "unclosed fence": "# T\n```\n" + "x\n" * 50 * K,
    "fences": "```\n~~~\n" * 50 * K,
    "hashes": "#\n" * 100 * K,
    "a line of hashes": "# a" + " #" * 200 * K,
    "spaces in a heading": "# T\n## Kuis: " + " " * MANY + "x",
    "quotes": ">\n" * 100 * K,
    "a deep quote": ">" * MANY,
    "boxes outside": "- [x] a\n" * 10 * K,
    "open boxes": "- [\n" * 100 * K,
    "pools": "# T\n" + "## Kuis\n" * 10 * K,
    "options": "# T\n## Kuis (" + "ambil 3," * 10 * K + ")",
    "a huge draw": "# T\n## Kuis (ambil " + "9" * 100 * K + ")",
    "questions": "# T\n## Kuis\n" + "### a\n" * 10 * K,
    "unknown boxes": POOL + "- [v] a\n" * 10 * K,
    "choices": POOL + "".join(f"- [ ] a{at}\n" for at in range(10 * K)),
    "feedback": POOL + "- [ ] a\n" + ">\n" * 10 * K,
    "blank lines in a choice": POOL + "- [x] a\n" + "\n  b\n" * 10 * K,
    "steps": POOL + "Urutkan:\n" + "1. a\n" * 10 * K,
    "bars": POOL + "Jodohkan:\n\n" + "|" * MANY,
    "rows": POOL + "Jodohkan:\n\n|a|b|\n|-|-|\n" + "|a|b|\n" * 10 * K,
    "answers": POOL + "Jawaban:" + " a |" * 30 * K,
    "a long number": POOL + "Jawaban: 1" + ".000" * 100 * K,
    "a deep list": "".join(" " * (at % 1_000) + "- a\n" for at in range(3 * K)),
    "a rule that is none": "- " * 200 * K + "x",
    "digits": "1 " * 200 * K,
    "phones": "0812 " * 100 * K,
    "accents": "# " + "\u0301\u0323" * 200 * K,
    "capitals": "AB-" * 100 * K,
    "brackets after capitals": "AB (" * 100 * K,
    "stars after capitals": "AB" + "*" * MANY,
    "sentences": "A. " * 100 * K,
    "legal bases": "# T\n" + "## Dasar hukum\nDiperiksa: 1\n" * 10 * K,
    "surrogates": "# T \ud800\n\n## Kuis\n\n### \udfff\n\nJawaban: \ud800\n",
}

LONG_LINES = [name for name, text in LESSONS.items() if text.count("\n") < 1_000 > text.count("\r")]
"""Where the patterns for links, sentences and numbers have most to do."""


@pytest.mark.parametrize("name", LESSONS)
def test_a_hostile_lesson_is_read_in_a_moment(name: str) -> None:
    assert takes_less(lambda: parse_lesson("a/b.md", LESSONS[name]))
    lesson, _ = parse_lesson("a/b.md", LESSONS[name])
    for pool in lesson.pools:
        for question in pool.questions[:100]:
            shown = question.shown(random.Random(1), False)
            assert not question.is_right(question.clean(("zzz",), shown))


BANKS = {
    "aims": "## Kuis: M (ambil 1)\n### S\n" + "Tujuan: 1\n" * 50 * K,
    "an aim of spaces": "## Kuis: M (ambil 1)\n### S\nTujuan" + " " * MANY,
    "an aim of digits": "## Kuis: M (ambil 1)\n### S\nTujuan: " + "9" * MANY,
    "pools without items": "## Kuis: M (ambil 1)\n" * 10 * K,
    "practice": "## Latihan\n" * 50 * K,
    "prose": "## Teks\n\nteks\n" * 30 * K,
}


@pytest.mark.parametrize("name", [*LESSONS, *BANKS])
def test_a_hostile_bank_is_read_in_a_moment(name: str) -> None:
    text = {**LESSONS, **BANKS}[name]
    assert takes_less(lambda: parse_bank("tes.md", text))


@pytest.mark.parametrize("name", [*LONG_LINES, "definitions", "quotes", "CR only", "unknown boxes"])
def test_a_hostile_lesson_is_checked_in_a_moment(name: str) -> None:
    some_lines = "\n".join(LESSONS[name][: 200 * 1024].split("\n")[:8_000])
    data = some_lines.encode("utf-8", "replace")[: 200 * 1024].decode("utf-8", "ignore").encode()
    report = []
    assert takes_less(lambda: report.append(check_course({"kursus.toml": COURSE, "a/b.md": data}, TODAY)))
    assert report[0].problems


TABLES = {
    "dots": "a." * 90 * K + "a = 1",
    "lines of dots": "".join(f"{'a.' * 31}k{at} = 1\n" for at in range(2_500)),
    "arrays in arrays": "a = " + "[" * 100 * K,
    "arrays over lines": "a = [\n" * 30 * K,
    "tables in tables": "a = {b = [\n" * 15 * K,
    "materi": "[[materi]]\n" * 18 * K,
    "unknown keys": "".join(f"k{at} = 1\n" for at in range(18 * K)),
    "escaped lessons": "[[materi]]\npelajaran = [\n" + "".join(f'"\\u0061{at}.md",\n' for at in range(9 * K)) + "]",
    "escaped quotes": 'judul = """' + '\\"' * 90 * K,
    "quotes": "judul = " + '"' * 180 * K,
    "a long number": "judul = " + "9" * 180 * K,
    "infinity": "judul = 'K'\n[kuis]\nlulus = inf\nkesempatan = nan\n",
    "a day that is none": "judul = 2026-02-30",
    "a day": "judul = 2026-02-03\nringkasan = 10:00:00\n",
    "five megabytes": "#" * FULL,
    "NUL": "judul = '\0'",
    "surrogate": "judul = '\ud800'",
    "carriage returns": "judul = 'a'\r[kuis]\r",
}


@pytest.mark.parametrize("name", TABLES)
def test_a_hostile_kursus_toml_is_read_in_a_moment(name: str) -> None:
    found = []
    assert takes_less(lambda: found.extend(parse_course(TABLES[name])[1]))
    assert found


@pytest.mark.parametrize("text", ["# Jüdül\n\n## Kuis\n", ""])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "utf-8-sig"])
def test_any_encoding_gets_an_answer(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    for files in ({"kursus.toml": data}, {"kursus.toml": COURSE, "a/b.md": data}):
        assert check_course(files, TODAY).problems


def test_the_clock_notices_quadratic_work() -> None:
    """The negative control: a pattern that looks for an end from every start."""
    taken = seconds(lambda: re.findall(r"\[[^\]]*\]", "[" * 30_000))
    assert taken * (MANY / 30_000) ** 2 > 1.5 * SECONDS


FRAGMENTS = (
    *("# T\n", "## Kuis\n", "## Kuis (ambil 2)\n", "## Latihan: a (urutan tetap)\n", "## Dasar hukum\n", "## A\n"),
    *("### S\n", "### S\n", "###\n", "#### U\n", "- [x] a\n", "- [ ] b\n", "* [v] c\n", "- [ ]\n", "> k\n", "  > k\n"),
    *(
        "\n",
        "\n\n",
        "    ",
        "\t",
        "```\n",
        "~~~",
        "Jawaban: 3..1 | a\n",
        "Jawaban: bebas\n",
        "Jawaban:\n",
        "Urutkan:\n",
    ),
    *(
        "1. a\n",
        "2. b\n",
        "Jodohkan:\n",
        "|a|b|\n",
        "|-|-|\n",
        "| c | d \\| |\n",
        "---\n",
        "[t](b.md)",
        "![](media/x.svg)",
    ),
    *(
        "[a]: b\n",
        "`",
        "](",
        "PSM ",
        "(PSM) ",
        "Diperiksa: 1 Mei 2020\n",
        "0812345678 ",
        "3312014506780001",
        "\0",
        "\r",
        "\r\n",
    ),
    *("\ufeff", "\ud800", "é", ". ", "kata " * 13),
)
LESSON = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), max_size=40).map("".join) | st.text()
TOML = (
    *(
        'judul = "a"\n',
        "judul = 1\n",
        "[kuis]\n",
        "[[kuis]]\n",
        "lulus = 70\n",
        "lulus = true\n",
        "[tes]\n",
        'bank = "t.md"\n',
    ),
    *(
        "[sertifikat]\n",
        "kehadiran = 101\n",
        "[pindah]\n",
        '"a" = "b"\n',
        "[[materi]]\n",
        "[materi]\n",
        "x.y = 1\n",
        "#\n",
    ),
    *(
        'pelajaran = ["a/b.md", "a/b.md"]\n',
        'pelajaran = ["../a.md", 3]\n',
        "pelajaran = [\n",
        "]\n",
        '"""',
        "'",
        "materi = [1]\n",
    ),
    *("materi = [{judul = 'a'}]\n", "tujuan = [[]]\n", "\0", "\r\n", "\ufeff"),
)
TABLE = st.lists(st.sampled_from(TOML) | st.text(max_size=3), max_size=20).map("".join) | st.text()


@given(LESSON)
def test_no_lesson_raises(source: str) -> None:
    lesson, problems = parse_lesson("a/b.md", source)
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)
    for question in (question for pool in lesson.pools for question in pool.questions):
        shown = question.shown(random.Random(1), False)
        assert set(shown) == set(question.items)
        assert len(question.hash) == 64
        question.answer_text()
        assert not question.is_right(())
        assert not question.is_right(question.clean((), shown))


@given(LESSON)
def test_no_bank_raises(source: str) -> None:
    bank, problems = parse_bank("tes.md", source)
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)
    read_blueprint({"kursus.toml": COURSE + b'[tes]\nbank = "tes.md"\n', "tes.md": source.encode("utf-8", "replace")})
    course, _ = parse_course(COURSE.decode())
    assert course
    draw_test("tes.md", bank.pools_for(course), 70, [], random.Random(1))
    assert all(problem.line >= 0 for problem in bank_fits(bank, course))


@given(LESSON)
def test_line_ends_change_nothing(source: str) -> None:
    plain = source.replace("\r\n", "\n").replace("\r", "\n")
    assert parse_lesson("a/b.md", plain) == parse_lesson("a/b.md", plain.replace("\n", "\r\n"))


@given(TABLE)
def test_no_kursus_toml_raises(source: str) -> None:
    course, problems = parse_course(source)
    assert course or problems
    assert all(0 <= problem.line <= source.count("\n") + source.count("\r") + 1 for problem in problems)


@given(st.lists(TABLE | LESSON | st.binary(), min_size=4, max_size=4))
def test_no_course_raises(texts: list[str | bytes]) -> None:
    course, *rest = (text if isinstance(text, bytes) else text.encode("utf-8", "replace") for text in texts)
    names = ("a/b.md", "glosarium.md", "f.toml")
    report = check_course({"kursus.toml": course, **dict(zip(names, rest, strict=True))}, TODAY)
    assert all(problem.text and problem.line >= 0 for problem in report.problems)
