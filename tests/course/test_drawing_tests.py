"""Drawing both tests: never the same items for one person while there are others."""

import random

from hypothesis import given
from hypothesis import strategies as st

from lms.course.bank import parse_bank
from lms.course.drawing import MetQuestions, Sheet, draw_test
from lms.course.lesson import Pool

SEEDS = st.integers(0, 2**64)


def pools(count: int = 12, options: str = "ambil 4") -> tuple[Pool, ...]:
    questions = "".join(f"### S{number}\n\n- [x] a{number}\n- [ ] b{number}\n\n" for number in range(count))
    return parse_bank("tes.md", f"## Kuis: Satu ({options})\n\n{questions}")[0].pools


def draw(seed: int, met: list[MetQuestions], found: tuple[Pool, ...] | None = None) -> Sheet:
    return draw_test("tes.md", found or pools(), 70, met, random.Random(seed))


def asked(sheet: Sheet) -> frozenset[str]:
    return frozenset(item.question for item in sheet.items)


@given(SEEDS)
def test_each_pool_gives_what_it_says_and_no_item_twice(seed: int) -> None:
    found = (
        pools() + parse_bank("tes.md", "## Kuis: Dua (ambil 1)\n### T\n\nJawaban: 1\n### U\n\nJawaban: 2\n")[0].pools
    )
    sheet = draw(seed, [], found)
    assert len(sheet.items) == len(asked(sheet)) == 5
    assert {item.path for item in sheet.items} == {"tes.md"}


@given(SEEDS)
def test_the_posttest_avoids_the_pretest_then_what_was_met_last(seed: int) -> None:
    pre = asked(draw(seed, []))
    first = asked(draw(seed + 1, [MetQuestions(True, pre)]))
    second = asked(draw(seed + 2, [MetQuestions(True, pre), MetQuestions(False, first)]))
    third = asked(draw(seed + 3, [MetQuestions(True, pre), MetQuestions(False, first), MetQuestions(False, second)]))
    assert not pre & first
    assert not (pre | first) & second
    assert third == first


@given(SEEDS)
def test_when_all_was_met_the_pretest_comes_last(seed: int) -> None:
    found = pools(8)
    pre = asked(draw(seed, [], found))
    first = asked(draw(seed, [MetQuestions(True, pre)], found))
    assert asked(draw(seed + 1, [MetQuestions(True, pre), MetQuestions(False, first)], found)) == first


def test_all_items_have_their_turn() -> None:
    assert frozenset[str]().union(*(asked(draw(seed, [])) for seed in range(60))) == {f"tes.md#s{n}" for n in range(12)}


@given(SEEDS)
def test_fixed_order_is_the_authors(seed: int) -> None:
    sheet = draw(seed, [], pools(12, "ambil 4, urutan tetap"))
    places = [int(item.question.partition("#s")[2]) for item in sheet.items]
    assert places == sorted(places)


def test_reflections_are_never_asked_in_a_test() -> None:
    bank, _ = parse_bank("tes.md", "## Kuis: Satu (ambil 1)\n### A\n\nJawaban: 1\n### B\n\nJawaban: bebas\n")
    assert [item.question for item in draw(1, [], bank.pools).items] == ["tes.md#a"]
