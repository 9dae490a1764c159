"""What somebody makes up or changes is never accepted, whoever they are; and nothing issues by itself."""

import random
import re
from collections import Counter
from collections.abc import Callable

import pypdfium2  # type: ignore[import-untyped] # It brings no types.
import pytest
import zxingcpp
from flask import Flask

from lms.certificate import actions, keys, offline, pdf
from lms.certificate.qr import mark, short_id
from lms.certificate.snapshot import key_id, new_key, normalise_code, public_key, sign, snapshot_of, verify
from lms.db.engine import Busy, db, writing
from lms.db.tables import Certificate, Job
from lms.web.clock import now
from lms.web.crockford import grouped
from tests.certificate.qr_reading import read
from tests.certificate.test_check import UNKNOWN, change, issued
from tests.certificate.test_take import at_once, draft_of, office, ready, rows
from tests.conftest import KEY, SLUG, START, Cast, Client, Time, add_member, add_person, sign_in
from tests.effort import often

__all__ = ["issued", "office", "ready"]

HELD = {short_id(public_key(KEY)): public_key(KEY)}
TRIES = often(250, 1_000)


def altered(data: bytes, chance: random.Random) -> bytes:
    """The same with one byte changed, dropped or added."""
    place, way = chance.randrange(len(data)), chance.randrange(3)
    byte = bytes([data[place] ^ chance.randrange(1, 256)]) if way == 0 else chance.randbytes(way - 1)
    return data[:place] + byte + data[place + (way < 2) :]


def test_a_thousand_changes_and_a_thousand_random_payloads_are_signed_by_nobody(issued: Certificate) -> None:
    chance, public = random.Random(7), public_key(KEY)
    assert verify(public, issued.payload, issued.signature)
    for _ in range(TRIES):
        assert not verify(public, altered(issued.payload, chance), issued.signature)
        assert not verify(public, chance.randbytes(chance.randrange(2_000)), issued.signature)
        assert not verify(public, issued.payload, chance.randbytes(64))


def test_random_payloads_in_the_table_are_unknown_to_the_check(client: Client, issued: Certificate) -> None:
    chance, token, payload = random.Random(8), issued.token, issued.payload
    for _ in range(20):
        change(issued, payload=altered(payload, chance))
        answer = client.get(f"/cek/{token}")
        assert (answer.status_code, UNKNOWN in answer.get_data(as_text=True)) == (404, True)
    change(issued, payload=payload)
    assert client.get(f"/cek/{token}").status_code == 200


@pytest.fixture
def sheet(issued: Certificate) -> tuple[str, str]:
    """(the text of the QR, all that is printed) as somebody finds them in the PDF."""
    file = pypdfium2.PdfDocument(pdf.render([snapshot_of(issued.payload)], signing_key=KEY))
    (code,) = zxingcpp.read_barcodes(file[0].render(scale=150 / 72).to_pil())
    return code.text, " ".join(page.get_textpage().get_text_bounded() for page in file)


def test_changed_codes_are_refused(sheet: tuple[str, str]) -> None:
    code, chance = sheet[0], random.Random(9)
    assert read(code, HELD)[0] == "benar"
    for _ in range(TRIES):
        forged = altered(code.encode(), chance).decode("latin-1")
        assert forged == code or read(forged, HELD)[1] is None, forged


def test_nothing_of_the_printed_text_opens_a_check_but_its_code(
    client: Client, issued: Certificate, sheet: tuple[str, str]
) -> None:
    printed, code = sheet[1], grouped(issued.short_code)
    assert code in printed
    known = {word for word in re.split(r"\s+", printed) if client.get("/cek", query_string={"kode": word}).location}
    assert known == {code}
    assert all(read(word, HELD) == ("salah", None) for word in [printed, *printed.split()])


@pytest.mark.walk
def test_changed_sheets_open_no_check_but_by_the_code_they_still_bear(
    client: Client, issued: Certificate, sheet: tuple[str, str]
) -> None:
    """Typed is every word that a change made, and the code with a change of its own."""
    chance, printed, code = random.Random(10), sheet[1], grouped(issued.short_code)
    words, opened = set(printed.split()), Counter[bool]()
    for _ in range(TRIES):
        forged = altered(printed.encode(), chance).decode(errors="replace")
        assert read(forged, HELD) == ("salah", None)
        for typed in {*forged.split(), altered(code.encode(), chance).decode("latin-1")} - words:
            answer = client.get("/cek", query_string={"kode": typed})
            bears = normalise_code(typed) == issued.short_code
            assert answer.location == (f"/cek/{issued.token}" if bears else None), typed
            assert answer.status_code == (303 if bears else 404), typed
            opened[bears] += 1
    assert opened[False] > TRIES
    assert opened[True] > 0  # A hyphen lost or a letter in lower case is no other code.


