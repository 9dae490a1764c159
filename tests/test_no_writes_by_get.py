"""Reading changes nothing, and nothing is written without the form token of the same session from the same site."""

from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from lms.db.engine import db, writing
from lms.db.tables import Attempt, Certificate, Cohort, Device
from tests.conftest import KEY
from tests.course.form_texts import PATH as FORM
from tests.quiz import filling
from tests.scene import PLACE, Scene, Watch, fingerprint, routes, token

pytestmark = pytest.mark.walk

READERS = ("nobody", "stranger", "owner", "trainer", "admin")
QUESTIONS = (
    "/masuk?ke=/saya",
    "/ikut?kode=b1mtek",
    "/ikut?kode=salah",
    "/cek?kode=salah",
    "/huruf?ke=/saya",
    "/saya/kartu?baru=1&ke=/",
    "/saya/kartu.png?simpan=1",
)
OTHER_SESSION = URLSafeTimedSerializer(KEY, salt="wtf-csrf-token").dumps("fedcba9876543210")
OTHER_KEY = URLSafeTimedSerializer(KEY[::-1], salt="wtf-csrf-token").dumps("0123456789abcdef")
BAD_TOKENS = ("", "x", OTHER_SESSION, OTHER_KEY, "kunci-é-☃", "a\0b", "x" * 100_000)
FOREIGN = (
    "https://jahat.test",
    "null",
    "https://sinau.test.jahat.test",
    "https://sinau.test:8443",
    "https://jahat@sinau.test",
    "https://[",
    "sinau.test",
)


def addresses(scene: Scene) -> Iterator[tuple[str, bool]]:
    """Every page that a GET opens, with each object of the scene in its places, and whether it is its rule's first."""
    with scene.app.app_context():
        kinds = {
            **{kind: [value] for kind, value in scene.values.items()},
            "attempt_id": list(db.session.scalars(db.select(Attempt.id))),
            "certificate_id": list(db.session.scalars(db.select(Certificate.id))),
            "code": list(db.session.scalars(db.select(Cohort.code))),
            "device_id": list(db.session.scalars(db.select(Device.id))),
            "identity": ["dasar/satu", "dasar/dua", "tidak/ada", FORM],
            "slug": [scene.values["slug"], filling.SLUG],
            "case_slug": ["ibu-sari", "bu-tuti", "tidak-ada"],
        }
    for method, rule in routes(scene.app):
        places = PLACE.findall(rule.rule)
        for at, values in enumerate(product(*(kinds[place] for place in places)) if method == "GET" else ()):
            found = dict(zip(places, values, strict=True))
            yield PLACE.sub(lambda match, found=found: found[match[1]], rule.rule), at == 0  # type: ignore[misc] # mypy cannot type its default.
    yield from ((address, True) for address in QUESTIONS)


def writers(scene: Scene, who: str) -> list[str]:
    """The pages whose opening by somebody changed the database."""
    found, before, watch = [], fingerprint(), Watch()
    client = scene.browser(who)
    client.lint = False
    for address, is_first in addresses(scene):
        for method in ("GET", "HEAD") if is_first else ("GET",):  # HEAD runs what GET runs; once a rule will do.
            status = client.open(address, method=method).status_code
            assert status < 500, (method, address, who)
            if watch.changed():
                found.append(f"{method} {address} by {who}")
    return found or (["something"] if fingerprint() != before else [])


@pytest.mark.parametrize("who", READERS)
def test_no_page_changes_anything_by_being_opened(scene: Scene, who: str) -> None:
    assert writers(scene, who) == []


def test_a_page_that_writes_when_opened_is_red(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def counts_its_readers() -> str:
        with writing():
            db.session.query(Cohort).first().name += "!"  # type: ignore[union-attr] # There is one.
        return ""

    monkeypatch.setitem(scene.app.view_functions, "mydata.privacy", counts_its_readers)
    assert writers(scene, "nobody") == ["GET /privasi by nobody", "HEAD /privasi by nobody"]


def accepted(scene: Scene, headers: dict[str, str], tokens: tuple[str, ...]) -> list[str]:
    """POST routes that let such a request in."""
    found = []
    for method, rule in routes(scene.app):
        for value in tokens if method != "GET" else ():
            client = scene.browser("owner")
            client.lint = value == "x"
            response = client.open(
                scene.address(rule.rule),
                method=method,
                data={"csrf_token": value, "nama": "Siti", "ke": "1", "form_id": "f" * 16, "counter": "1"},
                headers={"Referer": "https://sinau.test/", **headers},
            )
            if response.status_code != 400:
                found.append(f"{method} {rule.rule}: {response.status_code} with {value[:20]!r}")
    return found


def test_nothing_is_written_without_the_token_of_this_session(scene: Scene) -> None:
    before = fingerprint()
    assert accepted(scene, {}, BAD_TOKENS) == []
    assert fingerprint() == before


@pytest.mark.parametrize("said", [*({"Origin": site} for site in FOREIGN), {"Referer": "https://jahat.test/"}])
def test_nothing_is_written_from_another_site(scene: Scene, said: dict[str, str]) -> None:
    before = fingerprint()
    assert accepted(scene, said, (token(),)) == []
    assert fingerprint() == before


def test_a_right_token_from_this_site_is_let_in(scene: Scene) -> None:
    writable = sum(method != "GET" for method, _ in routes(scene.app))
    assert len(accepted(scene, {"Origin": "https://sinau.test"}, (token(),))) == writable


def test_a_token_in_the_header_is_held_to_the_same(scene: Scene) -> None:
    path = scene.address("/kuis/<attempt_id>/jawaban")
    for value in (*BAD_TOKENS[:4], "kunci-é"):
        client = scene.browser("owner")
        headers = {"X-CSRFToken": value.encode().decode("latin-1"), "Referer": "https://sinau.test/"}
        response = client.post(path, json={"entries": []}, headers=headers)
        assert response.status_code == 400
        assert response.json == {"error": "token", "text": response.json["text"]}  # type: ignore[index] # Compared as a whole.


def test_a_remembered_token_is_good_for_its_own_session_only(scene: Scene) -> None:
    path = scene.address("/kuis/<attempt_id>/jawaban")
    headers = {"X-CSRFToken": token(), "Referer": "https://sinau.test/"}
    client = scene.browser("owner")
    for secret, status in (("0123456789abcdef", 200), ("fedcba9876543210", 400), ("0123456789abcdef", 200)):
        with client.session_transaction(base_url="https://sinau.test") as held:
            held["csrf_token"] = secret
        assert client.post(path, json={"entries": []}, headers=headers).status_code == status
    with client.session_transaction(base_url="https://sinau.test") as held:
        del held["csrf_token"]
    assert client.post(path, json={"entries": []}, headers=headers).status_code == 400


def test_a_route_exempt_from_the_token_is_red(scene: Scene, app: Flask) -> None:
    app.extensions["csrf"].exempt("lms.web.textsize.keep")
    try:
        assert accepted(scene, {}, ("x",)) == ["POST /huruf: 303 with 'x'"]
    finally:
        app.extensions["csrf"]._exempt_views.discard("lms.web.textsize.keep")
