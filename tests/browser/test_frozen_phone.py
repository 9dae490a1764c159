"""The scripts of today on a phone that holds what earlier scripts kept: it is read, and sent to the frozen site."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Phones
from tests.frozen.site import BASE, MOMENT, SITE, Phone, opened, rows, stop_time
from tests.frozen.test_outside import PHONE, VALUES

pytestmark = pytest.mark.browser


@pytest.fixture
def frozen(real_time: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Flask]:
    stop_time(monkeypatch)
    with opened(tmp_path) as app:
        yield app


def holding(new_phone: Phones, site: Flask, who: str) -> Page:
    """A page on a phone of somebody that holds what theirs kept; no server: the site answers each request itself."""
    phone, context = Phone(site, who), new_phone()
    context.add_cookies([{"name": "sinau", "value": SITE["cookies"][who], "url": BASE}])

    def answer(route: Route) -> None:
        asked = route.request
        sent = {
            name: value for name, value in asked.headers.items() if name not in ("cookie", "host", "content-length")
        }
        found = phone.ask(asked.url.removeprefix(BASE), asked.method, data=asked.post_data_buffer, headers=sent)
        told = {name: value for name, value in found.headers if name.lower() not in ("set-cookie", "content-length")}
        route.fulfill(status=found.status_code, headers=told, body=found.data)

    context.route(f"{BASE}/**", answer)
    context.clock.set_fixed_time(MOMENT)
    page = context.new_page()
    page.goto(f"{BASE}/huruf")
    page.evaluate(
        "kept => Object.entries(kept).forEach(([key, value]) => localStorage.setItem(key, value))",
        {key: json.dumps(value, ensure_ascii=False) for key, value in PHONE["storage"][who].items()},
    )
    return page


def stored(page: Page, start: str) -> list[str]:
    found: list[str] = page.evaluate("start => Object.keys(localStorage).filter(key => key.startsWith(start))", start)
    return found


def test_answers_that_wait_in_the_outbox_are_sent_with_their_submit(new_phone: Phones, frozen: Flask) -> None:
    page = holding(new_phone, frozen, "owner")
    page.goto(f"{BASE}/saya")
    expect(page.get_by_role("status")).to_contain_text("Kuis Anda sudah terkirim.")
    assert stored(page, "kotak:") == []
    kept = rows(f"select value from answer where attempt_id = '{VALUES['attempt_id']}'")
    assert [json.loads(value) for (value,) in kept] == [["a6db4800"]]
    assert rows(f"select submitted_at is not null from attempt where id = '{VALUES['attempt_id']}'") == [(1,)]


def test_a_draft_stands_in_its_form_again(new_phone: Phones, frozen: Flask) -> None:
    page = holding(new_phone, frozen, "owner")
    page.goto(f"{BASE}/rtl/B1MTEK")
    expect(page.locator("[name=bila-1]")).to_have_value("ada lansia yang sakit")
    expect(page.locator("[name=maka-1]")).to_have_value("menghubungi puskesmas")


def test_a_text_that_was_not_sent_is_offered_to_its_writer(new_phone: Phones, frozen: Flask) -> None:
    page = holding(new_phone, frozen, "admin")
    page.goto(f"{BASE}/pelatih/kursus/kursus/sunting/dasar/satu.md")
    page.get_by_role("button", name="Pulihkan").click()
    expect(page.get_by_label("Tulisan", exact=True)).to_have_value("# Satu\n\nTulisan yang belum terkirim.\n")


def test_cards_that_were_scanned_are_sent(new_phone: Phones, frozen: Flask) -> None:
    page = holding(new_phone, frozen, "trainer")
    page.goto(f"{BASE}/pelatih/B1MTEK/hadir/1/pindai")
    expect(page.locator("#hasil")).to_contain_text("Siti Aminah")
    assert stored(page, "pindai:") == []
    assert rows("select count(*) from attendance where meeting_id = 1 and way = 'kartu'") == [(1,)]


def test_every_printed_code_is_found_genuine_without_a_network(new_phone: Phones, frozen: Flask) -> None:
    page = holding(new_phone, frozen, "owner")
    page.goto(f"{BASE}/cek/luring")
    page.context.set_offline(True)
    for printed in (each for each in PHONE["printed"] if ";400.9/" in each):
        page.locator("#teks").fill(printed)
        page.get_by_role("button", name="Periksa").click()
        expect(page.locator("#hasil")).to_contain_text(printed.split(";")[6].replace("+", " "))
        page.locator("#teks").fill(printed.replace(";20261124;", ";20261125;"))
        page.get_by_role("button", name="Periksa").click()
        expect(page.locator("#hasil")).to_contain_text("Tanda tangannya tidak cocok")
