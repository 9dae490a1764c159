"""Hours in a hall add up over the years, those online of a course count once."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lms.core.certificate import Snapshot, Subject
from lms.core.training_record import by_year
from tests.certificates.samples import BIMTEK


def sheet(year: int, online: int, hall: int) -> Snapshot:
    return replace(BIMTEK, issued_on=date(year, 6, 1), subjects=(Subject("Satu", "", online, hall),))


def test_the_same_course_again_adds_only_what_is_new_online() -> None:
    years = by_year([(1, sheet(2027, 6, 7)), (1, sheet(2026, 5, 0)), (2, sheet(2027, 4, 0)), (1, sheet(2028, 5, 2))])
    assert [(year.year, year.counted_jp) for year in years] == [(2026, 5), (2027, 1 + 7 + 4), (2028, 2)]


def test_nothing_comes_to_nothing() -> None:
    assert by_year([]) == []


courses = st.lists(st.tuples(st.integers(1, 3), st.integers(2020, 2030), st.integers(0, 20), st.integers(0, 20)))


@given(courses)
def test_the_sum_is_the_most_online_of_each_course_and_every_hour_in_a_hall(
    held: list[tuple[int, int, int, int]],
) -> None:
    years = by_year([(course, sheet(year, online, hall)) for course, year, online, hall in held])
    most: dict[int, int] = {}
    for course, _, online, _ in held:
        most[course] = max(online, most.get(course, 0))
    assert sum(year.counted_jp for year in years) == sum(most.values()) + sum(hall for *_, hall in held)
    assert sum(len(year.entries) for year in years) == len(held)
