"""The survey's figures: index and bands by their rule, and nothing told of fewer than five."""

from fractions import Fraction

import pytest

from lms.bimtek.survey import (
    FEWEST,
    LONGEST,
    WRITTEN_FIELDS,
    Answers,
    Speaker,
    band,
    parts_for,
    read,
    summarise,
)
from lms.web.rounding import desimal

SPEAKERS = (Speaker(3, "Drs. Wiyono", ("Asesmen",)), Speaker(9, "Retno Wulandari", ("Etika", "Rujukan")))
PARTS = parts_for(SPEAKERS)


def test_it_asks_what_the_office_asks() -> None:
    assert [len(part.questions) for part in PARTS] == [10, 8, 8, 4, 2]
    assert [part.title for part in PARTS][1:3] == ["Narasumber: Drs. Wiyono", "Narasumber: Retno Wulandari"]
    assert PARTS[2].about == "Etika; Rujukan"
    assert len(WRITTEN_FIELDS) == 3


@pytest.mark.parametrize(
    ("found", "letter"),
    [
        ("100.00", "A"),
        ("88.31", "A"),
        ("88.30", "B"),
        ("76.61", "B"),
        ("76.60", "C"),
        ("65.00", "C"),
        ("64.99", "D"),
        ("25.00", "D"),
    ],
)
def test_bands_begin_where_the_custom_says(found: str, letter: str) -> None:
    assert band(Fraction(found))[0] == letter


def test_an_index_between_two_bands_is_in_that_of_what_is_written() -> None:
    assert desimal(Fraction("88.305"), 2) == "88,31"
    assert band(Fraction("88.305"))[0] == "A"
    assert band(Fraction("88.304"))[0] == "B"


def answered(count: int, value: int = 4, name: str = "acara-undangan") -> list[Answers]:
    return [{name: value} for _ in range(count)]


def told(responses: list[Answers], key: str = "acara") -> tuple[Fraction | None, int]:
    part = next(each for each in summarise(PARTS, responses).parts if each.part.key == key)
    return part.questions[0].mean, part.questions[0].count


def test_a_mean_of_fewer_than_five_is_not_told() -> None:
    assert told(answered(FEWEST - 1)) == (None, 4)
    assert told(answered(FEWEST)) == (Fraction(4), 5)


def test_what_is_not_told_can_not_be_reckoned_from_the_parts_mean() -> None:
    few: list[Answers] = [{"acara-undangan": 4, "acara-aplikasi": 1} for _ in range(4)]
    part = summarise(PARTS, [*few, {"acara-undangan": 2}]).parts[0]
    assert [each.mean for each in part.questions][:2] == [Fraction(18, 5), None]
    assert part.mean == Fraction(18, 5)
    assert part.index == 90
    assert part.band == ("A", "sangat baik")


def test_a_part_is_the_mean_of_its_question_means() -> None:
    responses: list[Answers] = [*answered(15, 4), *answered(5, 1, "acara-aplikasi")]
    assert summarise(PARTS, responses).parts[0].mean == Fraction(5, 2)


def test_readiness_has_no_band_and_nothing_at_all_has_no_index() -> None:
    responses: list[Answers] = [{"siap-sebelum": 2, "siap-sesudah": 3} for _ in range(6)]
    summary = summarise(PARTS, responses)
    ready, organiser = summary.parts[-1], summary.parts[0]
    assert [each.mean for each in ready.questions] == [2, 3]
    assert ready.band is None
    assert (organiser.mean, organiser.index, organiser.band) == (None, None, None)


def test_written_answers_are_sorted_by_themselves_and_hidden_while_few() -> None:
    responses: list[Answers] = [
        {"tulis-berguna": text, "tulis-sulit": f"sulit {text}"} if text != "z" else {"tulis-berguna": text}
        for text in ("z", "b", "a", "d", "c")
    ]
    written = list(summarise(PARTS, responses).written.values())
    assert written == [("a", "b", "c", "d", "z"), None, None]


def test_answers_are_read_in_the_order_of_the_questions_and_nothing_else_is() -> None:
    form = {
        "tulis-saran": "  Lebih banyak contoh\r\ndari desa ",
        "n9-sikap": "4",
        "acara-undangan": "1",
        "acara-panitia": "5",
        "acara-manfaat": "² ",
        "n4-sikap": "4",
        "csrf_token": "x",
    }
    sent = read(PARTS, form)
    assert list(sent.answers.items()) == [
        ("acara-undangan", 1),
        ("n9-sikap", 4),
        ("tulis-saran", "Lebih banyak contoh\ndari desa"),
    ]
    assert sent.faults == {}
    assert len(sent.left_out) == 32 - 2
    assert list(read(PARTS, dict(reversed(form.items()))).answers) == list(sent.answers)


@pytest.mark.parametrize("text", ["3312010101900001", "x" * (LONGEST + 1), "a\0b"])
def test_what_may_not_be_kept_is_said_at_its_field(text: str) -> None:
    sent = read(PARTS, {"tulis-saran": text, "acara-undangan": "4"})
    assert list(sent.faults) == ["tulis-saran"]


def test_an_empty_form_is_no_survey() -> None:
    assert read(PARTS, {"tulis-saran": "  "}).faults[""].startswith("Belum ada yang diisi")
