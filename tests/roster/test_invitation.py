"""Those who are invited get a card, a message each, and a poster at the door."""

import io
import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import unquote

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader
from pypdfium2 import PdfDocument  # type: ignore[import-untyped] # It brings no types.

from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Cohort, Meeting, Person
from lms.people.cards import card_hash
from tests.conftest import Cast, Client, Time, add_member, add_person, sign_in
from tests.learn.test_queries_count import counted

PAGE = "/pelatih/B1MTEK/undangan"
PHONE = "081234567890"


@pytest.fixture
def trainer(client: Client, cast: Cast) -> Client:
    with writing():
        db.session.get_one(Person, cast.participant).phone = PHONE
        cohort = db.session.get_one(Cohort, cast.bimtek)
        cohort.ends_on, cohort.map_link = cohort.starts_on, "https://maps.example/praci"
        cohort.bring = "Alat tulis\nHP dan pengisi daya\n"
        begins = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
        meeting = Meeting(cohort_id=cast.bimtek, starts_at=begins, ends_at=begins.replace(hour=3), subject="Pembukaan")
        db.session.add(meeting)
    return sign_in(client, cast.trainer, "Retno Wulandari")


def messages(text: str) -> list[str]:
    return [unescape(each) for each in re.findall(r"<textarea[^>]*>([^<]*)</textarea>", text)]


def test_the_group_is_told_day_hour_place_and_what_to_bring(trainer: Client) -> None:
    (text,) = messages(trainer.page(PAGE))
    for line in (
        "Hari: Selasa, 24 November 2026",
        "Mulai: pukul 08.30 WIB",
        "Tempat: Pendopo Kecamatan Pracimantoro",
        "Peta: https://maps.example/praci",
        "Yang dibawa: Alat tulis; HP dan pengisi daya",
        "https://sinau.test/ikut/B1MTEK",
    ):
        assert line in text.splitlines()
    assert "Siti" not in text


def test_numbers_and_cards_are_shown_when_asked_for_and_that_is_noted(trainer: Client, cast: Cast) -> None:
    text = trainer.page(PAGE)
    assert "••••7890" in text
    assert PHONE not in text
    assert "kartu#" not in text
    response = trainer.send(PAGE)
    text = response.get_data(as_text=True)
    assert response.headers["Cache-Control"] == "private, no-store"
    own = next(each for each in messages(text) if "Siti Aminah" in each)
    letters = re.search(r"https://sinau\.test/kartu#([0-9A-Z]{24})", own)
    assert letters
    assert card_hash(letters[1]) == db.session.get_one(Person, cast.participant).card_hash
    link = re.search(r'href="https://wa\.me/6281234567890\?text=([^"]+)"', text)
    assert link
    assert unquote(unescape(link[1])) == own
    (entry,) = db.session.query(AuditEntry).filter_by(action="undangan ditampilkan").all()
    assert str(cast.participant) in entry.reason
    assert PHONE not in entry.reason


def test_a_card_that_ran_out_is_not_sent(trainer: Client, cast: Cast, time: Time) -> None:
    time.forward(days=400)
    sign_in(trainer, cast.trainer, "Retno Wulandari")
    assert "kartu#" not in trainer.send(PAGE).get_data(as_text=True)


def test_nobody_is_invited_by_the_account_of_a_trainer(trainer: Client, cast: Cast) -> None:
    add_member(cast.other_trainer, cast.bimtek)
    text = trainer.send(PAGE).get_data(as_text=True)
    assert len(messages(text)) == 2


def test_the_poster_leads_to_joining(trainer: Client) -> None:
    response = trainer.get(f"{PAGE}/poster.pdf")
    pages = PdfReader(io.BytesIO(response.data)).pages
    assert len(pages) == 1
    assert "Bimtek Angkatan I" in pages[0].extract_text()
    picture: Image.Image = PdfDocument(response.data)[0].render(scale=2).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == "https://sinau.test/ikut/B1MTEK"


def test_the_longest_name_stays_on_one_page(trainer: Client, cast: Cast) -> None:
    with writing():
        cohort = db.session.get_one(Cohort, cast.bimtek)
        cohort.name, cohort.place = "Bimbingan Teknis " * 11, "Pendopo 火 " * 20
    pages = PdfReader(io.BytesIO(trainer.get(f"{PAGE}/poster.pdf").data)).pages
    assert len(pages) == 1


def test_no_poster_where_the_door_is_closed(trainer: Client, cast: Cast) -> None:
    with writing():
        db.session.get_one(Cohort, cast.bimtek).is_open = False
    text = trainer.page(PAGE)
    assert "poster.pdf" not in text
    assert "/ikut/" not in messages(text)[0]
    assert trainer.get(f"{PAGE}/poster.pdf").status_code == 409


def test_an_empty_cohort_says_what_to_do(trainer: Client, cast: Cast) -> None:
    with writing():
        db.session.query(Person).filter_by(id=cast.participant).update({"erased_at": datetime(2026, 11, 1, tzinfo=UTC)})
    assert "Masukkan daftarnya dulu" in trainer.page(PAGE)


def test_a_page_costs_the_same_for_many(trainer: Client, cast: Cast) -> None:
    trainer.lint = False
    few = len(counted(trainer, PAGE))
    for number in range(25):
        add_member(add_person(f"Orang {number}"), cast.bimtek)
    assert len(counted(trainer, PAGE)) == few <= 10
    assert "Halaman 1 dari 2" in trainer.page(PAGE)
