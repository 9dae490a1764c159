"""Every refusal says in Indonesian what happened and what to do, as a page or, to a script, as JSON."""

import html
import io
import re
from typing import Any

import pytest
from flask import abort
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import InternalServerError

from lms.db.engine import Busy, db, writing
from lms.db.tables import Answer, Device, Reading
from lms.web.errors import MESSAGES
from tests.conftest import START, Cast, Client, sign_in
from tests.lint import page_problems
from tests.scene import Scene, send, token

TO_DO = re.compile(r"\b(coba|tekan|muat ulang|mulai|masuk|hubungi|perkecil|tunggu|ulangi|kembali)\b", re.I)


def no_table(*_: object, **__: object) -> None:
    raise OperationalError("SELECT rahasia", {}, Exception("disk I/O error"))


def raising(error: Exception) -> Any:
    def view(**_: object) -> None:
        raise error

    return view


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_a_refusal_says_what_happened_and_what_to_do(
    client: Client, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setitem(client.application.view_functions, "mydata.privacy", lambda: abort(code))
    response = client.get("/privasi")
    assert response.status_code == code
    text = response.get_data(as_text=True)
    assert page_problems(text) == []
    assert TO_DO.search(MESSAGES[code].text)
    assert MESSAGES[code].title in text
    assert f'href="{MESSAGES[code].way}"' in text
    told = client.get("/privasi", headers={"Accept": "application/json"})
    assert told.status_code == code
    assert told.json == {"error": code, "text": f"{MESSAGES[code].title}. {MESSAGES[code].text}"}


def test_every_refusal_the_site_gives_has_its_own_words() -> None:
    assert set(MESSAGES) == {400, 401, 403, 404, 405, 409, 413, 429, 500, 503}
    assert len({message.text for message in MESSAGES.values()}) == len(MESSAGES)


@pytest.mark.parametrize(("code", "shown"), [(410, 400), (418, 400), (415, 400), (501, 500)])
def test_an_unusual_refusal_is_told_as_a_known_one(
    client: Client, monkeypatch: pytest.MonkeyPatch, code: int, shown: int
) -> None:
    monkeypatch.setitem(client.application.view_functions, "mydata.privacy", lambda: abort(code))
    assert client.get("/privasi").status_code == shown


def test_real_refusals_are_these_pages(scene: Scene) -> None:
    client = scene.browser("owner")
    cases = {
        404: client.get("/tidak-ada"),
        405: client.delete("/saya"),
        400: client.post("/huruf"),
        413: client.post("/huruf", data=b"x" * 3 * 2**20),
    }
    for code, response in cases.items():
        assert response.status_code == code
        assert MESSAGES[code].title in response.get_data(as_text=True)


STALE = {"csrf_token": "dari-sesi-lama", "catatan": "Tulisan <b>panjang</b>\r\ndua baris", "q": ["a", "b"]}
LESSON = "/belajar/kursus/dasar/satu"


def hidden_fields(page: str) -> dict[str, list[str]]:
    """What the form in the middle of a page would send by itself."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.partition("<main")[2])
    fields: dict[str, list[str]] = {}
    for name, value in found:
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    return fields


def mark_in(client: Client) -> str:
    """Whose a form of this browser is, as its page says."""
    return hidden_fields(client.page("/tanya/kursus"))["milik"][0]


def test_a_form_whose_token_is_over_is_shown_again_filled_in(learner: Client) -> None:
    """As after somebody signed out and in again in another tab: what they wrote is not lost, one press sends it."""
    told = learner.post(f"{LESSON}?dari=/saya", data=STALE | {"milik": mark_in(learner)})
    assert told.status_code == 400
    assert told.headers["Cache-Control"] == "private, no-store"
    page = told.get_data(as_text=True)
    fields = hidden_fields(page)
    assert fields["catatan"] == [STALE["catatan"]]
    assert fields["q"] == ["a", "b"]
    assert f'action="{LESSON}?dari=/saya"' in page
    assert "Tulisan &lt;b&gt;panjang&lt;/b&gt;" in page.partition("Isian Anda")[2]
    assert db.session.query(Reading).count() == 0
    assert learner.post(LESSON, data=fields).status_code == 303
    assert db.session.query(Reading).count() == 1


def test_what_somebody_wrote_who_is_signed_out_waits_until_they_are_in_again(learner: Client) -> None:
    fields: dict[str, Any] = STALE | {"milik": mark_in(learner)}
    learner.delete_cookie("sinau", domain="sinau.test")
    for _ in range(2):  # Pressing before one has signed in loses nothing.
        told = learner.post(LESSON, data=fields)
        assert told.status_code == 400
        fields = dict(hidden_fields(told.get_data(as_text=True)))
        assert fields["csrf_token"] == [""]
        assert fields["catatan"] == [STALE["catatan"]]
    sign_in(learner, db.session.query(Device.person_id).scalar())
    fields = dict(hidden_fields(learner.post(LESSON, data=fields).get_data(as_text=True)))
    assert learner.post(LESSON, data=fields).status_code == 303
    assert db.session.query(Reading).count() == 1


def test_what_was_sent_by_a_device_that_was_ended_is_kept_too(learner: Client) -> None:
    fields = hidden_fields(learner.page("/tanya/kursus"))
    with writing():
        db.session.query(Device).update({"ended_at": START})
    told = learner.post(LESSON, data=fields | {"catatan": "Tulisan panjang"})
    assert told.status_code == 400
    assert hidden_fields(told.get_data(as_text=True))["catatan"] == ["Tulisan panjang"]
    assert learner.post(LESSON, data={"csrf_token": fields["csrf_token"]}).location == "/masuk?ke=/"


def test_a_form_of_somebody_else_is_only_refused(learner: Client, cast: Cast) -> None:
    """On a phone of two: the words of one must not go out under the name of the other."""
    mark = mark_in(learner)
    sign_in(learner, cast.stranger)
    told = learner.post(LESSON, data=STALE | {"milik": mark})
    assert MESSAGES[400].title in told.get_data(as_text=True)
    assert "panjang" not in told.get_data(as_text=True)


@pytest.mark.parametrize("field", ["sandi", "lama", "baru", "pin", "kode", "angka", "berkas", None])
def test_a_secret_a_file_and_what_names_nobody_is_only_refused(learner: Client, field: str | None) -> None:
    more: dict[str, Any] = {"milik": mark_in(learner)} if field else {}
    if field:
        more[field] = (io.BytesIO(b"isi"), "a.csv") if field == "berkas" else "rahasia sekali"
    told = learner.post(LESSON, data=STALE | more)
    assert told.status_code == 400
    assert MESSAGES[400].title in told.get_data(as_text=True)
    assert "panjang" not in told.get_data(as_text=True)


def test_a_field_for_a_file_that_holds_none_is_no_file(learner: Client) -> None:
    data = STALE | {"milik": mark_in(learner), "berkas": (io.BytesIO(b""), "")}
    assert "Isian Anda" in learner.post(LESSON, data=data).get_data(as_text=True)


def test_a_form_of_another_site_is_never_shown_again(learner: Client) -> None:
    data = STALE | {"milik": mark_in(learner)}
    told = learner.post(
        LESSON, data=data, headers={"Origin": "https://jahat.example", "Referer": "https://sinau.test/"}
    )
    assert told.status_code == 400
    assert "panjang" not in told.get_data(as_text=True)


def leaks(text: str) -> list[str]:
    """What a page tells of the inside."""
    return [word for word in ("sandi-rahasia", "RuntimeError", "Traceback", "/srv", ".py", "Siti") if word in text]


def test_a_fault_of_ours_tells_nothing_of_it(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.app.testing = False
    monkeypatch.setitem(scene.app.view_functions, "mydata.privacy", raising(RuntimeError("sandi-rahasia /srv/lms.py")))
    response = scene.browser("owner").get("/privasi")
    assert response.status_code == 500
    text = response.get_data(as_text=True)
    assert page_problems(text) == []
    assert leaks(text) == []


def test_an_error_page_that_shows_its_fault_is_red(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.app.testing = False
    monkeypatch.setitem(scene.app.view_functions, "mydata.privacy", raising(RuntimeError("sandi-rahasia")))
    handlers = scene.app.error_handler_spec[None][500]
    monkeypatch.setitem(handlers, InternalServerError, lambda error: (repr(error.original_exception), 500))
    client = scene.browser("owner")
    client.lint = False
    assert leaks(client.get("/privasi").get_data(as_text=True)) == ["sandi-rahasia", "RuntimeError"]


@pytest.mark.parametrize("error", [Busy(), OperationalError("x", {}, Exception("database is locked"))])
def test_a_busy_database_asks_to_come_back_in_seconds(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setitem(scene.app.view_functions, "mydata.privacy", raising(error))
    monkeypatch.setitem(scene.app.view_functions, "quizzes.save", raising(error))
    client = scene.browser("owner")
    page = client.get("/privasi")
    assert page.status_code == 503
    assert int(page.headers["Retry-After"]) <= 5
    path = scene.address("/kuis/<attempt_id>/jawaban")
    told = client.post(path, json={}, headers={"X-CSRFToken": token(), "Referer": "https://sinau.test/"})
    assert told.status_code == 503
    assert int(told.headers["Retry-After"]) <= 5
    assert told.json is not None
    assert told.json["error"] == 503


def test_a_value_that_the_database_refuses_is_bad_input(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = DataError("SELECT", {}, Exception("NUL"))
    monkeypatch.setitem(client.application.view_functions, "mydata.privacy", raising(refused))
    assert client.get("/privasi").status_code == 400


def test_a_database_that_is_gone_still_gets_a_page(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.people.viewer.read", no_table)
    client = scene.browser("owner")
    for address in ("/", "/saya", scene.address("/kuis/<attempt_id>")):
        response = client.get(address)
        assert response.status_code == 503, address
        assert page_problems(response.get_data(as_text=True)) == []


def test_a_lock_held_by_another_thread_is_told_within_its_time_and_nothing_is_lost(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.db.engine.LOCK_SECONDS", 0.05)
    client = scene.browser("owner")
    path = scene.address("/kuis/<attempt_id>/jawaban")
    body = {"entries": [{"id": "a" * 20, "number": 1, "counter": 1, "value": ["x"]}]}
    headers = {"X-CSRFToken": token(), "Referer": "https://sinau.test/"}
    before = db.session.query(Answer).count()
    lock = scene.app.extensions["write_lock"]
    lock.acquire()
    try:
        refused = client.post(path, json=body, headers=headers)
        page = send(client, "/saya/perangkat/" + scene.values["device_id"] + "/keluar")
        reading = client.get(scene.address("/kuis/<attempt_id>"))
    finally:
        lock.release()
    assert (refused.status_code, page.status_code, reading.status_code) == (503, 503, 200)
    assert db.session.query(Answer).count() == before
    for _ in range(2):
        saved = client.post(path, json=body, headers=headers)
        assert saved.status_code == 200
        assert saved.json is not None
        assert saved.json["saved"] == ["a" * 20]
    assert db.session.query(Answer).count() == before + 1


def test_a_full_disk_is_told_and_what_was_there_stays(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    full = db.engine.raw_connection()
    raw: Any = full.driver_connection
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    full.close()

    def fill(**_: object) -> str:
        with writing():
            connection = db.session.connection()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            connection.exec_driver_sql("CREATE TABLE besar AS SELECT zeroblob(9000000) AS isi")
        return ""

    monkeypatch.setitem(scene.app.view_functions, "mydata.privacy", fill)
    client = scene.browser("owner")
    assert client.get("/privasi").status_code == 503
    assert client.get("/saya").status_code == 200
