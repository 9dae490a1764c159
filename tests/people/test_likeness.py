import random
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people import doubles
from lms.people.doubles import Someone, likely_doubles, name_words

HERE, THERE = "33.12.01.2001", "33.12.01.2002"
PHONE = "081234567890"


def alike(*names: str, region: str = HERE, phone: str = "") -> bool:
    """Whether all of these are one group."""
    people = [Someone(number, name, region, phone) for number, name in enumerate(names, start=1)]
    return likely_doubles(people) == {frozenset(range(1, len(names) + 1))}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siti Aminah", "SITI  aminah"),
        ("Siti Aminah", "Hj. Siti Aminah, S.Pd."),
        ("Siti Aminah", "Ibu Siti Aminah S.Sos. M.Pd.I"),
        ("Sri Wahyuni", "Sriwahyuni"),
        ("Nur'aini", "Nuraini"),
        ("Soetrisno", "Sutrisno"),
        ("Djoko Tjahjo", "Joko Cahjo"),
        ("Moh. Ali", "Muhammad Ali"),
        ("Siti Aminah", "Aminah Siti"),
        ("Achmad Rudy", "Ahmad Rudi"),
        ("Budhi", "Budi"),
        ("Noor", "Nor"),
        ("André", "Andre"),
        ("S. Aminah", "Aminah"),
        ("S.Aminah", "Aminah"),
    ],
)
def test_one_name_in_two_spellings_of_one_village_is_a_likely_double(one: str, other: str) -> None:
    assert alike(one, other)
    assert not alike(one, other, region="")
    assert likely_doubles([Someone(1, one, HERE, ""), Someone(2, other, THERE, "")]) == set()


@pytest.mark.parametrize("other", ["Siti Amina", "Siti Aminahh", "Siti Amimah", "Sti Aminah", "Siti Amniah"])
def test_a_letter_off_is_a_likely_double_in_one_village(other: str) -> None:
    assert alike("Siti Aminah", other)
    assert likely_doubles([Someone(1, "Siti Aminah", HERE, ""), Someone(2, other, THERE, "")]) == set()


@pytest.mark.parametrize(
    "names", [("Tini", "Tuni"), ("Sukarti", "Sukarto"), ("Siti Aminah", "Siti Fatimah"), ("Siti Aminah", "Siti")]
)
def test_other_names_of_one_village_are_other_people(names: tuple[str, str]) -> None:
    assert not alike(*names)


@pytest.mark.parametrize(
    "names",
    [("Siti Aminah", "Aminah"), ("Siti Aminah", "Siti"), ("Sukarti", "Sukarty"), ("Sukinem", "Sukinam")],
)
def test_one_phone_and_a_like_name_is_a_likely_double_wherever_they_are_from(names: tuple[str, str]) -> None:
    one, other = names
    people = [Someone(1, one, HERE, PHONE), Someone(2, other, THERE, PHONE)]
    assert likely_doubles(people) == {frozenset({1, 2})}


def test_a_family_that_shares_a_phone_is_no_double() -> None:
    assert not alike("Siti Aminah", "Siti Fatimah", phone=PHONE)
    assert not alike("Budi", "Budo", phone=PHONE)
    assert not alike("Siti Aminah", "Sukirman", phone=PHONE)


def test_what_is_not_known_makes_nobody_alike() -> None:
    assert not alike("Siti Aminah", "Siti Aminah", region="", phone="")


def test_three_of_one_person_are_one_group() -> None:
    found = likely_doubles(
        [
            Someone(1, "Siti Aminah", HERE, ""),
            Someone(2, "Siti Aminnah", HERE, PHONE),
            Someone(3, "Aminah", THERE, PHONE),
            Someone(4, "Budi Santoso", HERE, ""),
        ]
    )
    assert found == {frozenset({1, 2, 3})}


@pytest.mark.parametrize("name", ["Bu", "H.", "S.Pd.", ", S.Pd.", "A", "dr. Hj.", "ß", "İ"])
def test_a_name_of_titles_only_is_still_a_name(name: str) -> None:
    assert "".join(name_words(name))


PEOPLE = st.lists(
    st.tuples(
        st.text("abdhinst .,’'", min_size=1, max_size=14),
        st.sampled_from(["", HERE, THERE]),
        st.sampled_from(["", PHONE]),
    ),
    max_size=12,
)


@given(PEOPLE, st.randoms())
def test_groups_do_not_overlap_nor_depend_on_the_order(people: list[tuple[str, str, str]], rng: random.Random) -> None:
    everybody = [Someone(number, *who) for number, who in enumerate(people, start=1)]
    found = likely_doubles(everybody)
    members = [who for group in found for who in group]
    assert len(members) == len(set(members))
    assert all(len(group) > 1 for group in found)
    assert found == likely_doubles(rng.sample(everybody, len(everybody)))


def joins(people: list[Someone], monkeypatch: pytest.MonkeyPatch) -> int:
    """How often two people meet."""
    met = count()
    with monkeypatch.context() as patch:
        patch.setattr(doubles, "_join", lambda *_: next(met))
        likely_doubles(people)
    return next(met)


def test_the_work_grows_with_the_people_and_not_with_their_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(1)
    names = ["".join(rng.choices("aeioukstnrm", k=12)) for _ in range(200)]
    people = [Someone(number, rng.choice(names), HERE, PHONE) for number in range(1, 2_001)]
    assert joins(people, monkeypatch) <= 2.2 * joins(people[:1_000], monkeypatch)
