import pytest

from lms.people.pins import password_fault

COMMON = [
    "password1234",
    "P4ssw0rd!2024",
    "123456789012",
    "qwertyuiop123",
    "aaaaaaaaaaaa",
    "abababababab",
    "indonesia2024",
    "rahasia123456",
    "Bismillah1234",
    "sayangsayang",
    "iloveyou2024",
    "AdminAdmin123",
    "WonogiriMaju2026",
    "dinsoswonogiri",
    "08123456789012",
    "abcdefghijkl",
    "17-08-1945-2026",
    "s4y4ngku12345",
    "............",
    "wonogiri.wonogiri",
]


@pytest.mark.parametrize("password", COMMON)
def test_what_everybody_takes_is_refused_with_a_remedy(password: str) -> None:
    assert password_fault(password).startswith("Sandi ini mudah ditebak")


@pytest.mark.parametrize(
    "password", ["kopi pagi di teras", "7k3m-92qf-x1aa-b2cc", "gerobak biru 4 roda", "é" * 5 + "kambingku"]
)
def test_a_few_words_of_ones_own_are_taken(password: str) -> None:
    assert password_fault(password, "retno.w", "Retno Wulandari") == ""


@pytest.mark.parametrize("password", ["", "pendek", "sebelas hrf", "kambing" * 29])
def test_too_short_and_endless_ones_are_refused(password: str) -> None:
    assert "paling sedikit 12 huruf" in password_fault(password)


@pytest.mark.parametrize("password", ["kambing-RETNO.W-biru", "kambing wulandari biru", "xxRetnoyyKambing"])
def test_the_own_name_is_no_password(password: str) -> None:
    assert password_fault(password, "retno.w", "Retno Ayu Wulandari") == "Jangan memakai nama Anda di dalam sandi."


def test_a_short_part_of_a_name_may_stand_in_a_word() -> None:
    assert password_fault("tradisi kambing biru", "", "Adi") == ""
