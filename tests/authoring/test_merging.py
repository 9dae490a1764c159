"""Two people changed one text: what doesn't touch is put together, what touches is left to somebody."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.differences import MOST_CONFLICTS, Conflict, merge
from tests.effort import seconds

BASE = "# Judul\n\nSatu.\n\nDua.\n\nTiga.\n"
TEXTS = st.lists(st.sampled_from(["a", "b", "", "- x"]), max_size=12).map(
    lambda lines: "".join(f"{x}\n" for x in lines)
)


def conflicts(parts: list[str | Conflict]) -> list[Conflict]:
    """The places that somebody must decide."""
    return [part for part in parts if isinstance(part, Conflict)]


def test_changes_that_do_not_touch_are_both_there() -> None:
    merged = merge(BASE, BASE.replace("Satu", "SATU"), BASE.replace("Tiga.", "Tiga.\n\nEmpat."))
    assert merged == ["# Judul\n\nSATU.\n\nDua.\n\nTiga.\n\nEmpat.\n"]


def test_the_same_change_by_both_is_no_conflict() -> None:
    both = BASE.replace("Dua", "Kedua")
    assert merge(BASE, both, both) == [both]


def test_where_they_touch_both_stand_beside_what_was() -> None:
    merged = merge(BASE, BASE.replace("Dua.", "Dua, saya."), BASE.replace("Dua.", "Dua, Anda."))
    assert merged == [
        "# Judul\n\nSatu.\n\n",
        Conflict("Dua.\n", "Dua, saya.\n", "Dua, Anda.\n"),
        "\nTiga.\n",
    ]


def test_what_both_added_alike_is_left_out_of_the_conflict() -> None:
    merged = merge(BASE, BASE + "\nSama.\nSaya.\n", BASE + "\nSama.\nAnda.\n")
    assert conflicts(merged) == [Conflict("", "Saya.\n", "Anda.\n")]


def test_one_who_removes_and_one_who_changes_is_a_conflict() -> None:
    merged = merge(BASE, BASE.replace("Dua.\n\n", ""), BASE.replace("Dua.", "Dua lagi."))
    assert [(each.mine, "Dua lagi." in each.theirs) for each in conflicts(merged)] == [("", True)]


def test_both_wrote_where_nothing_was() -> None:
    assert conflicts(merge("", "Saya\n", "Anda\n")) == [Conflict("", "Saya\n", "Anda\n")]
    assert merge("", "Sama", "Sama\n") == ["Sama\n"]
    assert merge("x\n", "", "") == []


def test_line_ends_of_windows_and_a_missing_last_one_are_no_change() -> None:
    merged = merge(BASE, BASE.replace("\n", "\r\n").replace("Satu", "SATU"), BASE.rstrip("\n").replace("Tiga", "TIGA"))
    assert merged == [BASE.replace("Satu", "SATU").replace("Tiga", "TIGA")]


@given(TEXTS, TEXTS, TEXTS)
def test_nothing_is_lost(base: str, mine: str, theirs: str) -> None:
    assert merge(base, base, theirs) == [theirs] * bool(theirs)
    assert merge(base, mine, base) == [mine] * bool(mine)
    parts = merge(base, mine, theirs)
    added = {line for line in (mine + theirs).split("\n") if line not in base.split("\n")}
    kept = "".join(part if isinstance(part, str) else part.mine + part.theirs for part in parts)
    assert added <= set(kept.split("\n"))


def test_too_many_conflicts_are_one_with_everything_between() -> None:
    base = "".join(f"{at}\n\n" for at in range(3 * MOST_CONFLICTS))
    merged = merge(base, base.replace("\n\n", " saya\n\n"), base.replace("\n\n", " Anda\n\n"))
    assert len(conflicts(merged)) == 1
    assert conflicts(merged)[0].mine.count("saya") == 3 * MOST_CONFLICTS


@pytest.mark.walk
def test_two_hundred_kilobytes_take_a_moment() -> None:
    chance = random.Random(1)
    lines = [" ".join(chance.choices(("warga", "desa", "rapat", ""), k=8)) for _ in range(8_000)]
    mine, theirs = list(lines), list(lines)
    for at in range(0, len(lines), 40):
        mine[at], theirs[at + 20] = f"{lines[at]} saya", f"{lines[at + 20]} Anda"
    base, one, other = ("\n".join(each) for each in (lines, mine, theirs))
    assert len(base) > 150_000
    merged = merge(base, one, other)
    assert seconds(lambda: merge(base, one, other)) < 2
    assert str(merged).count("saya") == 200
    chance.shuffle(mine)
    chance.shuffle(theirs)
    assert seconds(lambda: merge(base, "\n".join(mine), "\n".join(theirs))) < 8
