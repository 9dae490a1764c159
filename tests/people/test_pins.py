import pytest

from lms.people.pins import is_pin, is_weak

WEAK = {
    "counts": ("123456", "456789", "567890", "654321", "987654", "098765", "123234", "789012", "321210"),
    "repeats": ("000000", "111112", "121212", "123123", "112233", "445566", "900900", "707070"),
    "is a birth date": ("170845", "081745", "450817", "290200", "290296", "010101", "311299", "991231", "453108"),
    "is a year": ("197405", "201945", "051974", "195019", "202699"),
    "ends the phone": ("778864",),
}


@pytest.mark.parametrize("pin", [pin for pins in WEAK.values() for pin in pins])
def test_what_is_easy_to_guess_is_weak(pin: str) -> None:
    assert is_weak(pin, "081234778864")


@pytest.mark.parametrize("pin", ["739154", "902847", "486139", "350072", "634950", "886403"])
def test_what_is_hard_to_guess_is_not(pin: str) -> None:
    assert not is_weak(pin, "081234778864")


def test_only_the_own_phone_makes_its_end_weak() -> None:
    assert not is_weak("778864", "081234778865")
    assert not is_weak("778864", "")


@pytest.mark.walk
def test_most_pins_are_left_to_choose_from() -> None:
    strong = sum(not is_weak(f"{number:06}") for number in range(0, 1_000_000, 7))
    assert strong > 0.8 * 1_000_000 / 7


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "¹²³⁴⁵⁶", " 12345", "12 345"])
def test_six_digits_and_nothing_else_are_a_pin(typed: str) -> None:
    assert not is_pin(typed)
    assert is_pin("739154")
