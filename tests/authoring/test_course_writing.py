"""Changes to kursus.toml: exactly the wanted one, and every other byte as it was."""

import re
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.course_writing import (
    CannotWrite,
    Setting,
    add_lesson,
    add_module,
    move_lesson,
    move_module,
    rename_file,
    set_values,
    without_lessons,
)
from lms.course.outline import CourseRules, identity_of, parse_course
from lms.course.outline import TestRules as BankRules
from lms.course.tomlfile import Place, Spans, quoted_text
from tests.effort import SECONDS, K, takes_less

SAMPLE = (Path(__file__).parents[1] / "data" / "kursus.toml").read_text(encoding="utf-8")
MANY = """\
# Kepala berkas
judul = "Kursus"   # judulnya

# Aturan kuis
[kuis]
lulus = 70

# Yang pertama
[[materi]]
judul = "Satu"
tujuan = [
    "Mengenal a", # tujuan a
    "Mengenal b",
]
pelajaran = [ # urutan belajar
    # pembuka
    "satu/a.md", # perlu diperiksa
    "satu/b.md",

    # bagian kedua
    "satu/c.md"
]

# Yang kedua
[[materi]]
judul = 'Dua'
pelajaran = ["dua/d.md", "dua/e.md"]
"""


def course_of(source: str) -> CourseRules:
    course, problems = parse_course(source)
    assert course
    assert not problems, problems
    return course


def lists(source: str) -> list[tuple[str, ...]]:
    return [module.lessons for module in course_of(source).modules]


def comments(source: str) -> list[str]:
    return sorted(re.findall(r"#[^\r\n]*", source))


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_a_lesson_moves_with_what_stands_beside_and_above_it() -> None:
    down = move_lesson(MANY, "satu/a.md", (0, 1))
    assert lists(down)[0] == ("satu/b", "satu/a", "satu/c")
    assert '    "satu/b.md",\n    # pembuka\n    "satu/a.md", # perlu diperiksa\n' in down
    assert comments(down) == comments(MANY)
    assert move_lesson(down, "satu/a.md", (0, 0)) == MANY


def test_the_last_of_many_lines_gives_its_place_with_the_commas_right() -> None:
    up = move_lesson(MANY, "satu/c.md", (0, 1))
    assert lists(up)[0] == ("satu/a", "satu/c", "satu/b")
    assert '    "satu/c.md",\n    "satu/b.md"\n]' in up


def test_a_lesson_goes_on_into_the_next_module_and_back() -> None:
    down = move_lesson(MANY, "satu/c.md", (1, 0))
    assert lists(down) == [("satu/a", "satu/b"), ("satu/c", "dua/d", "dua/e")]
    assert 'pelajaran = ["satu/c.md", "dua/d.md", "dua/e.md"]' in down
    assert "# bagian kedua" in down
    back = move_lesson(down, "satu/c.md", (0, 2))
    assert lists(back) == lists(MANY)
    assert comments(back) == comments(MANY)


def test_what_has_nowhere_to_go_stays_and_so_does_what_is_not_listed() -> None:
    assert move_lesson(MANY, "satu/a.md", (-1, 0)) == MANY
    assert move_lesson(MANY, "dua/e.md", (2, 0)) == MANY
    assert move_lesson(MANY, "dua/tidak-ada.md", (0, 0)) == MANY


def test_a_lesson_moves_to_any_place() -> None:
    moved = move_lesson(MANY, "dua/e.md", (0, 1))
    assert lists(moved) == [("satu/a", "dua/e", "satu/b", "satu/c"), ("dua/d",)]
    assert '    "dua/e.md",\n' in moved
    assert 'pelajaran = ["dua/d.md"]' in moved
    assert lists(move_lesson(MANY, "satu/a.md", (0, 2)))[0] == ("satu/b", "satu/c", "satu/a")


def test_modules_change_places_with_their_comments() -> None:
    swapped = move_module(MANY, 1, 0)
    assert [module.title for module in course_of(swapped).modules] == ["Dua", "Satu"]
    assert swapped.index("# Yang kedua") < swapped.index("# Yang pertama") < swapped.index("# pembuka")
    assert move_module(swapped, 0, 1) == MANY
    assert move_module(MANY, 1, 1) == MANY
    for index, to in ((2, 1), (1, 2)):
        with pytest.raises(CannotWrite):
            move_module(MANY, index, to)


