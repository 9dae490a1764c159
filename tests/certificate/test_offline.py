"""The page that checks without a network: what it holds, what it lets in, what it weighs."""

import hashlib
import json
import re
from base64 import b64encode
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask

from lms.certificate import actions, keys
from lms.certificate.qr import fingerprint, mark, short_id
from lms.certificate.snapshot import key_id, new_key, public_key, snapshot_of
from lms.db.engine import db, writing
from lms.db.tables import Certificate, CertificateEvent
from lms.web.dates import WIB
from tests.certificate.test_check import issued
from tests.certificate.test_take import draft_of, office
from tests.conftest import KEY, START, Cast, Client, Time

__all__ = ["issued", "office"]

MOST_SMALL, MOST_WITH_CAMERA = 36_000, 300_000


class Parts(HTMLParser):
    """The texts of every script and style, as a browser takes them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {"script": [], "style": [], "data": []}
        self.policy = ""
        self._into = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._into = "data" if "json" in (given.get("type") or "") else tag
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""

    def handle_endtag(self, tag: str) -> None:
        self._into = ""

    def handle_data(self, data: str) -> None:
        if self._into in self.found:
            self.found[self._into].append(data)


def data_of(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = json.loads("".join(Parts(client.page("/cek/luring")).found["data"]))
    return found


@pytest.mark.parametrize(("address", "most"), [("/cek/luring", MOST_SMALL), ("/cek/luring?kamera=1", MOST_WITH_CAMERA)])
def test_its_policy_lets_in_just_the_script_and_style_it_holds(client: Client, address: str, most: int) -> None:
    response = client.get(address)
    page = response.get_data(as_text=True)
    assert len(page.encode()) < most
    parts = Parts(page)
    hashes = [
        f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in (*parts.found["script"], *parts.found["style"])
    ]
    assert len(hashes) == (4 if "kamera" in address else 3)
    policy = response.headers["Content-Security-Policy"]
    assert set(re.findall(r"'sha256-[^']+'", policy)) == set(hashes)
    rest = set(re.sub(r" 'sha256-[^']+'", "", policy).split("; "))
    assert rest == {"default-src 'none'", "script-src", "style-src", "base-uri 'none'", "form-action 'none'", FRAME}
    assert policy.startswith(parts.policy)
    assert "frame-ancestors" not in parts.policy  # A browser would complain: that one is for the header.
    assert "script-src" in parts.policy


FRAME = "frame-ancestors 'none'"


def test_it_loads_nothing_and_says_its_weight(client: Client) -> None:
    page = client.page("/cek/luring")
    assert not re.search(r'<(link|img|script src|iframe)|src="', page)
    for address, weight in zip(
        ("/cek/luring", "/cek/luring?kamera=1"), re.findall(r"\(([0-9]+) KB\)", page), strict=True
    ):
        assert abs(len(client.page(address)) / 1000 - int(weight)) < 2


def test_it_holds_every_key_and_what_was_withdrawn_but_no_name_or_token(
    app: Flask, client: Client, issued: Certificate, time: Time
) -> None:
    app.config["SIGNING_KEY"] = fresh = new_key()
    held = data_of(client)
    assert [key["id"] for key in held["kunci"]] == [short_id(public_key(each)) for each in (KEY, fresh)]
    assert held["akhir"] == {}
    assert held["terbit"] == []
    time.forward(days=2)
    with writing():
        actions.revoke(issued.id, "", time.now)
    held = data_of(client)
    assert held["per"] == "2026-11-26"
    assert held["akhir"] == {mark(issued.token): ["dicabut", "2026-11-26"]}
    page = client.page("/cek/luring")
    for secret in (issued.token, issued.short_code, issued.id, "Siti", "400.9"):
        assert secret not in page


def test_a_replaced_sheet_is_dated_and_one_replaced_and_withdrawn_is_withdrawn(
    client: Client, cast: Cast, issued: Certificate
) -> None:
    with writing():
        actions.reissue(issued.id, draft_of(cast.participant), KEY, "Ejaan.", START)
    assert list(data_of(client)["akhir"].values()) == [["diganti", "2026-11-24"]]
    with writing():
        late = CertificateEvent(certificate_id=issued.id, kind="revoked", reason="", at=START + timedelta(5))
        db.session.add(late)
    assert list(data_of(client)["akhir"].values()) == [["dicabut", "2026-11-29"]]


def test_after_a_leak_it_knows_what_was_issued_before(client: Client, issued: Certificate, time: Time) -> None:
    leaked = START.astimezone(WIB).date() + timedelta(1)
    with writing():
        keys.end(key_id(public_key(KEY)), leaked, new_key(), START + timedelta(9))
    held = data_of(client)
    assert held["kunci"][0]["bocor"] == "2026-11-25"
    assert held["kunci"][0]["sampai"] == "2026-12-03"
    assert held["terbit"] == [fingerprint(snapshot_of(issued.payload))]
    with writing():
        keys.end(key_id(public_key(KEY)), leaked - timedelta(1), new_key(), START + timedelta(9))
    assert data_of(client)["terbit"] == []


def test_the_same_day_and_facts_give_the_same_bytes(client: Client, issued: Certificate) -> None:
    assert client.page("/cek/luring") == client.page("/cek/luring")
    assert db.session.query(Certificate).count() == 1


def test_what_is_put_in_cannot_end_the_data(client: Client, app: Flask) -> None:
    app.config["PUBLIC_URL"] = 'https://a.test/"><script>alert(1)</script>'
    page = client.page("/cek/luring")
    assert "<script>alert" not in page
