"""Both tests as one value: everybody once, each in the group they belong to, and nothing of who took one test."""

from fractions import Fraction

from lms.quiz.exam_report import Score, exam_report, figures
from lms.quiz.items import Reply, Sitting

TITLES = ["Dasar", "Lanjutan"]


def sat(who: int, basic: str, further: str = "", *, late: bool = False) -> Sitting:
    """A sheet: "+" for right and "-" for wrong, of both subjects."""
    marks = [*((mark, "Dasar") for mark in basic), *((mark, "Lanjutan") for mark in further)]
    replies = tuple(Reply(f"{subject} {at}", subject, mark == "+") for at, (mark, subject) in enumerate(marks))
    return Sitting(who, replies, late)


def test_a_test_in_figures() -> None:
    found = figures([sat(1, "+-", "++"), sat(2, "--", "-+"), sat(3, "")], TITLES)
    assert found
    assert (found.n, found.mean, found.lowest, found.highest) == (2, Fraction(1, 2), Score(1, 4), Score(3, 4))
    assert found.subjects == {"Dasar": Score(1, 4), "Lanjutan": Score(3, 4)}
    assert found.missed[0].hash == "Dasar 1"
    assert not found.enough


def test_nobody_is_no_test() -> None:
    found = exam_report([], [], set(), TITLES)
    assert (found.pre, found.post, found.groups, found.passed_share) == (None, None, (), None)


def test_pairs_groups_and_who_took_one_test_only() -> None:
    pre = [sat(1, "--", "--"), sat(2, "+-", "--", late=True), sat(3, "++", "++")]
    post = [sat(1, "++", "--"), sat(2, "++", "++"), sat(4, "++", "+-")]
    found = exam_report(pre, post, {2, 4, 9}, TITLES)
    assert (found.only_pre, found.only_post) == ((3,), (4,))
    assert {who: pair.gain for who, pair in found.pairs.items()} == {1: Fraction(1, 2), 2: Fraction(1)}
    assert [(group.after_learning, group.gain.n, group.gain.of_means) for group in found.groups] == [
        (False, 1, Fraction(1, 2)),
        (True, 1, Fraction(1)),
    ]
    assert {title: gain.of_means for title, gain in found.groups[0].subjects.items()} == {"Dasar": 1, "Lanjutan": 0}
    assert (found.passed, found.passed_share) == (2, Fraction(2, 3))


def test_a_subject_that_one_sheet_did_not_ask_is_in_no_gain_of_it() -> None:
    found = exam_report([sat(1, "--")], [sat(1, "++", "++")], set(), TITLES)
    assert list(found.groups[0].subjects) == ["Dasar"]
