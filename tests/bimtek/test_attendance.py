"""“Saya hadir”: the code in the hall, its receipt, signing in between, once, at the moment it was seen."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from lms.db.engine import db, writing
from lms.db.tables import Attendance, Meeting
from lms.people.cards import card_token
from tests.bimtek.hall import add_meeting, close, code_now, note, noted, part_of, scan
from tests.conftest import KEY, START, Cast, Client, Time, add_member, sign_in
from tests.scene import Watch


@pytest.fixture
def meeting(cast: Cast) -> int:
    return add_meeting(cast.bimtek)


@pytest.fixture
def participant(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.participant)


def test_scanning_writes_nothing_and_one_press_notes_it_once(participant: Client, cast: Cast, meeting: int) -> None:
    watch = Watch()
    receipt = scan(participant, meeting, START)
    assert "Saya hadir" in participant.page(receipt)
    assert not watch.changed()
    for _ in range(2):
        assert participant.send(receipt).location == "/acara/B1MTEK#kehadiran"
    assert noted(meeting) == [(part_of(cast.participant, cast.bimtek), "hadir", "kode")]
    participant.send(scan(participant, meeting, START))
    assert len(noted(meeting)) == 1
    assert "Kehadiran Siti Aminah sudah tercatat" in participant.page(receipt)


def test_the_moment_of_seeing_counts_through_signing_in(client: Client, cast: Cast, meeting: int, time: Time) -> None:
    time.forward(minutes=14, seconds=30)
    receipt = scan(client, meeting, time.now)
    text = client.page(receipt)
    assert f"/masuk?ke={receipt.replace('/', '%2F')}" in text or f"/masuk?ke={receipt}" in text
    assert f"/ikut/B1MTEK?ke={receipt}" in text
    time.forward(minutes=10)
    sign_in(client, cast.participant).send(receipt)
    assert [row[1] for row in noted(meeting)] == ["hadir"], "the code was seen before it was late"
    assert db.session.query(Attendance.noted_at).scalar() == START + timedelta(minutes=14, seconds=30)


def test_a_receipt_is_good_for_a_quarter_of_an_hour(participant: Client, meeting: int, time: Time) -> None:
    receipt = scan(participant, meeting, START)
    time.forward(minutes=15, seconds=1)
    for answer in (participant.get(receipt), participant.send(receipt)):
        assert answer.status_code == 422
        assert "tidak berlaku lagi" in answer.get_data(as_text=True)
    assert noted(meeting) == []


def test_a_receipt_is_good_for_one_person_of_those_who_share_a_phone(
    participant: Client, cast: Cast, meeting: int
) -> None:
    friend = add_member(cast.stranger, cast.bimtek)
    receipt = scan(participant, meeting, START)
    participant.send(receipt)
    sign_in(participant, cast.stranger).send(receipt)
    assert friend not in [row[0] for row in noted(meeting)]


def test_a_receipt_is_of_no_use_in_another_browser(
    participant: Client, browser: Callable[[], Client], cast: Cast, meeting: int
) -> None:
    absent = add_member(cast.stranger, cast.bimtek)
    receipt, elsewhere = scan(participant, meeting, START), browser()
    sign_in(elsewhere, cast.stranger, "Wati")
    for _ in range(2):
        for answer in (elsewhere.get(receipt), elsewhere.send(receipt)):
            assert answer.status_code == 422
            assert "dipindai dengan HP atau peramban lain" in answer.get_data(as_text=True)
        assert noted(meeting) == []
        scan(elsewhere, meeting, START)  # It has a mark of its own now.
    participant.send(receipt)
    assert absent not in [row[0] for row in noted(meeting)]


def test_a_receipt_goes_through_signing_in_and_out_on_the_phone_that_scanned(
    client: Client, cast: Cast, meeting: int
) -> None:
    add_member(cast.stranger, cast.bimtek)
    receipt = scan(client, meeting, START)
    assert scan(client, meeting, START) != receipt
    client.send("/kartu/masuk", kode=card_token(KEY[::-1], cast.stranger, 1), ke=receipt)
    client.send("/keluar")
    assert "Masuk untuk mencatat kehadiran" in client.page(receipt)
    assert client.send("/kartu/masuk", kode=card_token(KEY[::-1], cast.participant, 1), ke=receipt).location == receipt
    assert "Saya hadir" in client.page(receipt)
    client.send(receipt)
    assert noted(meeting) == [(part_of(cast.participant, cast.bimtek), "hadir", "kode")]


@pytest.mark.parametrize("change", ["", "x", "WzEsMTc2NCwieCJd.abc", "é", "a" * 5_000])
def test_a_receipt_that_is_not_ours_is_none(participant: Client, meeting: int, change: str) -> None:
    receipt = scan(participant, meeting, START)
    for path in (f"/hadir/{change or receipt.split('/')[2][:-1]}", f"{receipt}x"):
        assert participant.get(path).status_code == 422
        assert participant.send(path).status_code == 422
    assert noted(meeting) == []


def test_only_participants_may_say_so(browser: Callable[[], Client], cast: Cast, meeting: int) -> None:
    for person in (cast.stranger, cast.other, cast.trainer, cast.admin):
        client = sign_in(browser(), person)
        receipt = scan(client, meeting, START)
        assert "belum terdaftar sebagai peserta" in client.page(receipt)
        assert client.send(receipt).status_code == 403
    assert noted(meeting) == []


def test_the_letters_may_be_typed(participant: Client, meeting: int) -> None:
    code = code_now(meeting, START)
    assert "Kode di layar" in participant.page("/hadir")
    assert participant.get(f"/hadir?kode={code[:3].lower()}%20{code[3:]}").location.startswith("/hadir/")
    wrong = participant.get("/hadir?kode=000000")
    assert wrong.status_code == 422
    assert "Kode berganti setiap setengah menit" in wrong.get_data(as_text=True)


def test_a_code_seen_too_late_or_outside_the_meeting_is_refused(client: Client, meeting: int, time: Time) -> None:
    code = code_now(meeting, START)
    time.forward(seconds=90)
    assert client.get(f"/h/{code}").status_code == 422
    time.now = START - timedelta(minutes=61)
    assert client.get(f"/h/{code_now(meeting, time.now)}").status_code == 422
    time.now = START + timedelta(hours=3, minutes=1)
    assert client.get(f"/h/{code_now(meeting, time.now)}").status_code == 422


def test_who_sees_it_after_a_quarter_of_an_hour_is_late(participant: Client, meeting: int, time: Time) -> None:
    time.forward(minutes=15, seconds=30)
    participant.send(scan(participant, meeting, time.now))
    assert [row[1] for row in noted(meeting)] == ["terlambat"]
    assert "terlambat" in participant.page("/acara/B1MTEK")


def test_nothing_is_noted_at_a_cancelled_meeting_or_in_a_closed_bimtek(
    participant: Client, cast: Cast, meeting: int
) -> None:
    receipt = scan(participant, meeting, START)
    with writing():
        db.session.get_one(Meeting, meeting).cancelled_at = START
    assert participant.get(f"/h/{code_now(meeting, START)}").status_code == 422
    assert participant.send(receipt).status_code == 409
    with writing():
        db.session.get_one(Meeting, meeting).cancelled_at = None
    close(cast.bimtek)
    assert participant.get(f"/h/{code_now(meeting, START)}").status_code == 422
    assert "Bimtek ini sudah ditutup" in participant.send(receipt).get_data(as_text=True)
    assert noted(meeting) == []


def test_who_was_excused_and_comes_is_there_but_a_later_correction_stands(
    participant: Client, cast: Cast, meeting: int
) -> None:
    member = part_of(cast.participant, cast.bimtek)
    note(meeting, member, "izin", START - timedelta(hours=1))
    receipt = scan(participant, meeting, START)
    participant.send(receipt)
    assert [row[1] for row in noted(meeting)] == ["izin", "hadir"]
    note(meeting, member, "tidak", START + timedelta(minutes=5))
    participant.send(scan(participant, meeting, START))
    assert [row[1] for row in noted(meeting)] == ["izin", "hadir", "tidak"]


def test_the_screen_shows_the_code_of_now_and_how_many_came(
    browser: Callable[[], Client], cast: Cast, meeting: int, time: Time
) -> None:
    trainer, page = sign_in(browser(), cast.trainer), f"/pelatih/B1MTEK/hadir/{meeting}"
    code = code_now(meeting, START)
    text = trainer.page(page)
    assert f"{code[:3]} {code[3:]}" in text
    assert "sinau.test/hadir" in text
    picture = trainer.get(f"{page}/kode.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "private, no-store"
    note(meeting, part_of(cast.participant, cast.bimtek), "hadir")
    time.forward(seconds=40)
    assert trainer.get(f"{page}/kode").json == {"kode": code_now(meeting, time.now), "sisa": 20, "hadir": 1}
    time.forward(hours=4)
    assert "kode.svg" not in trainer.page(page)


def test_the_qr_on_the_screen_leads_to_its_code(browser: Callable[[], Client], cast: Cast, meeting: int) -> None:
    trainer = sign_in(browser(), cast.trainer)
    svg = trainer.get(f"/pelatih/B1MTEK/hadir/{meeting}/kode.svg").get_data(as_text=True)
    assert zxingcpp.read_barcodes(drawn(svg))[0].text == f"https://sinau.test/h/{code_now(meeting, START)}"


def drawn(svg: str, scale: int = 8) -> Image.Image:
    """The picture of the horizontal strokes of which such a symbol is made."""
    size, strokes = (
        re.findall(pattern, svg)[0] for pattern in (r'viewBox="0 0 (\d+)', r'class="qrline"[^>]*d="([^"]+)"')
    )
    picture = Image.new("L", (int(size) * scale, int(size) * scale), 255)
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", strokes):
        across, down = ([float(number) for number in re.findall(r"-?[\d.]+", numbers)] + [0])[:2]
        if command == "h":
            box = (x * scale, (y - 0.5) * scale, (x + across) * scale - 1, (y + 0.5) * scale - 1)
            ImageDraw.Draw(picture).rectangle(box, fill=0)
            x += across
        else:
            x, y = (across, down) if command == "M" else (x + across, y + down)
    return picture