def test_a_lesson_is_added_in_the_style_of_its_list() -> None:
    added = add_lesson(MANY, 0, "satu/baru.md")
    assert lists(added)[0][-1] == "satu/baru"
    assert '    "satu/c.md",\n    "satu/baru.md"\n]' in added
    assert '["dua/baru.md", "dua/d.md", "dua/e.md"]' in add_lesson(MANY, 1, "dua/baru.md", 0)
    assert add_lesson(MANY, 1, "satu/a.md") == MANY, "it is listed already"
    with pytest.raises(CannotWrite):
        add_lesson(MANY, 7, "satu/baru.md")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", 'pelajaran = [\n    "a.md",\n]\n'),
        ("pelajaran = []\n", 'pelajaran = ["a.md"]\n'),
        ("pelajaran = [\n]\n", 'pelajaran = [\n    "a.md",\n]\n'),
        ("pelajaran = [ # kosong\n]\n", 'pelajaran = [ # kosong\n    "a.md",\n]\n'),
    ],
)
def test_the_first_lesson_of_a_module(written: str, expected: str) -> None:
    source = f'judul = "K"\n[[materi]]\njudul = "M"\n{written}'
    assert add_lesson(source, 0, "a.md").endswith(expected)


def test_what_is_removed_takes_its_line_and_nothing_else() -> None:
    removed = without_lessons(MANY, ("satu/a.md",))
    assert lists(removed)[0] == ("satu/b", "satu/c")
    assert comments(removed) == sorted(set(comments(MANY)) - {"# perlu diperiksa"})
    assert lists(without_lessons(MANY, ["satu/a.md", "satu/c.md", "dua/d.md", "x.md"])) == [("satu/b",), ("dua/e",)]
    emptied = without_lessons(MANY, ["satu/a.md", "satu/b.md", "satu/c.md", "dua/d.md", "dua/e.md"])
    assert lists(emptied) == [(), ()]
    assert "# bagian kedua" in emptied
    assert "pelajaran = []" in emptied


def test_a_comment_that_is_left_never_swallows_the_end_of_its_list() -> None:
    source = 'judul = "K"\n[[materi]]\njudul = "M"\npelajaran = [\n  # x\n"a.md"]\n'
    assert without_lessons(source, ("a.md",)).endswith("pelajaran = [\n  # x\n]\n")


def test_a_new_name_changes_the_list_and_what_leads_to_it() -> None:
    named = rename_file(SAMPLE, "konsep-psm/apa-itu-psm.md", "konsep-psm/mengenal-psm.md", same=True)
    assert course_of(named).moved == {
        "konsep-psm/rahasia": "konsep-psm/menjaga-rahasia",
        "konsep-psm/apa-itu-psm": "konsep-psm/mengenal-psm",
    }
    gone, come = changed_lines(SAMPLE, named)
    assert len(gone) == 1
    assert len(come) == 2
    other = rename_file(SAMPLE, "konsep-psm/apa-itu-psm.md", "konsep-psm/mengenal-psm.md", same=False)
    assert course_of(other).moved == course_of(SAMPLE).moved
    assert changed_lines(SAMPLE, other)[0] == gone


def test_names_follow_a_second_renaming_and_never_lead_in_a_circle() -> None:
    once = rename_file(MANY, "satu/a.md", "satu/b2.md", same=True)
    twice = rename_file(once, "satu/b2.md", "satu/c2.md", same=True)
    assert course_of(twice).moved == {"satu/a": "satu/c2", "satu/b2": "satu/c2"}
    back = rename_file(twice, "satu/c2.md", "satu/a.md", same=True)
    assert course_of(back).moved == {"satu/b2": "satu/a", "satu/c2": "satu/a"}
    assert lists(back) == lists(MANY)
    assert rename_file(MANY, "satu/a.md", "satu/a.md", same=True) == MANY


def test_the_bank_keeps_its_place_in_the_rules() -> None:
    named = rename_file(SAMPLE, "tes.md", "soal/tes.md", same=False)
    assert course_of(named).test == BankRules("soal/tes.md", 70)


def test_a_new_module_stands_behind_the_last_one_and_can_be_filled() -> None:
    added = add_module(MANY, 'Tiga "dan" lagi')
    assert added.startswith(MANY)
    assert course_of(added).modules[2].title == 'Tiga "dan" lagi'
    assert lists(add_lesson(add_lesson(added, 2, "tiga/x.md"), 2, "tiga/y.md"))[2] == ("tiga/x", "tiga/y")
    first = add_module('judul = "K"', "Satu")
    assert first == 'judul = "K"\n\n[[materi]]\njudul = "Satu"\npelajaran = [\n]\n'