def test_a_payload_signed_by_a_key_that_nobody_keeps_is_refused(client: Client, issued: Certificate) -> None:
    """The row may name our key or a kept one that did not sign it."""
    stranger = new_key()
    change(issued, signature=sign(stranger, issued.payload))
    assert client.get(f"/cek/{issued.token}").status_code == 404
    change(issued, signature=sign(KEY, issued.payload))
    assert client.get(f"/cek/{issued.token}").status_code == 200
    with writing():
        other = keys.keep(new_key(), START)
    change(issued, key_id=other)
    assert client.get(f"/cek/{issued.token}").status_code == 404
    assert key_id(public_key(stranger)) != other


@pytest.mark.parametrize("reason", ["", " ", "0", "false", "None", "[]"])
def test_a_reason_that_says_nothing_still_revokes(client: Client, issued: Certificate, reason: str) -> None:
    with writing():
        actions.revoke(issued.id, reason, START)
    assert "Sertifikat ini sudah dicabut" in client.page(f"/cek/{issued.token}")
    saved = offline.page(f"https://{issued.token}.test", KEY, START.date(), camera=False)[0].decode()
    assert f'"{mark(issued.token)}": ["dicabut"' in saved


def test_tokens_and_codes_are_random_in_every_place(app: Flask) -> None:
    random.seed(1)
    first = [actions.fresh_codes("https://sinau.test") for _ in range(TRIES)]
    random.seed(1)
    again = [actions.fresh_codes("https://sinau.test") for _ in range(TRIES)]
    for part, length in ((0, 22), (1, 12)):
        found = [codes[part] for codes in (*first, *again)]
        assert len(set(found)) == 2 * TRIES
        assert {len(text) for text in found} == {length}
        for place in range(length - 1):  # Of a token the last letter holds two bits only.
            assert Counter(text[place] for text in found).most_common(1)[0][1] < 2 * TRIES / 8


@pytest.mark.walk
def test_fifty_at_once_get_fifty_numbers_without_gap_or_double(app: Flask, cast: Cast, office: None) -> None:
    people = [add_person(f"Orang {number}") for number in range(50)]
    for person in people:
        add_member(person)
    drafts = [draft_of(person) for person in people]
    db.session.rollback()

    def issue(draft: actions.SheetDraft) -> Callable[[], None]:
        def work() -> None:
            for _ in range(100):
                try:
                    with writing():
                        actions.issue(draft, KEY, now())
                    return
                except Busy:  # Told to come again, as a browser is.
                    continue
            raise AssertionError("was never let in")

        return work

    at_once(app, [issue(draft) for draft in drafts])
    found = rows()
    assert sorted(row.sequence or 0 for row in found) == list(range(1, 51))
    assert {snapshot_of(row.payload).number for row in found} == {f"400.9/{n:03}/PSM/2026" for n in range(1, 51)}
    assert len({row.membership_id for row in found}) == len({row.token for row in found}) == 50


def test_nothing_issues_by_itself(ready: Client, office: None, cast: Cast, time: Time, client: Client) -> None:
    """Neither what is fulfilled, nor time, nor looking at any page of it; only the press of a button."""
    pages = ("/", f"/belajar/{SLUG}", f"/sertifikat/ambil/{SLUG}", "/saya", "/cek", "/cek/luring")
    for days in (0, 30, 365):
        time.forward(days=days)
        for page in pages:
            ready.get(page)
            client.get(page)
    trainer = sign_in(client, cast.trainer)
    for page in ("/pelatih", "/pelatih/B1MTEK", "/pelatih/B1MTEK/sertifikat"):
        assert trainer.get(page).status_code == 200
    assert rows() == []
    assert db.session.query(Job).count() == 0


def test_nobody_but_its_trainer_begins_a_batch(ready: Client, office: None, cast: Cast, client: Client) -> None:
    for who in (cast.other_trainer, cast.participant, cast.admin, cast.stranger, None):
        other = sign_in(client, who) if who else client.application.test_client()
        if who:
            assert other.send("/pelatih/B1MTEK/sertifikat").status_code == 404
        else:
            assert other.post("/pelatih/B1MTEK/sertifikat", base_url="https://sinau.test").status_code in (303, 400)
    assert rows() == []
    assert db.session.query(Job).count() == 0
