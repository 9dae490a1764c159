from datetime import UTC, date, datetime, timedelta

import pytest

from lms.web.dates import WIB, hari_tanggal, in_words, lalu, rentang, tanggal, waktu


def test_a_date_has_no_leading_nought_and_an_indonesian_month() -> None:
    assert tanggal(date(2022, 6, 7)) == "7 Juni 2022"
    assert tanggal(date(2026, 8, 17)) == "17 Agustus 2026"
    assert tanggal(date(2026, 12, 31)) == "31 Desember 2026"


def test_a_day_has_its_weekday() -> None:
    assert hari_tanggal(date(2026, 6, 9)) == "Selasa, 9 Juni 2026"
    assert hari_tanggal(date(2026, 6, 14)) == "Minggu, 14 Juni 2026"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2026, 6, 9), date(2026, 6, 9), "9 Juni 2026"),
        (date(2026, 6, 9), date(2026, 6, 11), "9 s.d. 11 Juni 2026"),
        (date(2026, 6, 30), date(2026, 7, 2), "30 Juni s.d. 2 Juli 2026"),
        (date(2026, 12, 30), date(2027, 1, 2), "30 Desember 2026 s.d. 2 Januari 2027"),
        (date(2026, 6, 9), date(2027, 6, 9), "9 Juni 2026 s.d. 9 Juni 2027"),
    ],
)
def test_a_range_writes_what_both_days_share_once(start: date, end: date, text: str) -> None:
    assert rentang(start, end) == text


def test_a_range_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        rentang(date(2026, 6, 10), date(2026, 6, 9))


def test_a_moment_is_told_in_wib() -> None:
    assert waktu(datetime(2026, 11, 24, 2, 14, tzinfo=UTC)) == "24 November 2026, 09.14 WIB"
    assert waktu(datetime(2026, 12, 31, 17, 5, tzinfo=UTC)) == "1 Januari 2027, 00.05 WIB"
    assert waktu(datetime(2026, 11, 24, 9, 14, tzinfo=WIB)) == "24 November 2026, 09.14 WIB"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "baru saja"),
        (59, "baru saja"),
        (60, "1 menit lalu"),
        (7_199, "1 jam lalu"),
        (86_399, "23 jam lalu"),
        (86_400, "1 hari lalu"),
    ],
)
def test_how_long_ago_is_told_in_its_largest_unit(seconds: int, words: str) -> None:
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    assert lalu(moment, moment + timedelta(seconds=seconds)) == words


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        waktu(datetime(2026, 11, 24, 9, 14))  # noqa: DTZ001 - the fault under test.


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (9, "sembilan"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (210, "dua ratus sepuluh"),
        (1000, "seribu"),
        (1101, "seribu seratus satu"),
        (2026, "dua ribu dua puluh enam"),
        (100_000, "seratus ribu"),
        (
            999_999,
            "sembilan ratus sembilan puluh sembilan ribu sembilan ratus sembilan puluh sembilan",
        ),
        (1_000_000, "satu juta"),
        (1_500_000, "satu juta lima ratus ribu"),
        (11_001_000, "sebelas juta seribu"),
        (1_000_000_001, "satu miliar satu"),
        (210_000_000_000, "dua ratus sepuluh miliar"),
    ],
)
def test_a_number_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


def test_every_number_below_ten_thousand_has_words_of_its_own() -> None:
    words = [in_words(number) for number in range(10_000)]
    assert len(set(words)) == 10_000
    assert not any("  " in word or word != word.strip() for word in words)


@pytest.mark.parametrize("number", [-1, 10**12])
def test_a_number_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="999,999"):
        in_words(number)
