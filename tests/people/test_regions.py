from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people.regions import CODE, Village, by_district, find_village, villages

CODES = st.sampled_from(sorted(villages()))


def test_every_desa_and_kelurahan_of_the_regency_is_there() -> None:
    kinds = Counter(village.kind for village in villages().values())
    assert sum(kinds.values()) == 294
    assert kinds == {"desa": 251, "kelurahan": 43}
    assert len(by_district()) == 25
    assert sum(map(len, by_district().values())) == 294


def test_codes_are_official_and_stand_for_themselves() -> None:
    for code, village in villages().items():
        assert CODE.fullmatch(code)
        assert village.code == code


def test_villages_come_by_kecamatan_and_name() -> None:
    order = [(village.district, village.name) for village in villages().values()]
    assert order == sorted(order)
    assert list(by_district()) == sorted(by_district())


@given(CODES)
def test_a_code_and_a_whole_label_find_their_village(code: str) -> None:
    village = villages()[code]
    assert find_village(code) == village
    assert find_village(f"  {code} ") == village
    assert find_village(village.label) == village
    assert find_village(village.label.upper()) == village
    assert find_village(f"{village.name}, Kecamatan {village.district}") == village
    assert find_village(f"Ds. {village.name} Kec. {village.district}") == village


@given(CODES)
def test_a_name_finds_its_village_only_when_no_other_has_it(code: str) -> None:
    village = villages()[code]
    alone = sum(other.name == village.name for other in villages().values()) == 1
    assert find_village(village.name) == (village if alone else None)


def test_a_name_that_several_have_is_told_apart_by_its_kecamatan() -> None:
    names = Counter(village.name for village in villages().values())
    shared = [name for name, count in names.items() if count > 1]
    assert len(shared) >= 10
    found = find_village("sumberagung, pracimantoro")
    assert found is not None
    assert found.district == "Pracimantoro"


@pytest.mark.parametrize("typed", ["", " ", "Atlantis", "33.12.99.9999", "33.12.01.20010", "33-12-01-2001", "\0", "%"])
def test_what_is_no_village_finds_none(typed: str) -> None:
    assert find_village(typed) is None


def test_a_label_reads_as_it_is_said() -> None:
    assert Village("x", "Giripurwo", "kelurahan", "Wonogiri").label == "Kelurahan Giripurwo, Kecamatan Wonogiri"
