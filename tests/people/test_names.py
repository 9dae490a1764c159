import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people.names import LONGEST_NAME, LONGEST_TITLE, clean_name, clean_phone, clean_title, with_titles


@pytest.mark.parametrize(
    "name",
    [
        "Siti Aminah",
        "Suharto",
        "K.H. Abdul Wahid",
        "Nur'aini",
        "Nur’aini",
        "Ayu-Dewi",
        "Éva Müller",
        "Ḥasanah",
        "Siti Aminah, S.Pd.",
        "A" * LONGEST_NAME,
    ],
)
def test_names_as_they_are_written_here_stay_as_they_are(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "-’-",
        "Siti 2",
        "王小明",
        "Сити",
        "سيتي",
        "Siti\0",
        "Siti\u202eAminah",
        "Siti\u200bAminah",
        "<b>",
        "Siti@desa",
        "Siti_Aminah",
        "Ｓｉｔｉ",
        "Sit\u0345i",
        "Siti 🙂",
        "A" * (LONGEST_NAME + 1),
    ],
)
def test_what_is_no_name_in_latin_letters_is_refused(name: str) -> None:
    assert clean_name(name) is None


def test_spaces_are_made_single_and_letters_composed() -> None:
    assert clean_name("  Siti\t\nAminah\u00a0 Lestari ") == "Siti Aminah Lestari"
    assert clean_name("E\u0301va") == "Éva"


@given(st.text(max_size=200))
def test_whatever_is_typed_a_name_that_comes_out_is_clean_and_stays_so(text: str) -> None:
    name = clean_name(text)
    if name is not None:
        assert clean_name(name) == name
        assert 0 < len(name) <= LONGEST_NAME
        assert name == unicodedata.normalize("NFC", name) == " ".join(name.split())
        assert all(letter in " .,'’-" or unicodedata.name(letter).startswith("LATIN ") for letter in name)


def test_titles_may_be_empty_but_not_wrong() -> None:
    assert clean_title("  ") == ""
    assert clean_title(" S.Sos. ") == "S.Sos."
    assert clean_title("S1") is None
    assert clean_title("A" * (LONGEST_TITLE + 1)) is None


def test_titles_stand_before_and_behind() -> None:
    assert with_titles("", "Siti", "") == "Siti"
    assert with_titles("dr.", "Siti", "") == "dr. Siti"
    assert with_titles("", "Siti", "S.Pd.") == "Siti, S.Pd."
    assert with_titles("dr.", "Siti", "S.Pd.") == "dr. Siti, S.Pd."


@pytest.mark.parametrize("typed", ["", "  ", "\u00a0", "\u200e \u2011"])
def test_a_phone_number_may_be_left_out(typed: str) -> None:
    assert clean_phone(typed) == ""


@pytest.mark.parametrize(
    "typed",
    [
        "081234567890",
        "0812 3456 7890",
        "0812-3456-7890",
        "0812.3456.7890",
        "(0812) 3456 7890",
        "(0812)3456-7890",
        "0812\u00a03456\u00a07890",
        "0812\u202f3456\u20077890",
        "0812\u20113456\u20117890",
        "0812\u20133456\u20147890",
        "0812\u22123456\u22127890",
        "0812\u00ad3456\u200b7890",
        "\u202a+62 812-3456-7890\u202c",
        "\ufeff081234567890",
        "\t0812 3456 7890\n",
        "6281234567890",
        "62812 3456 7890",
        "62-812-3456-7890",
        "62 0812 3456 7890",
        "+6281234567890",
        "+62 812 3456 7890",
        "+62.812.3456.7890",
        "+62 0812 3456 7890",
        "+62 (0) 812 3456 7890",
        "+62 (0)812-3456-7890",
        "(+62) 812 3456 7890",
        "(62) 812 3456 7890",
        "+ 62 812 3456 7890",
        "006281234567890",
        "0062 812 3456 7890",
        "00 62 0812 3456 7890",
    ],
)
def test_a_phone_number_has_one_form_however_it_is_written(typed: str) -> None:
    assert clean_phone(typed) == "081234567890"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(0273) 321.456", "0273321456"),
        ("+62 273 321456", "0273321456"),
        ("021-3144321", "0213144321"),
        ("0811234567", "0811234567"),
        ("0812345678901", "0812345678901"),
    ],
)
def test_short_long_and_house_numbers_stand(typed: str, kept: str) -> None:
    assert clean_phone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "12345678",
        "0812",
        "081234567",
        "08123456789012",
        "0" * 12,
        "0" * 20,
        "0012345678",
        "0112345678",
        "81234567890",
        "62",
        "+62",
        "+",
        "-+-",
        "++6281234567890",
        "62+81234567890",
        "+0812 3456 7890",
        "+1 202 555 0143",
        "+65 6123 4567",
        "0812345678a",
        "0812 3456 7890 / 0813",
        "0812,3456,7890",
        "0812_3456_7890",
        "0812345678\0",
        "0812\u03053456 7890",
        "٠٨١٢٣٤٥٦٧٨٩٠",
        "０８１２３４５６７８９０",
        "0812³4567890",
        "nomor",
        "3312012505800001",
        "08" + "1" * 5000,
    ],
)
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    assert clean_phone(typed) is None


NOISE = st.text(" \u00a0\u2007\u202f\u200b\u200e.-\u2010\u2011\u2012\u2013\u2014\u2212()", max_size=3)


@given(st.data(), st.sampled_from(["0", "62", "+62", "0062", "+620"]), st.from_regex(r"8[0-9]{8,11}", fullmatch=True))
def test_whatever_stands_between_its_digits_the_number_stays(data: st.DataObject, prefix: str, rest: str) -> None:
    typed = "".join(sign + data.draw(NOISE) for sign in prefix + rest)
    assert clean_phone(typed) == "0" + rest


@given(st.text(max_size=40))
def test_a_phone_that_comes_out_is_digits_and_stays_so(text: str) -> None:
    phone = clean_phone(text)
    if phone:
        assert phone.isascii()
        assert phone.isdigit()
        assert clean_phone(phone) == phone
