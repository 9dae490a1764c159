"""What every answer carries, whatever it answers: pages, refusals, files, pictures, JSON."""

import gzip
from collections.abc import Iterator

import pytest
from flask import Response
from werkzeug.test import TestResponse

from lms.web.security import POLICY
from tests.conftest import Client
from tests.scene import Scene, routes, token

SECRET_PAGES = ("/saya/kartu", "/saya/kartu.png", "/saya/masuk", "/saya/pin")
SECRET_FORMS = {"/awal": "secret", "/sandi": "password_link"}


def faults(response: TestResponse) -> Iterator[str]:
    """Which promise the headers of an answer break."""
    headers = response.headers
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=15768000",
    }
    yield from (f"{name}: {headers.get(name)}" for name, value in wanted.items() if headers.get(name) != value)
    policy = headers.get("Content-Security-Policy", "")
    # The page that is saved as one file lets in its own script by hash: tests/browser/test_offline_check.py.
    own = response.request.path == "/cek/luring"
    if policy != POLICY and not own and not policy.endswith("; sandbox"):
        yield f"policy: {policy}"
    if response.mimetype == "image/svg+xml" and "/media/" in response.request.path and "sandbox" not in policy:
        yield "a picture of an author that may run"
    if "Cache-Control" not in headers:
        yield "nothing said about keeping"
    public = "public" in headers.get("Cache-Control", "")
    if public and not response.request.path.startswith(("/static/", "/media/")):
        yield "a page that anybody on the way may keep"
    yield from (f"says {name}" for name in ("Server", "X-Powered-By") if name in headers)


@pytest.mark.walk
def test_the_camera_is_allowed_where_cards_are_scanned_and_nowhere_else(scene: Scene) -> None:
    client = scene.browser("trainer")
    client.lint = False
    found = []
    for method, rule in routes(scene.app):
        if method == "GET":
            policy = client.get(scene.address(rule.rule)).headers.get("Permissions-Policy", "")
            assert "microphone=(), geolocation=()" in policy, rule.rule
            found += [] if policy.startswith("camera=(), ") else [rule.rule]
    assert found == ["/cek/luring", "/pelatih/<code>/hadir/<id:meeting_id>/pindai"]


def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline() -> None:
    sources = {word for part in POLICY.split("; ") for word in part.split()[1:]}
    assert sources == {"'none'", "'self'"}
    for directive in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert directive in POLICY


@pytest.mark.walk
def test_every_route_carries_the_headers_for_everybody(scene: Scene) -> None:
    for method, rule in routes(scene.app):
        for who in ("nobody", "owner"):
            client = scene.browser(who)
            client.lint = False
            data = {"csrf_token": token()} if method == "POST" else None
            response = client.open(scene.address(rule.rule), method=method, data=data)
            assert list(faults(response)) == [], (method, rule.rule, who)


def test_every_refusal_carries_the_headers(scene: Scene) -> None:
    client = scene.browser("owner")
    client.lint = False
    answers = [
        client.get("/tidak-ada"),
        client.get("/static/x/tidak-ada.css"),
        client.get(f"/media/{'0' * 64}"),
        client.put("/saya"),
        client.post("/huruf"),
        client.post("/huruf", data=b"x" * 3 * 2**20),
        client.post(scene.address("/kuis/<attempt_id>/jawaban"), json={}),
        client.open("/huruf", method="OPTIONS"),
        client.open("/huruf", method="HEAD"),
    ]
    assert {answer.status_code for answer in answers} == {200, 400, 404, 405, 413}
    for answer in answers:
        assert list(faults(answer)) == [], answer.request.path


def test_an_answer_without_them_is_red(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def loose() -> Response:
        headers = {"Content-Security-Policy": "default-src *", "Cache-Control": "public", "X-Frame-Options": "ALLOWALL"}
        return Response("", headers=headers)

    monkeypatch.setitem(client.application.view_functions, "mydata.privacy", loose)
    client.lint = False
    assert list(faults(client.get("/privasi"))) == [
        "X-Frame-Options: ALLOWALL",
        "policy: default-src *",
        "a page that anybody on the way may keep",
    ]


def test_a_picture_of_an_author_is_a_picture_and_nothing_else(scene: Scene) -> None:
    response = scene.browser("nobody").get(scene.address("/media/<blob>"))
    assert response.mimetype == "image/svg+xml"
    policy = response.headers["Content-Security-Policy"]
    assert "sandbox" in policy.split("; ")
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_with_a_card_or_a_code_is_neither_kept_nor_compressed(scene: Scene) -> None:
    client = scene.browser("owner")
    client.lint = False
    headers = {"Accept-Encoding": "gzip", "Referer": "https://sinau.test/"}
    responses = [client.get(rule, headers=headers) for rule in SECRET_PAGES]
    for rule, kind in SECRET_FORMS.items():
        responses.append(client.post(rule, headers=headers, data={"csrf_token": token(), "kode": scene.values[kind]}))
        assert scene.values[kind] in responses[-1].get_data(as_text=True)
    for response in responses:
        assert response.status_code == 200
        assert "Content-Encoding" not in response.headers, response.request.path
        assert response.headers["Cache-Control"] == "private, no-store", response.request.path


def test_other_pages_are_compressed_for_who_asks(scene: Scene) -> None:
    client = scene.browser("owner")
    client.lint = False
    plain = client.get("/").data
    packed = client.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain


def test_a_stylesheet_is_kept_for_ever_only_under_its_version(client: Client) -> None:
    client.lint = False
    address = client.get("/").get_data(as_text=True).partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert client.get("/static/lama/css/sinau.css").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/x/../../lms/settings.py").status_code == 404
    assert client.get("/static/x/%2e%2e/%2e%2e/pyproject.toml").status_code == 404