def test_settings_change_their_own_letters_only() -> None:
    after = set_values(
        SAMPLE,
        {
            ("judul",): 'Kursus "baru"\\',
            ("kuis", "lulus"): 80,
            ("sertifikat", "survei"): False,
            ("sertifikat", "pelajaran"): True,
            ("materi", 0, "jp_daring"): 3,
        },
    )
    course = course_of(after)
    assert course.title == 'Kursus "baru"\\'
    assert course.quiz.pass_mark == 80
    assert course.modules[0].online_jp == 3
    assert not course.certificate.survey
    gone, come = changed_lines(SAMPLE, after)
    assert len(gone) == len(come) == 4
    assert comments(after) == comments(SAMPLE)
    assert set_values(SAMPLE, {("kuis", "lulus"): 70, ("materi", 0, "judul"): "Konsep dasar PSM"}) == SAMPLE


def test_keys_and_tables_that_were_not_there_come_where_one_looks_for_them() -> None:
    after = set_values(
        MANY,
        {
            ("kuis", "kesempatan"): 3,
            ("ringkasan",): "Ringkas.",
            ("sertifikat", "survei"): True,
            ("sertifikat", "pelajaran"): True,
            ("tes", "bank"): "tes.md",
            ("materi", 1, "jp_daring"): 2,
            ("materi", 1, "tujuan"): ("Satu hal",),
        },
    )
    course = course_of(after)
    assert (course.quiz.attempts, course.summary) == (3, "Ringkas.")
    assert course.test == BankRules("tes.md", 70)
    assert (course.certificate.lessons, course.certificate.survey) == (True, True)
    assert (course.modules[1].online_jp, course.modules[1].goals) == (2, ("Satu hal",))
    assert 'judul = "Kursus"   # judulnya\nringkasan = "Ringkas."\n' in after
    assert "\n\n[sertifikat]\npelajaran = true\nsurvei = true\n\n" in after
    assert "\njudul = 'Dua'\njp_daring = 2\ntujuan = [\n    \"Satu hal\",\n]\npelajaran = [" in after
    assert changed_lines(MANY, after)[0] == []


def test_what_is_taken_away_leaves_comments_of_their_own_lines() -> None:
    after = set_values(SAMPLE, {("tes",): None, ("sertifikat", "kehadiran"): None, ("sasaran",): None})
    course = course_of(after)
    assert course.test is None
    assert course.certificate.attendance is None
    assert course.audience == ""
    assert "\n\n\n" not in after
    noted = set_values(SAMPLE.replace("bank =", "# bank soal\nbank ="), {("tes",): None})
    assert "# bank soal" in noted
    assert course_of(noted).test is None


def test_goals_keep_the_comments_of_what_they_go_on_saying() -> None:
    goals: Place = ("materi", 0, "tujuan")
    after = set_values(MANY, {goals: ("Mengenal a", "Sisipan", "Mengenal b", "Akhir")})
    assert course_of(after).modules[0].goals == ("Mengenal a", "Sisipan", "Mengenal b", "Akhir")
    assert '    "Mengenal a", # tujuan a\n    "Sisipan",\n    "Mengenal b",\n    "Akhir",\n]' in after
    reworded = set_values(MANY, {goals: ("Mengenali a", "Mengenal b")})
    assert '    "Mengenali a", # tujuan a\n' in reworded
    assert course_of(set_values(MANY, {goals: ()})).modules[0].goals == ()


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_line_ends_a_byte_order_mark_and_a_missing_last_line_end_stay(end: str) -> None:
    source = "\ufeff" + MANY.replace("\n", end).removesuffix(end)
    for change in EVERY_CHANGE.values():
        after = change(source)
        assert after.startswith("\ufeff")
        assert len(re.findall(r"\r\n", after)) == (after.count("\n") if end == "\r\n" else 0)
        assert parse_course(after) == parse_course(change(MANY))


EVERY_CHANGE: dict[str, Callable[[str], str]] = {
    "down": lambda source: move_lesson(source, "satu/a.md", (0, 1)),
    "across": lambda source: move_lesson(source, "satu/c.md", (1, 0)),
    "module": lambda source: move_module(source, 0, 1),
    "add": lambda source: add_lesson(source, 0, "satu/x.md"),
    "remove": lambda source: without_lessons(source, ("satu/b.md",)),
    "rename": lambda source: rename_file(source, "satu/b.md", "dua/b.md", same=True),
    "new module": lambda source: add_module(source, "Tiga"),
    "settings": lambda source: set_values(source, {("kuis", "lulus"): 1, ("sasaran",): "S", ("tes", "bank"): "t.md"}),
    "last key": lambda source: set_values(source, {("materi", 1, "jp_daring"): 1, ("materi", 1, "tujuan"): ("x",)}),
}


