"""The code in the hall and what coming amounts to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lms.bimtek.attendance import MeetingFacts, code_at, seconds_left, showing, state_at

KEY = bytes(range(32))
MOMENT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
WINDOW = timedelta(seconds=30)


def test_a_code_changes_every_half_minute_and_from_meeting_to_meeting() -> None:
    codes = {code_at(KEY, meeting, MOMENT + turn * WINDOW) for meeting in (1, 2) for turn in range(50)}
    assert len(codes) == 100
    assert {len(code) for code in codes} == {6}
    assert code_at(KEY, 1, MOMENT) == code_at(KEY, 1, MOMENT + timedelta(seconds=29.9))
    assert code_at(KEY[::-1], 1, MOMENT) not in codes


def test_it_is_taken_two_windows_around_its_own_and_no_longer() -> None:
    code = code_at(KEY, 7, MOMENT)
    taken = {turn for turn in range(-5, 6) if showing(KEY, [3, 7], code, MOMENT + turn * WINDOW) == 7}
    assert taken == {-2, -1, 0, 1, 2}
    assert showing(KEY, [3], code, MOMENT) is None


def test_it_is_understood_as_people_type_it() -> None:
    code = code_at(KEY, 7, MOMENT)
    assert showing(KEY, [7], f" {code[:3].lower()} {code[3:]} ", MOMENT) == 7
    for wrong in ("", "ABC", "é" * 6, "\0" * 6, code + "0", "A" * 10_000):
        assert showing(KEY, [7], wrong, MOMENT) is None


def test_the_seconds_left_lead_into_the_next_code() -> None:
    for second in range(60):
        moment = MOMENT + timedelta(seconds=second)
        left = seconds_left(moment)
        assert 1 <= left <= 30
        assert code_at(KEY, 1, moment + timedelta(seconds=left)) == code_at(KEY, 1, moment, 1)


def test_who_comes_a_quarter_of_an_hour_late_is_late() -> None:
    assert state_at(MOMENT, MOMENT - timedelta(minutes=30)) == "hadir"
    assert state_at(MOMENT, MOMENT + timedelta(minutes=15)) == "hadir"
    assert state_at(MOMENT, MOMENT + timedelta(minutes=15, seconds=1)) == "terlambat"


def test_one_may_say_so_from_an_hour_before_to_an_hour_after() -> None:
    end = MOMENT + timedelta(hours=2)
    meeting = MeetingFacts(1, 1, MOMENT, end, "Praktik", "", "", 2, None)
    for moment, expected in (
        (MOMENT - timedelta(minutes=61), False),
        (MOMENT - timedelta(minutes=60), True),
        (end + timedelta(minutes=60), True),
        (end + timedelta(minutes=61), False),
    ):
        assert meeting.is_on(moment) is expected
        assert not replace(meeting, cancelled_at=MOMENT).is_on(moment)
