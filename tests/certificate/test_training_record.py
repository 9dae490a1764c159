"""Hours in a hall add up over the years, those online of a course count once."""

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certificate.qr import base64_of, short_id
from lms.certificate.snapshot import Snapshot, Subject, new_key, public_key, sign
from lms.certificate.training_record import PREFIX, Claim, HeldCertificate, by_year, claimed, seal, unsealed
from tests.certificate.samples import BIMTEK


def sheet(year: int, online: int, hall: int) -> Snapshot:
    return replace(BIMTEK, issued_on=date(year, 6, 1), subjects=(Subject("Satu", "", online, hall),))


def held(*certificates: tuple[int, Snapshot]) -> list[HeldCertificate]:
    """(course, sheet), each of a cohort of its own, in the year it was issued."""
    return [HeldCertificate(course, at, said.issued_on.year, said) for at, (course, said) in enumerate(certificates)]


def test_a_correction_in_another_year_stays_in_the_year_of_its_number() -> None:
    years = by_year([HeldCertificate(1, 1, 2026, sheet(2027, 5, 2)), HeldCertificate(1, 2, 2027, sheet(2027, 6, 0))])
    assert [(year.year, year.counted_jp) for year in years] == [(2026, 7), (2027, 1)]


def test_two_sheets_for_the_same_days_in_a_hall_count_once() -> None:
    (year,) = by_year([HeldCertificate(1, 1, 2026, sheet(2026, 5, 2)), HeldCertificate(1, 1, 2026, sheet(2026, 5, 4))])
    assert [(entry.online_jp, entry.hall_jp) for entry in year.entries] == [(5, 2), (0, 2)]


def test_the_same_course_again_adds_only_what_is_new_online() -> None:
    years = by_year(
        held((1, sheet(2027, 6, 7)), (1, sheet(2026, 5, 0)), (2, sheet(2027, 4, 0)), (1, sheet(2028, 5, 2)))
    )
    assert [(year.year, year.counted_jp) for year in years] == [(2026, 5), (2027, 1 + 7 + 4), (2028, 2)]


def test_what_was_taught_is_listed_and_adds_nothing() -> None:
    taught = replace(sheet(2026, 3, 4), role="NARASUMBER")
    (year,) = by_year(held((1, taught), (1, sheet(2026, 5, 2)), (1, replace(sheet(2026, 0, 0), role="PANITIA"))))
    assert [entry.snapshot.role for entry in year.entries] == ["NARASUMBER", "PESERTA", "PANITIA"]
    assert [entry.counted_jp for entry in year.entries] == [0, 7, 0]
    assert year.counted_jp == 7


def test_nothing_comes_to_nothing() -> None:
    assert by_year([]) == []


courses = st.lists(st.tuples(st.integers(1, 3), st.integers(2020, 2030), st.integers(0, 20), st.integers(0, 20)))


@given(courses)
def test_the_sum_is_the_most_online_of_each_course_and_every_hour_in_a_hall(
    rows: list[tuple[int, int, int, int]],
) -> None:
    years = by_year(held(*[(course, sheet(year, online, hall)) for course, year, online, hall in rows]))
    most: dict[int, int] = {}
    for course, _, online, _ in rows:
        most[course] = max(online, most.get(course, 0))
    assert sum(year.counted_jp for year in years) == sum(most.values()) + sum(hall for *_, hall in rows)
    assert sum(len(year.entries) for year in years) == len(rows)


PRIVATE = bytes(range(32))
KEY = short_id(public_key(PRIVATE))
KEYS = {KEY: public_key(PRIVATE)}
YEARS = by_year(held((1, sheet(2026, 5, 0)), (2, sheet(2027, 4, 2))))
CLAIM = claimed(7, date(2027, 12, 1), "Siti Aminah, S.Pd.", YEARS)


def test_what_a_record_claims_is_read_back() -> None:
    assert (CLAIM.person_id, CLAIM.day, CLAIM.total_jp) == (7, date(2027, 12, 1), 11)
    text = seal(CLAIM, PRIVATE)
    assert unsealed(text, KEYS) == (KEY, CLAIM)
    assert len(text) < 150
    assert claimed(7, CLAIM.day, "Siti Aminah", YEARS) != CLAIM
    assert claimed(7, CLAIM.day, "Siti Aminah, S.Pd.", YEARS[:1]) != CLAIM


def test_no_letter_of_a_seal_can_be_changed_and_no_other_key_signs_one() -> None:
    text = seal(CLAIM, PRIVATE)
    for place, letter in enumerate(text):
        for other in ("A", "1", ".", "é", chr(ord(letter) ^ 1)):
            if other != letter:
                assert unsealed(text[:place] + other + text[place + 1 :], KEYS) is None, (place, other)
    assert unsealed(seal(CLAIM, new_key()), KEYS) is None
    assert unsealed(text, {}) is None
    chance = random.Random(7)
    for _ in range(1_000):
        assert unsealed(chance.randbytes(chance.randrange(200)).decode("latin-1"), KEYS) is None


@pytest.mark.parametrize("day", ["20269999", "00000000", "20270229"])
def test_a_signed_day_that_is_none_breaks_nothing(day: str) -> None:
    text = f"{KEY}.7.{day}.11.{'m' * 12}"
    assert unsealed(f"{text}.{base64_of(sign(PRIVATE, PREFIX + text.encode()))}", KEYS) is None


def test_what_was_signed_for_a_sheet_seals_no_record() -> None:
    text = seal(Claim(7, date(2026, 1, 1), 3, "m" * 12), PRIVATE).rpartition(".")[0]
    assert unsealed(f"{text}.{base64_of(sign(PRIVATE, text.encode()))}", KEYS) is None
