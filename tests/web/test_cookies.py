"""Two cookies and no more: the session, which signs in, and the size of the text."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, session
from flask.json.tag import TaggedJSONSerializer
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from lms.boot.app import create_app
from lms.db.engine import writing
from lms.people.actions import add_device
from lms.web.clock import now
from tests.conftest import Client, add_person, settings_for
from tests.scene import Scene, routes, token

READ_BY_ANYBODY = (
    "/",
    "/belajar/<slug>",
    "/belajar/<slug>/<path:identity>",
    "/cek",
    "/cek/<token>",
    "/cek/luring",
    "/privasi",
    "/media/<blob>",
    "/static/<version>/<path:name>",
    "/sehat",
    "/siap",
    "/tidak-ada",
    "/belajar/tidak-ada",
)
FLAGS = {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"}


def faults(response: Response) -> Iterator[str]:
    """What is wrong with the cookies that an answer sets."""
    for line in response.headers.getlist("Set-Cookie"):
        first, *rest = line.split("; ")
        name = first.partition("=")[0]
        if name not in ("sinau", "huruf"):
            yield f"a cookie called {name}"
        yield from (f"{name} without {flag}" for flag in sorted(FLAGS - set(rest)))
        if any(part.startswith("Domain") for part in rest):
            yield f"{name} for other hosts too"


def test_who_only_reads_is_given_no_cookie(scene: Scene) -> None:
    for rule in READ_BY_ANYBODY:
        client = scene.app.test_client()
        response = client.get(scene.address(rule))
        assert "Set-Cookie" not in response.headers, rule


@pytest.mark.walk
def test_every_cookie_of_every_route_carries_its_flags(scene: Scene) -> None:
    set_somewhere = set()
    for method, rule in routes(scene.app):
        for who in ("nobody", "owner"):
            client = scene.browser(who)
            client.lint = False
            data = {"csrf_token": token(), "ukuran": "besar"} if method == "POST" else None
            response = client.open(scene.address(rule.rule), method=method, data=data)
            assert list(faults(response)) == [], (method, rule.rule)
            set_somewhere |= {line.partition("=")[0] for line in response.headers.getlist("Set-Cookie")}
    assert set_somewhere == {"sinau", "huruf"}


def test_a_page_that_gives_a_cookie_of_its_own_is_red(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def counts_its_readers() -> Response:
        response = Response("")
        response.set_cookie("pengunjung", "1", domain="sinau.test")
        return response

    monkeypatch.setitem(client.application.view_functions, "mydata.privacy", counts_its_readers)
    client.lint = False
    found = list(faults(client.get("/privasi")))
    assert "a cookie called pengunjung" in found
    assert "pengunjung without Secure" in found
    assert "pengunjung for other hosts too" in found


def test_reading_that_touches_the_session_is_red(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def remembers() -> str:
        session["terakhir"] = "privasi"
        return ""

    monkeypatch.setitem(client.application.view_functions, "mydata.privacy", remembers)
    client.lint = False
    assert "Set-Cookie" in client.get("/privasi").headers


def test_over_plain_http_the_cookies_are_not_secure_but_still_kept_from_script(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path, url="http://127.0.0.1:8000"))
    response = app.test_client().get("/masuk")
    cookie = response.headers["Set-Cookie"]
    assert "Secure" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Strict-Transport-Security" not in response.headers


def test_a_page_of_somebody_is_not_kept_for_others(scene: Scene) -> None:
    assert "Cookie" in scene.browser("owner").get("/saya").vary
    assert "Cookie" in scene.app.test_client().get("/masuk", base_url="https://sinau.test").vary


def test_the_session_cookie_lasts_as_long_as_the_device(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client = scene.app.test_client()
    page = client.get("/masuk", base_url="https://sinau.test")
    assert "Expires" not in page.headers["Set-Cookie"]
    assert scene.app.permanent_session_lifetime.days == 90


def test_signing_in_begins_with_an_empty_session(scene: Scene) -> None:
    client = scene.browser("nobody")
    with client.session_transaction(base_url="https://sinau.test") as held:
        held["sisa"] = "dari orang sebelumnya"
    fields = {"csrf_token": token(), "formulir": "f" * 20, "nama": "Wati", "desa": "33.12.01.2001"}
    assert client.post("/ikut/B1MTEK", data=fields).status_code == 303
    with client.session_transaction(base_url="https://sinau.test") as held:
        assert "sisa" not in held
        assert held["_user_id"]


TODAYS = {
    "_fresh": True,
    "_id": "",
    "_permanent": True,
    "_user_id": "",
    "csrf_token": "b3a1",
    "tanda": "HP",
    "kenal": "a",
}
"""What the cookie of a phone holds that signed in before Flask-Login read it by itself."""


def cookie_of(app: Flask, **words: object) -> str:
    """A session cookie as Flask has always signed it, written out so that another way of signing is red."""
    key = URLSafeTimedSerializer(
        app.secret_key or "",
        salt="cookie-session",
        serializer=TaggedJSONSerializer(),
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha1},
    )
    return str(key.dumps(words))


def known_as(app: Flask, cookie: str, monkeypatch: pytest.MonkeyPatch, days: float = 0) -> dict[str, object]:
    """What the site reads from a session cookie, so many days from now."""
    later = int(time.time() + days * 86_400)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: later)
    with app.test_request_context("/", headers={"Cookie": f"sinau={cookie}"}):
        return dict(session)


def test_a_session_runs_out_with_its_device(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = cookie_of(app, _user_id="device")
    assert known_as(app, cookie, monkeypatch) == {"_user_id": "device"}
    assert known_as(app, cookie, monkeypatch, days=89.9) == {"_user_id": "device"}
    assert known_as(app, cookie, monkeypatch, days=90.1) == {}


def test_a_forged_cookie_is_nobodys(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = cookie_of(app, _user_id="device")
    assert known_as(app, cookie, monkeypatch)
    payload, rest = cookie.split(".", 1)
    for forged in (payload, f"{payload}.", cookie[:-1], f"{payload[:-2]}AA.{rest}", cookie.swapcase(), "%00", "."):
        assert known_as(app, forged, monkeypatch) == {}, forged


def test_a_phone_that_signed_in_before_stays_signed_in(app: Flask) -> None:
    with app.app_context():
        person = add_person("Siti Aminah")
        with writing():
            device = add_device(person, "HP Android, Chrome", now()).id
    cookie = cookie_of(app, **TODAYS | {"_user_id": device})
    page = app.test_client(use_cookies=False).get("/saya", headers={"Cookie": f"sinau={cookie}"})
    assert page.status_code == 200
    assert "Siti Aminah" in page.get_data(as_text=True)
    assert "Set-Cookie" not in page.headers


def test_the_session_holds_nothing_of_address_or_browser(scene: Scene) -> None:
    client = scene.browser("nobody")
    fields = {"csrf_token": token(), "formulir": "g" * 20, "nama": "Wati", "desa": "33.12.01.2001"}
    assert client.post("/ikut/B1MTEK", data=fields).status_code == 303
    with client.session_transaction(base_url="https://sinau.test") as held:
        assert set(held) <= set(TODAYS) - {"_id"}


def test_what_is_public_is_the_same_whatever_the_cookie(scene: Scene) -> None:
    client = scene.browser("owner")
    for rule in ("/media/<blob>", "/static/<version>/<path:name>"):
        answer = client.get(scene.address(rule))
        assert answer.status_code == 200
        assert "Cookie" not in answer.vary, rule
