"""Whatever arrives, it gets an answer below 500, and nobody is sent to another site."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from flask import Flask

from lms.web.security import safe_return
from tests.conftest import Client
from tests.effort import often
from tests.scene import PLACE, Scene, fingerprint, routes, send, token

pytestmark = pytest.mark.walk

PLACED = (
    "%00", "a%00b", "%0d%0aSet-Cookie:%20x=1", "%0a", "%5c", "%5c%5cjahat.test", "%ff%fe", "%c3%28", "%ed%a0%80",
    "%f0%9f%98%80", "..%2f..%2fetc%2fpasswd", "....", "-1", "9223372036854775808", "99999999999999999999999",
    "%25s%25n", "%27%20or%201=1--", "a" * 3_000, "%20", "%e2%80%ae", "A" * 24, "%2e%2e",
)  # fmt: skip
ELSEWHERE = (
    "//jahat.test", "///jahat.test", "/\\jahat.test", "\\\\jahat.test", "https://jahat.test", "https:jahat.test",
    "HTTPS://jahat.test", "/\t/jahat.test", "\t//jahat.test", "/\n/jahat.test", "/\r\n/jahat.test", " //jahat.test",
    "javascript:alert(1)", "data:text/html,x", "jahat.test", "@jahat.test", "/a\0b", "/a\r\nSet-Cookie: x=1", "",
    "/" + "a" * 500, "/\x7f", "/a\\b",
)  # fmt: skip
NOWHERE = ("/é", "/a//b", "/%0d%0a", "/%ff", "/tidak-ada", "/kartu/masuk", "/saya/", "/saya%2f", "/saya%00")
HERE = ("/", "/saya", "/belajar/kursus?x=1#y", "/belajar/kursus/dasar/satu", "/?ke=//jahat.test", "/kuis/a%2Db")
NUMBERS = (
    "-1", "0", "9223372036854775808", "-9223372036854775809", "9" * 5_000, "1e400", "NaN", "٣", "²", "0x10", "1\0", "",
)  # fmt: skip
TEXTS = (
    "\0", "a\0b", "\r\n", "\\", "é\u0301" * 400, "\u202e", "\ufeff", "😀" * 60, "x" * 20_000, "%0d%0a", "' or 1=1--",
    "${7*7}{{7*7}}",
)  # fmt: skip
QUERIES = (
    "ke=%ff%fe", "kode=%00", "kode=%ed%a0%80&ke=%5c", "%00=%00", "baru=1&ke=%0d%0ax", "&&==&;", "kode=" + "9" * 5_000,
)  # fmt: skip
BROKEN = b"csrf_token=%s&nama=%%ff%%fe&kode=%%ed%%a0%%80&q1=%%c3%%28&ke=%%ff&\xff\xfe=\xff&formulir=%%00"
REFERER = {"Referer": "https://sinau.test/"}
FIELDS = (
    "ke", "kode", "nama", "sandi", "masuk", "formulir", "desa", "hp", "form_id", "counter", "aksi", "q1", "c1",
    "ukuran", "gelar_depan", "gelar_belakang", "pin", "angka", "siapa", "nomor", "lama", "baru", "cari",
)  # fmt: skip


def writable(scene: Scene) -> list[str]:
    """Addresses of every POST route."""
    return [scene.address(rule.rule) for method, rule in routes(scene.app) if method == "POST"]


@pytest.fixture
def owner(scene: Scene) -> Client:
    client = scene.browser("owner")
    client.lint = False
    return client


def broken_places(scene: Scene, client: Client, within: str = "/") -> Iterator[str]:
    """Answers of 500 and more for anything in a place of a path."""
    rules = [(method, rule) for method, rule in routes(scene.app) if PLACE.search(rule.rule)]
    apart = often(3, 1) if within == "/" else 1  # Each value meets every third rule, each rule every third value.
    for at, value in enumerate(PLACED):
        for method, rule in [each for each in rules if each[1].rule.startswith(within)][at % apart :: apart]:
            path = PLACE.sub(value, rule.rule)
            data = {"csrf_token": token(), "form_id": "f" * 16, "counter": "1"} if method == "POST" else None
            response = client.open(path, method=method, data=data, headers=REFERER)
            if response.status_code >= 500 or "x=1" in response.headers.get("Set-Cookie", ""):
                yield f"{method} {path[:80]}: {response.status_code}"


def test_no_path_breaks_a_route(scene: Scene, owner: Client) -> None:
    assert list(broken_places(scene, owner)) == []


def test_a_route_that_breaks_is_red(scene: Scene, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.app.testing = False
    monkeypatch.setitem(scene.app.view_functions, "checks.check", lambda token: str(int(token)))
    assert "GET /cek/....: 500" in list(broken_places(scene, owner, "/cek"))


def test_no_query_breaks_a_page(scene: Scene, owner: Client) -> None:
    pages = [scene.address(rule.rule) for method, rule in routes(scene.app) if method == "GET"]
    read = [page for page in pages if not page.endswith((".png", "/pdf"))]  # Those are slow, and read no more.
    apart = often(3, 1)
    for at, query in enumerate(QUERIES):
        for page in read[at % apart :: apart]:
            assert owner.get(f"{page}?{query}").status_code < 500, (page, query)


def test_only_a_page_of_this_site_is_gone_back_to(app: Flask) -> None:
    for target in (*ELSEWHERE, *NOWHERE):
        assert safe_return(target) == "/", target
    for target in HERE:
        assert safe_return(target) == target
    assert safe_return(None) == "/"


def redirects_elsewhere(client: Client) -> list[str]:
    """Targets after which somebody would stand on another site, or bring a header along."""
    found = []
    for target in ELSEWHERE:
        answers = [
            client.get("/masuk", query_string={"ke": target}),
            send(client, "/huruf", ke=target, ukuran="besar"),
        ]
        for answer in answers:
            if answer.status_code != 303 or answer.location != "/":
                found.append(target)
    return found


def test_nobody_is_redirected_to_another_site(owner: Client) -> None:
    assert redirects_elsewhere(owner) == []


def test_an_open_redirect_is_red(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.web.textsize.safe_return", lambda target: " ".join((target or "/").split()))
    assert "//jahat.test" in redirects_elsewhere(owner)


def test_hostile_values_in_any_field_of_any_form_get_an_answer(scene: Scene, owner: Client) -> None:
    addresses = [address for address in writable(scene) if address not in ("/keluar", "/masuk")]
    apart = often(3, 1)  # Each value meets every third form, each form every third value.
    for at, value in enumerate((*NUMBERS, *TEXTS)):
        for address in addresses[at % apart :: apart]:
            response = send(owner, address, **dict.fromkeys(FIELDS, value))
            assert response.status_code < 500, (address, value[:40])


def test_one_hostile_value_among_good_ones_gets_an_answer_from_who_joins(scene: Scene) -> None:
    good = {"formulir": "f" * 20, "nama": "Wati", "desa": "33.12.01.2001", "hp": "0812 3456 7890"}
    for value in (*NUMBERS, *TEXTS):
        for name in good:
            client = scene.browser("nobody")
            client.lint = False
            response = send(client, "/ikut/B1MTEK", **{**good, name: value})
            assert response.status_code in (303, 422), (name, value[:40])


def test_a_sign_in_with_hostile_words_gets_an_answer(scene: Scene) -> None:
    client = scene.browser("nobody")
    client.lint = False
    for value in ("\0", "é" * 100, "x" * 200_000):
        assert send(client, "/masuk", nama=value, sandi=value).status_code in (422, 429)


def test_broken_utf_8_in_a_form_gets_an_answer(scene: Scene, owner: Client) -> None:
    body = BROKEN % token().encode()
    for address in writable(scene):
        if address == "/keluar":
            continue
        response = owner.post(address, data=body, content_type="application/x-www-form-urlencoded", headers=REFERER)
        assert response.status_code < 500, address


def test_three_megabytes_are_too_many_and_say_so(scene: Scene, owner: Client) -> None:
    before = fingerprint()
    for address in writable(scene):
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"):
            body = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + b"x" * 3 * 2**20
            response = owner.post(address, data=body, content_type=kind, headers={**REFERER, "X-CSRFToken": token()})
            # Where files are sent, more is allowed, and who may not send any is told that.
            refused = (400, 403, 404, 413) if kind.startswith("multipart") else (400, 413)
            assert response.status_code in refused, (address, kind, response.status_code)
    assert owner.post("/huruf", data=b"x" * 3 * 2**20, headers=REFERER).status_code == 413
    assert fingerprint() == before


def test_ten_thousand_fields_and_doubled_ones_get_an_answer(scene: Scene, owner: Client) -> None:
    many = "&".join(f"q{number}=x" for number in range(10_000))
    doubled = "&".join(f"{name}=a&{name}=b" for name in FIELDS)
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="q{n}"\r\n\r\nx\r\n' for n in range(3_000)) + "--x--"
    quiz, answers = scene.address("/kuis/<attempt_id>"), scene.address("/kuis/<attempt_id>/jawaban")
    for address in ("/huruf", "/ikut/B1MTEK", "/sertifikat/ambil/kursus", quiz, answers):
        for body in (many, doubled):
            data = f"csrf_token={token()}&csrf_token=x&{body}"
            response = owner.post(address, data=data, content_type="application/x-www-form-urlencoded", headers=REFERER)
            assert response.status_code < 500, address
        headers = {**REFERER, "X-CSRFToken": token()}
        response = owner.post(address, data=parts, content_type="multipart/form-data; boundary=x", headers=headers)
        assert response.status_code in (400, 413), address


ODD_HEADERS: tuple[dict[str, str], ...] = (
    {"Content-Type": "application/xml"},
    {"Content-Type": "application/json; charset=utf-16"},
    {"Content-Type": "multipart/form-data"},
    {"Content-Type": "multipart/form-data; boundary="},
    {"Content-Type": "\u00ff/\u00ff"},
    {"Content-Encoding": "gzip"},
    {"Accept": "a" * 5_000},
    {"Accept": "application/json;q=nan"},
    {"Accept-Encoding": "gzip;q=x,,;"},
    {"Range": "bytes=0-10"},
    {"Range": "bytes=-99999999999999999999"},
    {"If-None-Match": '"x"', "If-Modified-Since": "x"},
    {"Cookie": "sinau=\u00ff; huruf=\u00ff"},
    {"Cookie": "sinau=eyJfdXNlcl9pZCI6MX0.x.x; huruf=<script>"},
    {"User-Agent": "\u00ff" * 2_000},
    {"Origin": "https://[::1"},
    {"Referer": "https://[::1"},
    {"X-Forwarded-Host": "jahat.test", "X-Forwarded-Proto": "x", "Forwarded": "host=jahat.test"},
    {"Host": "jahat.test"},
    {"Host": "a\\b"},
    {"Content-Length": "-1"},
    {"Content-Length": "x"},
)


def test_odd_headers_get_an_answer(scene: Scene) -> None:
    pages = (("GET", "/"), ("GET", "/saya/kartu"), ("POST", "/huruf"), ("POST", "/ikut/B1MTEK"))
    for headers, (method, address) in product(ODD_HEADERS, pages):
        sent = {"Referer": "https://sinau.test/", "X-CSRFToken": token(), **headers}
        client = scene.browser("owner")
        client.lint = False
        response = client.open(address, method=method, headers=sent, data=b"x" if method == "POST" else None)
        assert response.status_code < 500, (method, address, headers)
        assert "jahat.test" not in response.headers.get("Location", "")
        assert b"jahat.test" not in response.data


VALID: dict[str, Any] = {"entries": [{"id": "a" * 20, "number": 1, "counter": 1, "value": ["x"]}], "submit": False}
WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    2**31,
    2**63,
    10**400,
    "",
    "x",
    "\0",
    "\ud800",
    [],
    [[]],
    {},
    {"id": 1},
    ["\ud800"],
)


def replaced(value: Any, wrong: Any) -> Iterator[Any]:
    """The value with `wrong` at each of its positions in turn."""
    yield wrong
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from ({**value, key: other} for other in replaced(inner, wrong))
            yield {other: inner for other, inner in value.items() if other != key}
    if isinstance(value, list):
        for place, inner in enumerate(value):
            yield from ([*value[:place], other, *value[place + 1 :]] for other in replaced(inner, wrong))


def post_json(client: Client, address: str, body: bytes | str) -> Any:
    headers = {**REFERER, "X-CSRFToken": token(), "Content-Type": "application/json"}
    return client.post(address, data=body, headers=headers)


def test_wrong_types_at_every_position_of_the_answers_are_refused_in_json(scene: Scene, owner: Client) -> None:
    address = scene.address("/kuis/<attempt_id>/jawaban")
    for wrong in WRONG:
        for body in replaced(VALID, wrong):
            response = post_json(owner, address, json.dumps(body))
            assert response.status_code in (200, 400), body
            assert response.mimetype == "application/json"
    before = fingerprint()
    for broken in (b"", b"{", b"\xff\xfe", b'{"entries": "\xff"}', b"[" * 50_000, b"NaN", b'{"entries": NaN}', b"null"):
        assert post_json(owner, address, broken).status_code == 400, broken[:20]
    assert fingerprint() == before


def test_a_half_character_in_an_answer_is_left_out_and_the_answer_kept(scene: Scene, owner: Client) -> None:
    address = scene.address("/kuis/<attempt_id>/jawaban")
    body = json.dumps({"entries": [{"id": "a" * 20, "number": 1, "counter": 1, "value": ["\ud800x"]}], "submit": True})
    response = post_json(owner, address, body)
    assert response.json["saved"] == ["a" * 20]
    assert owner.get(response.json["result"]).status_code == 200


def test_the_answers_route_takes_nothing_but_json(scene: Scene, owner: Client) -> None:
    address = scene.address("/kuis/<attempt_id>/jawaban")
    response = send(owner, address, entries="[]", submit="true")
    assert response.status_code == 400
    assert response.mimetype == "application/json"


def test_nobody_gets_json_from_a_script_route_whatever_they_send(app: Flask, scene: Scene) -> None:
    client = scene.browser("nobody")
    for answer in (send(client, scene.address("/kuis/<attempt_id>/jawaban")), client.get("/token")):
        assert answer.status_code == 401
        assert answer.mimetype == "application/json"
