"""The map of tiles: every kecamatan once, every village in it, and the state that one trained person gives it."""

from lms.cohort.coverage import STATES, TILES, coverage
from lms.people.regions import by_district, villages

SUMBERAGUNG, OTHER = "33.12.01.2001", "33.12.01.2002"


def test_every_kecamatan_has_one_tile_of_its_own() -> None:
    found = coverage({})
    assert sorted(name for row in TILES for name in row if name) == sorted(by_district())
    assert len({(each.row, each.column) for each in found}) == len(found) == 25
    assert sum(len(each.states) for each in found) == len(villages()) == 294


def test_one_trained_person_is_enough_and_training_comes_next() -> None:
    found = coverage({SUMBERAGUNG: True, OTHER: False, "99.99.99.9999": True})
    assert [sum(len(each.having(state)) for each in found) for state in STATES] == [1, 1, 292]
    pracimantoro = next(each for each in found if each.name == "Pracimantoro")
    assert [village.code for village in pracimantoro.having("sudah")] == [SUMBERAGUNG]
    assert [village.code for village in pracimantoro.having("sedang")] == [OTHER]
    assert len(pracimantoro.having("belum")) == len(pracimantoro.states) - 2
