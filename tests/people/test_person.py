import pytest

from lms.course.privacy import NO_NIK
from lms.people.person import FROM_THE_LIST, LATIN, PHONE_OR_EMPTY, read_person

GOOD = {"nama": " Siti  Aminah", "gelar_belakang": "S.Pd.", "desa": "33.12.01.2001", "hp": "+62 812-3456-7890"}
NIK = "3312012505800001"


def test_what_is_right_is_read_into_what_is_kept() -> None:
    typed = read_person(GOOD)
    assert typed.faults == {}
    assert (typed.name, typed.title_before, typed.title_after) == ("Siti Aminah", "", "S.Pd.")
    assert (typed.region, typed.phone) == ("33.12.01.2001", "081234567890")


def test_every_fault_is_said_at_once_with_its_remedy() -> None:
    typed = read_person({"nama": "", "gelar_depan": "1", "gelar_belakang": "2", "desa": "Atlantis", "hp": "12"})
    assert typed.faults == {
        "nama": LATIN,
        "gelar_depan": LATIN,
        "gelar_belakang": LATIN,
        "desa": FROM_THE_LIST,
        "hp": PHONE_OR_EMPTY,
    }
    assert "0812 3456 7890" in PHONE_OR_EMPTY


@pytest.mark.parametrize("field", ["nama", "gelar_depan", "gelar_belakang", "desa", "hp"])
@pytest.mark.parametrize("typed", [NIK, "33 12 01 25 05 80 00 01", f"Siti {NIK}"])
def test_a_nik_is_refused_kindly_in_every_field(field: str, typed: str) -> None:
    assert read_person({**GOOD, field: typed}).faults == {field: NO_NIK}


@pytest.mark.parametrize("village", ["", "33.12.99.9999", "Sumberagung", "33.12.01", "<script>", "33.12.01.2001\0"])
def test_a_village_that_the_list_does_not_have_is_refused(village: str) -> None:
    assert read_person({**GOOD, "desa": village}).faults == {"desa": FROM_THE_LIST}
