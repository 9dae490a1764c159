"""A sheet that is dated later than it was signed: by which day its key is judged, and what is said of it until then."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from lms.certificate import actions, keys
from lms.certificate.qr import fingerprint
from lms.certificate.snapshot import canonical, key_id, new_key, public_key, snapshot_of
from lms.db.engine import db, writing
from lms.db.tables import Certificate
from lms.web.dates import WIB
from tests.certificate.samples import BIMTEK
from tests.certificate.test_offline import data_of
from tests.certificate.test_take import draft_of, office, ready
from tests.conftest import KEY, START, Cast, Client, Time, sign_in

__all__ = ["office", "ready"]

SIGNED = START.astimezone(WIB).date()
DATED = date(2027, 1, 2)
UNTIL_THEN = "berlaku mulai 2 Januari 2027"


@pytest.fixture
def dated(app: Flask, cast: Cast, office: None) -> Certificate:
    """A sheet of the participant, signed in November and dated after New Year."""
    draft = draft_of(cast.participant)
    with writing():
        said = replace(draft.snapshot, issued_on=DATED, signed_on=SIGNED)
        found = actions.issue(replace(draft, snapshot=said), KEY, START)
    return db.session.get_one(Certificate, found)


def test_a_sheet_of_today_says_no_day_signed_and_one_dated_otherwise_keeps_both() -> None:
    assert b"signed_on" not in canonical(BIMTEK)
    assert BIMTEK.day_signed == BIMTEK.issued_on
    other = replace(BIMTEK, signed_on=date(2026, 6, 8))
    assert snapshot_of(canonical(other)) == other
    assert other.day_signed == date(2026, 6, 8)


def test_number_and_year_follow_the_date_of_issue(dated: Certificate) -> None:
    assert (dated.year, snapshot_of(dated.payload).number) == (2027, "400.9/001/PSM/2027")


def test_until_its_date_everybody_reads_from_when_it_holds(
    dated: Certificate, cast: Cast, browser: Callable[[], Client], time: Time
) -> None:
    owner, boss = sign_in(browser(), cast.participant), sign_in(browser(), cast.admin)
    anybody = browser()
    pages = [
        (anybody, f"/cek/{dated.token}"),
        (owner, f"/sertifikat/{dated.id}"),
        (owner, "/saya"),
        (boss, "/kelola/register?tahun=2027"),
    ]
    for who, page in pages:
        text = who.page(page)
        assert UNTIL_THEN in text.lower() or UNTIL_THEN in text.replace("Berlaku", "berlaku"), page
        assert "✓ Berlaku" not in text
    assert "Jangan dipakai sebagai bukti sebelum tanggal itu" in anybody.page(f"/cek/{dated.token}")
    time.forward(days=(DATED - SIGNED).days)
    for who, page in pages:
        assert "mulai 2 Januari" not in who.page(page), page
    assert "✓ Berlaku" in anybody.page(f"/cek/{dated.token}")


@pytest.mark.parametrize(("leaked", "held"), [(None, True), (1, True), (0, False)])
def test_its_key_is_judged_by_the_day_on_which_it_signed(
    dated: Certificate, client: Client, leaked: int | None, held: bool, time: Time
) -> None:
    """The key ended, or leaked, between that day and the date of issue."""
    since = None if leaked is None else SIGNED + timedelta(leaked)
    with writing():
        keys.end(key_id(public_key(KEY)), since, new_key(), START)
    time.forward(days=(DATED - SIGNED).days)
    assert ("✓ Berlaku" in client.page(f"/cek/{dated.token}")) is held
    assert (fingerprint(snapshot_of(dated.payload)) in data_of(client)["terbit"]) is held
