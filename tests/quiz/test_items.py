"""Item analysis: what is told of few is figures only, and what is told of many would be told of the other half too."""

import random
from collections.abc import Sequence

from lms.course.bank import parse_bank
from lms.course.questions.base import Question
from lms.quiz.items import ENOUGH, MANY, Item, Reply, Sitting, analyse, faults, idle, misled, most_missed

BANK = """## Kuis: Dasar (ambil 1)

### Siapa PSM?

- [x] Relawan
- [ ] Pegawai
  > PSM bukan pegawai.
- [ ] Dokter
  > Dokter lain lagi.
"""
PSM: Question = next(iter(parse_bank("tes.md", BANK)[0].questions.values()))
RIGHT, CLERK, DOCTOR = PSM.items


def sat(who: int, *replies: tuple[str, bool, str]) -> Sitting:
    return Sitting(who, tuple(Reply(name, "Dasar", right, (value,) if value else ()) for name, right, value in replies))


def item(right: int, asked: int, **more: object) -> Item:
    return Item(PSM.hash, "Dasar", asked, right, 0, **more)  # type: ignore[arg-type] # A few fields by name.


def class_of(count: int, knows: Sequence[bool]) -> list[Sitting]:
    """So many people who are right in half of nine questions, or in all but one; `knows` is who has the tenth."""
    people = []
    for who in range(count):
        strong = who % 2 == 0
        others = [(f"q{number}", strong != (number == who % 9), "x") for number in range(9)]
        people.append(sat(who, ("yang diuji", knows[who], "x"), *others))
    return people


def test_an_item_counts_who_was_asked_what_they_took_and_who_left_it_blank() -> None:
    found = analyse(
        [sat(1, ("a", True, RIGHT)), sat(2, ("a", False, CLERK), ("b", True, "x")), sat(3, ("a", False, ""))]
    )
    assert [(each.hash, each.asked, each.right, each.missed, each.blank) for each in found] == [
        ("a", 3, 1, 2, 1),
        ("b", 1, 1, 0, 0),
    ]
    assert found[0].taken == {RIGHT: 1, CLERK: 1}


def test_of_few_there_is_no_word_and_at_the_bounds_it_is_fair() -> None:
    assert item(0, ENOUGH - 1).difficulty is None
    words = [item(right, 10).difficulty for right in (2, 3, 7, 8)]
    assert words == ["sukar", "sedang", "sedang", "mudah"]


def test_it_tells_apart_when_the_strong_know_it_and_is_turned_round_when_the_weak_do() -> None:
    strong = [who % 2 == 0 for who in range(MANY)]
    assert analyse(class_of(MANY, strong))[0].tells_apart == "ya"
    assert analyse(class_of(MANY, [not each for each in strong]))[0].tells_apart == "terbalik"


def test_chance_is_not_called_anything() -> None:
    rng = random.Random(7)
    words = [analyse(class_of(MANY, [rng.random() < 0.5 for _ in range(MANY)]))[0].tells_apart for _ in range(200)]
    assert words.count("belum jelas") > 180


def test_below_thirty_and_where_all_were_alike_nothing_is_told() -> None:
    count = MANY - 1
    assert analyse(class_of(count, [who % 2 == 0 for who in range(count)]))[0].tells_apart is None
    assert analyse(class_of(MANY, [True] * MANY))[0].tells_apart is None
    assert analyse([sat(who, ("a", who % 2 == 0, "x")) for who in range(MANY)])[0].tells_apart is None


def test_most_missed_goes_by_share_and_leaves_out_what_few_were_asked_unless_all_were_few() -> None:
    few, easy, hard = (
        Item(name, "", asked, right, 0) for name, asked, right in (("f", 3, 0), ("e", 10, 9), ("h", 20, 5))
    )
    full = Item("v", "", 20, 20, 0)
    assert [each.hash for each in most_missed([few, easy, full, hard])] == ["h", "e"]
    assert [each.hash for each in most_missed([few])] == ["f"]


def test_the_wrong_choice_that_most_took() -> None:
    found = misled(item(5, 10, taken={RIGHT: 5, CLERK: 3, DOCTOR: 2}), PSM)
    assert found
    assert (found[0], found[1].text, found[1].feedback) == (3, "Pegawai", "PSM bukan pegawai.")
    assert misled(item(10, 10, taken={RIGHT: 10}), PSM) is None


def test_what_is_worth_a_look_after_learning_and_what_of_it_before() -> None:
    turned = item(2, 10, taken={RIGHT: 2, CLERK: 8})
    assert faults(turned, PSM, learned=True) == ["kunci", "sukar"]
    assert faults(turned, PSM, learned=False) == []
    assert faults(item(2, 9, taken={CLERK: 7}), PSM, learned=True) == []


def test_an_idle_choice_and_what_everybody_knows_are_told_of_many_only() -> None:
    taken = {RIGHT: 20, CLERK: 10}
    assert faults(item(20, 30, taken=taken), PSM, learned=True) == ["menganggur"]
    assert [choice.text for choice in idle(item(20, 30, taken=taken), PSM)] == ["Dokter"]
    assert faults(item(20, 29, taken=taken), PSM, learned=True) == []
    assert faults(item(30, 30, taken={RIGHT: 30}), PSM, learned=False) == ["terlalu mudah"]