def test_tables_in_braces_and_dotted_keys_are_changed_where_that_is_plain() -> None:
    source = 'judul = "K"\nkuis = { lulus = 70 }\nmateri = [{ judul = "M", pelajaran = ["a.md", "b.md"] }]\n'
    assert set_values(source, {("kuis", "lulus"): 80}) == source.replace("70", "80")
    assert move_lesson(source, "a.md", (0, 1)) == source.replace('"a.md", "b.md"', '"b.md", "a.md"')
    for change in (
        lambda: set_values(source, {("kuis", "kesempatan"): 1}),
        lambda: set_values(source, {("kuis", "lulus"): None}),
        lambda: move_module(source, 0, 1),
        lambda: add_module(source, "N"),
        lambda: set_values(source, {("materi", 0, "jp_daring"): 1}),
    ):
        with pytest.raises(CannotWrite) as refused:
            change()
        assert "ubah langsung di teksnya" in refused.value.problem.text
        assert refused.value.problem.line in (2, 3)
    assert set_values('judul = "K"\nkuis.lulus = 7\n', {("kuis", "lulus"): 8}) == 'judul = "K"\nkuis.lulus = 8\n'


def test_a_file_that_does_not_parse_is_refused_with_the_line_of_the_checker() -> None:
    broken = MANY.replace("lulus = 70", "lulus = ")
    (expected,) = parse_course(broken)[1]
    for change in EVERY_CHANGE.values():
        with pytest.raises(CannotWrite) as refused:
            change(broken)
        assert refused.value.problem == expected
        assert refused.value.problem.line == 6


# What an author may write between and behind things, without changing what is said.
GAPS = st.sampled_from(["", " ", "  ", "\t", "\n", "\n    ", " # catatan\n", '\n# catatan, ["]\n\n  ', "\r\n  # x\r\n"])
NAMES = st.lists(st.from_regex(r"[a-d]{1,3}/[a-z0-9\- ]{1,6}\.md", fullmatch=True), max_size=5, unique=True)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@st.composite
def list_texts(draw: st.DrawFn, names: list[str]) -> str:
    """A list of these names in any layout."""
    parts = ["["]
    for at, name in enumerate(names):
        quote = draw(st.sampled_from(['"', "'"]))
        is_last = at == len(names) - 1
        comma = "," if not is_last or draw(st.booleans()) else ""
        parts += [draw(GAPS), quote, name, quote, draw(GAPS), comma]
    return "".join([*parts, draw(GAPS), "]"])


@st.composite
def sources(draw: st.DrawFn) -> str:
    """A course of one to three modules in any layout, its files named once."""
    names = draw(NAMES)
    parts = [f"judul = {quoted_text(draw(TEXTS) + '.')}{draw(st.sampled_from(['', ' # judul']))}\n"]
    count = draw(st.integers(1, 3))
    for module in range(count):
        parts.append(draw(st.sampled_from(["", "\n", "\n# materi\n", "\r\n\r\n"])))
        parts.append(f'[[materi]]{draw(st.sampled_from(["", " # m"]))}\njudul = "M{module}"\n')
        if mine := names[module::count]:
            parts.append(f"pelajaran = {draw(list_texts(mine))}{draw(st.sampled_from(['', ' # p']))}\n")
    return "".join(parts)


def data_of(source: str) -> dict[str, object]:
    return tomllib.loads(source)


@given(sources(), st.data())
def test_any_move_changes_the_order_only(source: str, data: st.DataObject) -> None:
    before = course_of(source)
    if not before.lessons:
        return
    lesson = data.draw(st.sampled_from(before.lessons))
    after = move_lesson(source, f"{lesson}.md", data.draw(st.tuples(st.integers(0, 2), st.integers(0, 5))))
    course = course_of(after)
    assert sorted(course.lessons) == sorted(before.lessons)
    assert [each for each in course.lessons if each != lesson] == [each for each in before.lessons if each != lesson]
    assert comments(after) == comments(source)
    assert _without_lists(course) == _without_lists(before)


def _without_lists(course: CourseRules) -> CourseRules:
    return replace(course, modules=tuple(replace(module, lessons=()) for module in course.modules))


