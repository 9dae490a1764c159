"""The text of a QR: what was signed is read back, and nothing else is believed."""

import base64
import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import segno
from hypothesis import example, given
from hypothesis import strategies as st

from lms.certificate.qr import LIMIT, PREFIX, encode, fingerprint, mark, short_id, still_holds
from lms.certificate.snapshot import Snapshot, Subject, new_key, number_line, public_key, sign
from tests.certificate.qr_reading import read
from tests.certificate.samples import BIMTEK, ONLINE

PRIVATE = bytes(range(32))
KEYS = {short_id(public_key(PRIVATE)): public_key(PRIVATE)}
WIDTH_MM = 30
SMALLEST_MODULE_MM = 0.4

words = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=200)
snapshots = st.builds(
    lambda name, activity, number, sample, revision, jp, day: replace(
        BIMTEK,
        name=name,
        activity=activity,
        number=None if sample else number,
        sample=sample,
        revision=revision,
        subjects=(Subject("Satu", "", jp, 0),),
        issued_on=day,
    ),
    words,
    words,
    words,
    st.booleans(),
    st.integers(0, 999),
    st.integers(0, 9_999),
    st.dates(date(2000, 1, 1)),
)


@given(snapshots)
@example(BIMTEK)
@example(replace(BIMTEK, sample=True, number=None, subjects=(), revision=0))
@example(replace(BIMTEK, name="A;*+%20~_#", activity="", number=""))
def test_what_is_signed_is_read_back_in_three_hundred_letters(snapshot: Snapshot) -> None:
    text = encode(snapshot, PRIVATE)
    assert len(text) <= LIMIT
    assert text.isascii()
    assert text == encode(replace(snapshot), PRIVATE)
    verdict, facts = read(text, KEYS)
    assert verdict == "benar"
    assert facts is not None
    assert text.startswith(f"{snapshot.check_url}#")
    assert facts.token == snapshot.token
    stated = (facts.issued_on, facts.total_jp, facts.revision, facts.sample)
    assert stated == (snapshot.issued_on, snapshot.total_jp, snapshot.revision, snapshot.sample)
    number = "" if snapshot.number is None else number_line(snapshot)
    for part, whole in ((facts.number, number), (facts.name, snapshot.name), (facts.activity, snapshot.activity)):
        assert whole == part.text if not part.mark else whole.startswith(part.text)
        assert part.mark in ("", mark(whole))


def test_usual_sheets_are_whole_and_their_squares_large_enough() -> None:
    for snapshot in (BIMTEK, ONLINE):
        facts = read(encode(snapshot, PRIVATE), KEYS)[1]
        assert facts is not None
        assert [facts.number.mark, facts.name.mark, facts.activity.mark] == ["", "", ""]
    largest = segno.make("https://a/" + "x" * (LIMIT - 10), error="m", micro=False)
    assert WIDTH_MM / largest.symbol_size(border=0)[0] >= SMALLEST_MODULE_MM


def test_who_spoke_is_told_from_who_took_part_by_the_code_alone() -> None:
    spoke = replace(BIMTEK, role="NARASUMBER")
    told = [read(encode(each, PRIVATE), KEYS)[1] for each in (BIMTEK, spoke)]
    assert [facts and facts.activity.text for facts in told] == [
        BIMTEK.activity,
        f"NARASUMBER pada {BIMTEK.activity}",
    ]


def test_a_name_is_cut_after_the_activity_and_says_so() -> None:
    long = replace(BIMTEK, name="W" * 200, activity="Bimbingan " * 20)
    facts = read(encode(long, PRIVATE), KEYS)[1]
    assert facts is not None
    assert facts.activity.mark == mark(long.activity)
    assert facts.name.mark == mark(long.name)
    assert len(facts.name.text) > 60
    assert facts.number.mark == ""


@given(st.data())
def test_no_letter_can_be_changed_dropped_or_added(data: st.DataObject) -> None:
    text = encode(BIMTEK, PRIVATE)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(exclude_characters=text[place]))
    assert read(text[:place] + other + text[place + 1 :], KEYS)[1] is None
    assert read(text[:place] + text[place + 1 :], KEYS)[1] is None
    assert read(text[:place] + other + text[place:], KEYS)[1] is None


