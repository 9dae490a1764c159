import random
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.drawing import Sheet, SheetItem
from lms.course.grading import RulingFact, RulingKind, Saved, grade, latest, score_of
from lms.course.lesson import parse_lesson
from lms.course.questions.base import Question, Value
from lms.course.questions.written import ShortAnswer

SOURCE = (
    "# Judul\n\n## Kuis\n\n"
    + "\n".join(f"### Soal {number}\n\nJawaban: {number} | benar\n" for number in range(1, 11))
    + "\n### Cerita\n\nJawaban: bebas\n"
)
QUESTIONS: dict[str, Question] = {
    question.hash: question for question in parse_lesson("a.md", SOURCE)[0].quiz[0].questions
}
HASHES = list(QUESTIONS)
SHORT = [key for key, question in QUESTIONS.items() if isinstance(question, ShortAnswer)]
ANSWERS = st.lists(
    st.builds(Saved, st.integers(1, 4), st.just(("x",)), st.integers(1, 4), st.integers(0, 10**6)), max_size=20
)


def sheet(count: int, pass_mark: int = 70) -> Sheet:
    return Sheet(pass_mark, tuple(SheetItem("a.md#x", key, ()) for key in HASHES[:count]))


def given_right(*numbers: int) -> dict[int, Saved]:
    return {number: Saved(number, ("benar",), 1, number) for number in numbers}


def ruled(*facts: tuple[int, RulingKind, Value], value: str = "lain") -> bool | None:
    """The outcome of question 1 answered `value`, under rulings (question, kind, value)."""
    decided: Sequence[RulingFact] = [RulingFact(HASHES[n - 1], kind, named) for n, kind, named in facts]
    return grade(sheet(2), QUESTIONS, {1: Saved(1, (value,), 1, 1)}, decided).outcomes[0]


@given(st.integers(1, 10), st.data(), st.integers(0, 100))
def test_passed_is_decided_in_integers_and_agrees_with_the_score_shown(
    asked: int, data: st.DataObject, mark: int
) -> None:
    right = data.draw(st.integers(0, asked))
    result = grade(sheet(asked, mark), QUESTIONS, given_right(*range(1, right + 1)))
    assert (result.right, result.asked) == (right, asked)
    assert result.passed == (100 * right >= mark * asked)
    assert result.passed == (result.score >= mark)


@pytest.mark.parametrize(("right", "asked", "mark", "passed"), [(2, 3, 67, False), (2, 3, 66, True), (7, 10, 70, True)])
def test_thirds_are_neither_rounded_up_nor_lost(right: int, asked: int, mark: int, passed: bool) -> None:
    assert grade(sheet(asked, mark), QUESTIONS, given_right(*range(1, right + 1))).passed is passed


def test_the_score_is_exact_and_nothing_asked_is_full() -> None:
    assert [score_of(2, 3), score_of(0, 5), score_of(5, 5), score_of(0, 0)] == [Fraction(200, 3), 0, 100, 100]


def test_a_reflection_counts_nowhere_and_alone_is_passed() -> None:
    only = Sheet(100, (SheetItem("a.md#cerita", HASHES[10], ()),))
    result = grade(only, QUESTIONS, {})
    assert (result.right, result.asked, result.passed, result.outcomes) == (0, 0, True, (None,))
    whole = grade(sheet(11, 100), QUESTIONS, given_right(*range(1, 11)))
    assert (whole.right, whole.asked, whole.passed) == (10, 10, True)


@given(ANSWERS)
def test_the_highest_counter_counts_and_a_tie_goes_to_the_later_arrival(answers: list[Saved]) -> None:
    winners = latest(answers)
    assert winners.keys() == {answer.number for answer in answers}
    for number, winner in winners.items():
        rivals = [answer for answer in answers if answer.number == number]
        assert winner.counter == max(answer.counter for answer in rivals)
        assert winner.arrival == max(answer.arrival for answer in rivals if answer.counter == winner.counter)


@given(ANSWERS, st.randoms())
def test_the_order_in_which_answers_are_read_does_not_matter(answers: list[Saved], rng: random.Random) -> None:
    mixed = list({(answer.number, answer.counter, answer.arrival): answer for answer in answers}.values())
    before = latest(mixed)
    rng.shuffle(mixed)
    assert latest(mixed) == before


def test_void_counts_as_right_for_everybody_asked() -> None:
    assert ruled((1, "batal", ())) is True
    assert ruled((2, "batal", ())) is False
    assert grade(sheet(1, 100), QUESTIONS, {}, [RulingFact(HASHES[0], "batal")]).passed


def test_an_accepted_value_adds_to_the_key() -> None:
    assert ruled((1, "terima", ("lain",))) is True
    assert ruled((1, "terima", ("Lain.",)), value=" LAIN ") is True
    assert ruled((1, "terima", ("beda",))) is False
    assert ruled((1, "terima", ("beda",)), value="benar") is True


def test_a_new_key_replaces_it() -> None:
    assert ruled((1, "kunci", ("lain",))) is True
    assert ruled((1, "kunci", ("lain",)), value="benar") is False


def test_rulings_apply_in_order() -> None:
    assert ruled((1, "kunci", ("a",)), (1, "terima", ("lain",))) is True
    assert ruled((1, "terima", ("lain",)), (1, "kunci", ("a",))) is False
    assert ruled((1, "kunci", ("a",)), (1, "batal", ())) is True


def test_what_was_withdrawn_holds_no_more_and_the_others_do() -> None:
    made = [
        RulingFact(HASHES[0], "terima", ("lain",), 7),
        RulingFact(HASHES[0], "kunci", ("beda",), 8),
        RulingFact(HASHES[0], "batal", (), 9),
    ]
    without = {"7": True, "8": True, "9": False}
    for number, right in without.items():
        decided = [*made, RulingFact(HASHES[0], "dicabut", (number,), 10)]
        assert grade(sheet(2), QUESTIONS, {1: Saved(1, ("lain",), 1, 1)}, decided).outcomes[0] is right
    ended = [*made, *(RulingFact(HASHES[0], "dicabut", (number,)) for number in without)]
    for value in ("benar", "lain", "beda"):
        given = {1: Saved(1, (value,), 1, 1)}
        assert grade(sheet(2), QUESTIONS, given, ended) == grade(sheet(2), QUESTIONS, given)


def test_a_reflection_stays_uncounted_whatever_is_ruled() -> None:
    only = Sheet(70, (SheetItem("a.md#cerita", HASHES[10], ()),))
    assert grade(only, QUESTIONS, {}, [RulingFact(HASHES[10], "batal")]).outcomes == (None,)


@given(st.lists(st.sampled_from(["batal", "terima", "kunci"]), max_size=6), st.sets(st.integers(1, 5)))
def test_voiding_last_never_takes_a_pass_away(kinds: list[RulingKind], right: set[int]) -> None:
    before = [RulingFact(HASHES[place % 5], kind, ("lain",)) for place, kind in enumerate(kinds)]
    answers = given_right(*right)
    first = grade(sheet(5), QUESTIONS, answers, before)
    then = grade(sheet(5), QUESTIONS, answers, [*before, RulingFact(HASHES[0], "batal")])
    assert then.right >= first.right
    assert then.passed or not first.passed
