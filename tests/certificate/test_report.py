"""“Laporkan yang berbeda”: from whoever holds a sheet to the office's desk, and no further."""

from collections.abc import Callable

import pytest
from flask import Flask

from lms.certificate import actions, check_views
from lms.certificate.check_views import OF_ALL, OF_ONE_SHEET
from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Certificate, DifferenceReport
from tests.certificate.test_check import issued
from tests.certificate.test_take import draft_of, office
from tests.conftest import KEY, START, Cast, Client, Time, add_person, sign_in
from tests.learn.test_queries_count import counted

__all__ = ["issued", "office"]

Browser = Callable[[], Client]
DESK = "/kelola/laporan"


@pytest.fixture
def admin(browser: Browser, app: Flask) -> Client:
    return sign_in(browser(), add_person("Agus Prasetyo", admin=True))


def reports() -> list[str]:
    db.session.rollback()
    return [row.text for row in db.session.query(DifferenceReport).order_by(DifferenceReport.id)]


def test_a_difference_goes_from_the_check_to_the_desk_and_is_settled_there(
    client: Client, issued: Certificate, admin: Client
) -> None:
    assert "tidak ada yang menunggu" in admin.page("/kelola")
    form = f"/cek/{issued.token}/lapor"
    assert form in client.page(f"/cek/{issued.token}")
    assert "400.9/001/PSM/2026" in client.page(form)
    sent = client.send(form, beda=["nama", "jam pelajaran"], catatan="tertulis 20 JP")
    assert sent.status_code == 303
    assert "Laporan terkirim" in client.page(sent.location)
    assert reports() == ["nama, jam pelajaran: tertulis 20 JP"]
    assert "1 menunggu" in admin.page("/kelola")
    desk = admin.page(DESK)
    assert "Nomor 400.9/001/PSM/2026" in desk
    assert "tertulis 20 JP" in desk
    assert "Siti" not in desk
    assert admin.send(f"{DESK}/1").location == DESK
    assert "selesai 24 November 2026" in admin.page(DESK)
    assert "tidak ada yang menunggu" in admin.page("/kelola")
    assert admin.send(f"{DESK}/99").status_code == 404
    assert db.session.query(AuditEntry).filter(AuditEntry.action.contains("lapor")).count() == 0


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Pilih dulu"),
        ({"beda": "harga", "catatan": "x"}, "Pilih dulu"),
        ({"beda": "nama", "catatan": "x" * 201}, "Ringkaslah"),
        ({"beda": "nama", "catatan": "a\x00b"}, "Ringkaslah"),
        ({"beda": "nama", "catatan": "3312010101800001"}, "nomor KTP"),
    ],
)
def test_what_says_nothing_or_too_much_is_shown_again(
    client: Client, issued: Certificate, fields: dict[str, str], says: str
) -> None:
    answer = client.send(f"/cek/{issued.token}/lapor", **fields)
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    assert reports() == []


def test_a_sheet_takes_a_few_a_day_and_the_site_too(client: Client, issued: Certificate, time: Time) -> None:
    form = f"/cek/{issued.token}/lapor"
    answers = [client.send(form, beda="nama").status_code for _ in range(OF_ONE_SHEET + 1)]
    assert answers == [303] * OF_ONE_SHEET + [429]
    assert len(reports()) == OF_ONE_SHEET
    time.forward(days=1)
    assert client.send(form, beda="nama").status_code == 303
    assert OF_ALL > OF_ONE_SHEET


def test_nothing_is_reported_of_what_is_unknown_or_a_sample(client: Client, cast: Cast) -> None:
    with writing():
        actions.issue(draft_of(cast.participant), KEY, START)
    sample = db.session.query(Certificate).one()
    assert sample.sample
    assert "/lapor" not in client.page(f"/cek/{sample.token}")
    for token in (sample.token, "A" * 22, "x"):
        assert client.get(f"/cek/{token}/lapor").status_code == 404
        assert client.send(f"/cek/{token}/lapor", beda="nama").status_code == 404
    assert reports() == []


UNKNOWN = "/cek/lapor"


def test_a_sheet_that_was_made_up_is_reported_by_the_number_it_bears(
    client: Client, issued: Certificate, admin: Client
) -> None:
    for asked in ("/cek?kode=ZZZZZZZZZZZZ", f"/cek/{'A' * 22}"):
        assert f'href="{UNKNOWN}"' in client.get(asked).get_data(as_text=True)
    assert "Nomor yang tertulis pada lembar" in client.page(UNKNOWN)
    sent = client.send(UNKNOWN, nomor="  400.9/999/PALSU/2026 ", catatan="dibeli di pasar")
    assert sent.location == "/cek?terkirim=1"
    assert "Laporan terkirim" in client.page(sent.location)
    assert "Laporan terkirim" not in client.page("/cek")
    client.send(f"/cek/{issued.token}/lapor", beda="nama")
    assert reports() == ["nomor 400.9/999/PALSU/2026: dibeli di pasar", "nama"]
    desk = admin.page(DESK)
    for words in ("Lembar yang tidak dikenal", "400.9/999/PALSU/2026: dibeli di pasar", "Nomor 400.9/001/PSM/2026"):
        assert words in desk
    assert desk.count("lihat catatan kita") == 1
    assert admin.send(f"{DESK}/1").location == DESK
    assert "1 menunggu" in admin.page("/kelola")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Tulis nomor"),
        ({"nomor": " / ", "catatan": "x"}, "Tulis nomor"),
        ({"nomor": "9" * 81}, "Tulis nomor"),
        ({"nomor": "a\x00b"}, "Tulis nomor"),
        ({"nomor": "1", "catatan": "x" * 201}, "Ringkaslah"),
        ({"nomor": "1", "catatan": "3312010101800001"}, "nomor KTP"),
        ({"nomor": "3312010101800001"}, "nomor KTP"),
    ],
)
def test_a_made_up_sheet_needs_a_number_and_no_more_than_a_line(
    client: Client, fields: dict[str, str], says: str
) -> None:
    answer = client.send(UNKNOWN, **fields)
    assert (answer.status_code, says in answer.get_data(as_text=True)) == (422, True)
    assert reports() == []


def test_a_made_up_sheet_takes_a_few_a_day_and_counts_for_the_site(
    client: Client, issued: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = [("400.9/1", "400.9 / 1")[place % 2] for place in range(OF_ONE_SHEET + 1)]
    assert [client.send(UNKNOWN, nomor=way).status_code for way in ways] == [303] * OF_ONE_SHEET + [429]
    assert client.send(UNKNOWN, nomor="400.9/2").status_code == 303
    monkeypatch.setattr(check_views, "OF_ALL", OF_ONE_SHEET + 1)
    assert client.send(UNKNOWN, nomor="400.9/3").status_code == 429
    assert client.send(f"/cek/{issued.token}/lapor", beda="nama").status_code == 429


def test_the_list_asks_as_often_for_many_reports_as_for_one(admin: Client, issued: Certificate) -> None:
    def add(many: int) -> None:
        with writing():
            for _ in range(many):
                actions.report_difference(issued.id, "nama", START)

    add(1)
    one = len(counted(admin, DESK))
    add(60)
    assert len(counted(admin, DESK)) == one
    assert "Lebih lama" in admin.page(DESK)
    assert admin.page(f"{DESK}?hal=2").count("Nomor 400.9/001/PSM/2026") >= 11