@given(sources(), st.integers(0, 2), st.integers(0, 6))
def test_any_addition_and_its_removal_leave_everything_as_it_was(source: str, module: int, at: int) -> None:
    before = course_of(source)
    if module >= len(before.modules):
        return
    added = add_lesson(source, module, "zz/baru.md", at)
    course = course_of(added)
    place = min(at, len(before.modules[module].lessons))
    lessons = before.modules[module].lessons
    assert course.modules[module].lessons == (*lessons[:place], "zz/baru", *lessons[place:])
    assert comments(added) == comments(source)
    assert course_of(without_lessons(added, ("zz/baru.md",))) == before


@given(sources(), st.integers(0, 2), st.integers(0, 2))
def test_any_move_of_a_module_is_undone_by_the_move_back(source: str, index: int, to: int) -> None:
    before = course_of(source)
    if max(index, to) >= len(before.modules):
        return
    after = move_module(source, index, to)
    expected = list(before.modules)
    expected.insert(to, expected.pop(index))
    assert course_of(after).modules == tuple(expected)
    assert comments(after) == comments(source)
    assert move_module(after, to, index) == source


@given(sources(), st.data())
def test_any_removal_leaves_the_others(source: str, data: st.DataObject) -> None:
    before = course_of(source)
    gone = set(data.draw(st.lists(st.sampled_from(before.lessons)))) if before.lessons else set()
    after = course_of(without_lessons(source, [f"{lesson}.md" for lesson in gone]))
    expected = tuple(
        replace(module, lessons=tuple(lesson for lesson in module.lessons if lesson not in gone))
        for module in before.modules
    )
    assert after == replace(before, modules=expected)


@given(sources(), st.lists(TEXTS, max_size=4), TEXTS, st.integers(0, 100))
def test_any_setting_is_read_back(source: str, goals: list[str], summary: str, mark: int) -> None:
    values: dict[Place, Setting] = {
        ("ringkasan",): summary,
        ("kuis", "lulus"): mark,
        ("materi", 0, "tujuan"): tuple(goals),
    }
    after = set_values(source, values)
    expected = data_of(source) | {"ringkasan": summary, "kuis": {"lulus": mark}}
    first = {**expected["materi"][0], "tujuan": goals}  # type: ignore[index] # A list of tables.
    assert data_of(after) == {**expected, "materi": [first, *expected["materi"][1:]]}  # type: ignore[index] # The same.
    assert comments(after) == comments(source) or "#" in summary + "".join(goals)
    assert set_values(after, values) == after


@given(sources())
def test_every_value_is_found_where_it_stands(source: str) -> None:
    for start, end in Spans(source).values.values():
        text = source[start:end].replace("\r\n", "\n")
        assert tomllib.loads(f"x = {text}")


HOSTILE = {
    "lists in lists": "x = " + "[\n" * 90 + "]\n" * 90,
    "many modules": '[[materi]]\njudul="M"\n' * 9 * K,
    "one long list": "pelajaran = [" + '"a",' * 40 * K + "]",
    "texts": "x = '''" + "'\n" * 50 * K + "'''",
    "quotes": 'x = """' + '"" ' * 50 * K + '"""',
    "blanks": "x = 1" + "\n \t" * 60 * K,
    "comments": "x = [\n" + "#\n" * 60 * K + "]",
    "many old names": "[pindah]\n" + "".join(f'"{at}" = "dasar/a"\n' for at in range(9 * K)),
    "many goals": "[[materi]]\ntujuan = [" + '"a","b",' * 20 * K + "]",
    "no end": "x = [",
    "keys": "a." * 30 + "b = 1\n" * 10,
}


@pytest.mark.walk
@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_takes_long(name: str) -> None:
    source = f'judul = "K"\n{HOSTILE[name]}\n'
    changes = [
        lambda: add_module(source, "M"),
        lambda: without_lessons(source, {"a"}),
        lambda: rename_file(source, "dasar/a.md", "dasar/b.md", same=True),
        lambda: set_values(source, {("materi", 0, "tujuan"): ("x",) * 40, ("kuis", "lulus"): 3}),
        lambda: move_lesson(source, "a", (0, 1)),
    ]

    for change in changes:
        assert takes_less(lambda change=change: _tried(change), 1.5 * SECONDS)  # type: ignore[misc] # A lambda with its loop's value.


def _tried(change: Callable[[], str]) -> None:
    with suppress(CannotWrite):
        change()


def test_a_name_is_identity_and_file_alike() -> None:
    assert identity_of("satu/a.md") == "satu/a"
    form = MANY.replace("satu/a.md", "satu/a.toml")
    assert course_of(rename_file(form, "satu/a.toml", "dua/a.toml", same=True)).moved == {"satu/a.toml": "dua/a.toml"}