def test_every_letter_changed_in_turn_and_every_bit_flipped() -> None:
    text = encode(BIMTEK, PRIVATE)
    for place, letter in enumerate(text):
        for bit in range(7):
            forged = text[:place] + chr(ord(letter) ^ 1 << bit) + text[place + 1 :]
            assert read(forged, KEYS)[1] is None, (place, bit)


OTHER: dict[str, Any] = {
    "token": "another-token-of-a-sheet",
    "issued_on": date(2026, 6, 17),
    "subjects": (),
    "revision": 1,
    "sample": True,
    "number": "400.9/028/PSM-BIMTEK/2026",
    "name": "SITI AMINAH",
    "activity": "",
}


@pytest.mark.parametrize("field", OTHER)
def test_a_signature_does_not_move_to_other_facts(field: str) -> None:
    other = replace(BIMTEK, **{field: OTHER[field]})
    other = replace(other, check_url=f"https://sinau.example.id/cek/{other.token}")
    ours, theirs = encode(BIMTEK, PRIVATE), encode(other, PRIVATE)
    forged = theirs.rpartition(";")[0] + ";" + ours.rpartition(";")[2]
    assert read(forged, KEYS) == ("salah", None)
    assert read(theirs, KEYS)[0] == "benar"


def test_a_thousand_random_texts_are_refused() -> None:
    chance = random.Random(7)
    start = encode(BIMTEK, PRIVATE).rpartition(";")[0]
    for _ in range(1_000):
        noise = chance.randbytes(chance.randrange(300)).decode("latin-1")
        letters = "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", k=86))
        assert read(noise, KEYS)[1] is None
        assert read(f"{start};{letters}", KEYS) == ("salah", None)


@given(st.text(max_size=400))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert read(text, KEYS) == ("salah", None)


def test_another_key_is_unknown_and_a_wrong_one_under_its_name_is_false() -> None:
    text = encode(BIMTEK, new_key())
    assert read(text, KEYS) == ("kunci", None)
    assert read(text, {}) == ("kunci", None)
    forged = public_key(new_key())
    assert read(encode(BIMTEK, PRIVATE), dict.fromkeys(KEYS, forged)) == ("salah", None)
    assert read(encode(BIMTEK, PRIVATE), dict.fromkeys(KEYS, b"")) == ("salah", None)


def test_what_was_signed_for_something_else_is_no_code() -> None:
    text = encode(BIMTEK, PRIVATE)
    signed = text.rpartition(";")[0].encode()
    assert PREFIX not in signed
    bare = sign(PRIVATE, signed)
    plain = base64.urlsafe_b64encode(bare).decode().rstrip("=")
    assert read(f"{signed.decode()};{plain}", KEYS) == ("salah", None)


def test_the_last_letter_of_a_signature_is_written_one_way_only() -> None:
    text = encode(BIMTEK, PRIVATE)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    believed = [letter for letter in letters if read(text[:-1] + letter, KEYS)[1]]
    assert believed == [text[-1]]


def test_an_address_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        encode(replace(BIMTEK, check_url=f"https://{'x' * 150}.id/cek/{BIMTEK.token}"), PRIVATE)


def test_the_fingerprint_is_of_the_facts_whoever_signs() -> None:
    assert fingerprint(BIMTEK) == fingerprint(replace(BIMTEK, evidence={}))
    assert fingerprint(BIMTEK) != fingerprint(replace(BIMTEK, name="SITI AMINAH"))
    text = encode(BIMTEK, PRIVATE)
    key = short_id(public_key(PRIVATE))
    assert fingerprint(BIMTEK) == mark(text.rpartition(";")[0].replace(f";{key};", ";"))


def test_a_key_vouches_up_to_its_last_day_and_before_it_leaked() -> None:
    day = date(2026, 6, 16)
    assert still_holds(day, None, None)
    assert still_holds(day, day, None)
    assert not still_holds(day, date(2026, 6, 15), None)
    assert not still_holds(day, None, day)
    assert still_holds(day, None, date(2026, 6, 17))
    assert not still_holds(day, date(2026, 12, 1), day)
