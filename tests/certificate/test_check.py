"""The public check: true, sample, replaced, revoked, and one constant answer for everything else."""

import gzip
import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import text

from lms.certificate import actions, keys
from lms.certificate.snapshot import key_id, new_key, public_key, sign, snapshot_of
from lms.db.engine import db, writing
from lms.db.tables import Certificate, CertificateEvent, SigningKey
from lms.people.signatory import Signatory
from lms.web.crockford import grouped
from lms.web.dates import WIB
from tests.certificate.samples import BIMTEK
from tests.certificate.test_take import OFFICE, at_once, draft_of, finish, office, ready, rows, take
from tests.conftest import KEY, START, Cast, Client, Time
from tests.learn.test_queries_count import statements

__all__ = ["office", "ready"]

UNKNOWN = "Sertifikat ini tidak dikenal"


@pytest.fixture
def issued(app: Flask, cast: Cast, office: None) -> Certificate:
    with writing():
        found = actions.issue(draft_of(cast.participant), KEY, START)
    return db.session.get_one(Certificate, found)


def words(html: str) -> str:
    """What a page says, without what differs from visit to visit."""
    return re.sub(r'name="csrf_token" value="[^"]*"|[?]ke=[^"]*|value="[^"]*"', "", html)


def test_a_true_sheet_shows_what_is_printed_and_no_more(client: Client, issued: Certificate) -> None:
    page = client.page(f"/cek/{issued.token}")
    shown = ("✓ Berlaku", "Sertifikat ini benar", "Siti Aminah", "Kursus kecil", "0 JP", "Waktu", "400.9/001/PSM/2026")
    places = [page.find(words) for words in shown]
    assert -1 not in places
    assert places == sorted(places)
    assert issued.id not in page
    assert "pdf" not in page.lower()
    assert client.get(f"/sertifikat/{issued.token}").status_code == 303


def test_all_that_a_forger_could_change_is_there_to_compare(client: Client, cast: Cast, office: None) -> None:
    """Where it was, who signed which side and under which rule, and how its hours are made up; and it stays light."""
    draft = draft_of(cast.participant)
    second = Signatory("Kepala Bidang Pemberdayaan", "Plt.", "Drs. Belakang Rekaan", "", "")
    told = {name: getattr(BIMTEK, name) for name in ("place", "mode", "subjects", "signer", "legal_basis")}
    told["subjects"] = BIMTEK.subjects * 2
    told["scores"] = (("Tes awal", "55"), ("Tes akhir", "85"))
    with writing():
        found = actions.issue(
            replace(draft, snapshot=replace(draft.snapshot, **told, second_signer=second)), KEY, START
        )
    sheet = db.session.get_one(Certificate, found)
    page = client.page(f"/cek/{sheet.token}")
    for words in (
        "24 JP (10 daring + 14 tatap muka)",
        f"<dt>Tempat</dt><dd>{BIMTEK.place}</dd>",
        f"<dt>Penanda tangan</dt><dd>{BIMTEK.signer.name}, {BIMTEK.signer.title}</dd>",
        "<dt>Penanda tangan halaman belakang</dt><dd>Drs. Belakang Rekaan, Plt. Kepala Bidang Pemberdayaan</dd>",
        f"<dt>Dasar</dt><dd>{BIMTEK.legal_basis}</dd>",
        "<summary>Daftar materi dan nilai</summary>",
        "<li>Bantuan sosial: sembako, PBI-JK, dan PKH, 3 JP<br>Ratna Wulandari, S.ST.</li>",
        "<b>Jumlah 24 JP</b>",
        "<dt>Tes akhir</dt><dd>85</dd>",
    ):
        assert words in page
    assert_light(client, f"/cek/{sheet.token}", page)


def test_what_a_sheet_does_not_have_the_check_does_not_name(client: Client, issued: Certificate) -> None:
    page = client.page(f"/cek/{issued.token}")
    assert "<dt>Penanda tangan</dt>" in page
    for words in ("Tempat</dt>", "halaman belakang", "Dasar</dt>", "tatap muka", " dan nilai", "Tes akhir"):
        assert words not in page


def test_who_spoke_is_told_on_what_and_who_only_helped_has_no_list(client: Client, cast: Cast, office: None) -> None:
    tokens = []
    for person, role, spoken in ((cast.participant, "NARASUMBER", BIMTEK.subjects[:1]), (cast.other, "PANITIA", ())):
        draft = draft_of(person)
        spoke = replace(draft.snapshot, role=role, subjects=tuple(replace(each, speaker="") for each in spoken))
        with writing():
            found = actions.issue(replace(draft, snapshot=spoke), KEY, START)
        tokens.append(db.session.get_one(Certificate, found).token)
    spoke_page, helped = (client.page(f"/cek/{token}") for token in tokens)
    told = "<summary>Materi yang dibawakan</summary>", "<li>Konsep dasar Pekerja Sosial Masyarakat, 2 JP</li>"
    assert all(words in spoke_page for words in told)
    assert "<details>" not in helped


def test_a_sample_says_that_it_is_none(client: Client, cast: Cast) -> None:
    draft = draft_of(cast.participant)
    assert draft.issuer is None
    with writing():
        actions.issue(draft, KEY, START)
    page = client.page(f"/cek/{rows()[0].token}")
    assert "Lembar ini contoh, tidak berlaku" in page
    assert "tanpa nomor dan tanpa penanda tangan" in page
    assert "Penanda tangan</dt>" not in page


def test_a_revoked_one_says_so_for_ever(client: Client, issued: Certificate) -> None:
    token = issued.token
    with writing():
        actions.revoke(issued.id, "Keliru orang.", START + timedelta(days=3))
    with pytest.raises(actions.NotInForce), writing():
        actions.revoke(issued.id, "Keliru lagi.", START + timedelta(days=5))
    page = client.page(f"/cek/{token}")
    assert "Sertifikat ini sudah dicabut" in page
    assert "sejak 27 November 2026" in page
    assert "Keliru orang" not in page


def test_a_replaced_one_says_so_and_the_new_one_holds(client: Client, issued: Certificate, cast: Cast) -> None:
    with writing():
        fresh = actions.reissue(issued.id, draft_of(cast.participant), KEY, "Ejaan.", START, by=cast.admin)
    old, new = (db.session.get_one(Certificate, found).token for found in (issued.id, fresh))
    page = client.page(f"/cek/{old}")
    assert "Sertifikat ini sudah diganti" in page
    assert "Diganti sejak 24 November 2026" in page
    page = client.page(f"/cek/{new}")
    assert "Sertifikat ini benar" in page
    assert "400.9/001/PSM/2026 (revisi 1)" in page


def test_the_short_code_is_found_however_it_is_typed(client: Client, issued: Certificate) -> None:
    code = issued.short_code
    for typed in (code, code.lower(), grouped(code), f" {grouped(code).lower()} "):
        assert client.get("/cek", query_string={"kode": typed}).location == f"/cek/{issued.token}"
    assert "Kode pendek" in client.page("/cek")


def test_everything_unknown_gets_the_same_answer(client: Client, issued: Certificate) -> None:
    asked = ["A" * 22, "x", "é" * 22, "%00" * 22, issued.token[:-1], issued.token.swapcase(), issued.id, "a" * 900]
    answers = [client.get(f"/cek/{token}") for token in asked]
    answers += [client.get("/cek", query_string={"kode": code}) for code in ("ZZZZZZZZZZZZ", "x", "é" * 12, "\0" * 12)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({words(answer.get_data(as_text=True)) for answer in answers}) == 1
    assert UNKNOWN in answers[0].get_data(as_text=True)


@pytest.mark.parametrize("typed", ["4PQ7-MZ2K-9XR", "400.9/001/PSM/2026", '"><b>', "ZZZZZZZZZZZZ"])
def test_what_was_typed_stays_to_be_mended(client: Client, typed: str) -> None:
    text = client.get("/cek", query_string={"kode": typed}).get_data(as_text=True)
    assert f'value="{escape(typed)}"' in text


def change(certificate: Certificate, **columns: object) -> None:
    """As somebody with the database file could."""
    with writing():
        for name, value in columns.items():
            setattr(db.session.get_one(Certificate, certificate.id), name, value)


def test_a_row_that_was_tampered_with_is_unknown(client: Client, issued: Certificate) -> None:
    token, payload, signature = issued.token, issued.payload, issued.signature
    facts = json.loads(payload)
    for forged in (
        {"payload": payload.replace(b"Siti Aminah", b"Siti Aminih")},
        {"payload": json.dumps({**facts, "number": "1"}).encode()},
        {"payload": payload + b" "},
        {"payload": b""},
        {"signature": bytes(64)},
        {"signature": signature[:-1]},
        {"signature": sign(new_key(), payload)},
    ):
        change(issued, **forged)
        response = client.get(f"/cek/{token}")
        assert response.status_code == 404, forged
        assert UNKNOWN in response.get_data(as_text=True)
        change(issued, payload=payload, signature=signature)
    assert client.get(f"/cek/{token}").status_code == 200


def test_every_single_byte_matters(app: Flask, issued: Certificate) -> None:
    from lms.certificate.snapshot import public_key, verify

    payload, public = issued.payload, public_key(KEY)
    assert verify(public, payload, issued.signature)
    for place in range(len(payload)):
        changed = payload[:place] + bytes([payload[place] ^ 1]) + payload[place + 1 :]
        assert not verify(public, changed, issued.signature)


def test_facts_moved_to_another_address_are_unknown(client: Client, issued: Certificate, cast: Cast) -> None:
    with writing():
        other = actions.issue(draft_of(cast.other), KEY, START)
    donor = db.session.get_one(Certificate, other)
    change(issued, payload=donor.payload, signature=donor.signature)
    assert client.get(f"/cek/{issued.token}").status_code == 404


def test_an_old_sheet_holds_after_the_signing_key_changed(app: Flask, client: Client, issued: Certificate) -> None:
    app.config["SIGNING_KEY"] = new_key()
    with writing():
        keys.keep(app.config["SIGNING_KEY"], START)
    assert client.get(f"/cek/{issued.token}").status_code == 200
    db.session.rollback()
    assert db.session.query(SigningKey).count() == 2


def test_the_state_follows_from_events_alone(client: Client, issued: Certificate) -> None:
    with writing():
        db.session.query(CertificateEvent).filter_by(certificate_id=issued.id).delete()
    with pytest.raises(ValueError, match="no history"):
        client.get(f"/cek/{issued.token}")


def test_checking_at_once_while_issuing_disturbs_nobody(app: Flask, issued: Certificate, cast: Cast) -> None:
    token, draft = issued.token, draft_of(cast.other)
    db.session.rollback()

    def check() -> None:
        with app.test_client() as client:
            assert client.get(f"/cek/{token}", base_url="https://sinau.test").status_code == 200

    def issue() -> None:
        with writing():
            actions.issue(draft, KEY, START)

    at_once(app, [check, issue, check])


def test_a_corrected_sheet_can_be_corrected_again_but_no_dead_one(issued: Certificate, cast: Cast) -> None:
    plan = draft_of(cast.participant)
    with writing():
        second = actions.reissue(issued.id, plan, KEY, "Ejaan.", START)
    with pytest.raises(actions.NotInForce), writing():
        actions.reissue(issued.id, draft_of(cast.participant), KEY, "Lagi.", START)
    with writing():
        third = actions.reissue(second, draft_of(cast.participant), KEY, "Gelar.", START)
    assert [db.session.get_one(Certificate, found).revision for found in (issued.id, second, third)] == [0, 1, 2]
    with writing():
        actions.revoke(third, "Keliru.", START)
    with pytest.raises(actions.NotInForce), writing():
        actions.reissue(third, draft_of(cast.participant), KEY, "Lagi.", START)
    with writing():
        assert actions.issue(draft_of(cast.participant), KEY, START) == third
        assert actions.issue(draft_of(cast.other), KEY, START)
    assert snapshot_of(db.session.get_one(Certificate, rows()[-1].id).payload).revision in (0, 1, 2)


def test_a_sample_is_never_replaced(cast: Cast) -> None:
    with writing():
        sample = actions.issue(draft_of(cast.participant), KEY, START)
    with pytest.raises(actions.NotInForce), writing():
        actions.reissue(sample, draft_of(cast.participant), KEY, "x", START)


def test_the_database_itself_refuses_a_second_number_and_a_second_sheet(issued: Certificate, cast: Cast) -> None:
    from sqlalchemy.exc import IntegrityError

    copy = (
        "insert into certificate select :id, :token, :code, {member}, edition_id, sample, series_id, year, {sequence}, "
        "revision, payload, signature, key_id, issued_at, sought, {number}, renumbered_at from certificate"
    )
    for member, sequence, number in (
        ("membership_id + 1", "sequence", "null"),
        ("membership_id", "sequence + 1", "null"),
        ("membership_id + 1", "sequence + 1", "number_key"),
    ):
        statement = text(copy.format(member=member, sequence=sequence, number=number))
        with pytest.raises(IntegrityError), writing():
            db.session.execute(statement, {"id": "x", "token": "y", "code": "z"})


def test_the_whole_way_from_reading_to_checking(ready: Client, time: Time) -> None:
    from lms.certificate.office import set_office

    with writing():
        set_office(OFFICE, START)
    found = take(finish(ready))
    page = ready.page(f"/sertifikat/{found}")
    address = page.partition("https://sinau.test/cek/")[2].partition('"')[0]
    time.forward(days=400)
    assert "Sertifikat ini benar" in ready.application.test_client().get(
        f"/cek/{address}", base_url="https://sinau.test"
    ).get_data(as_text=True)


def end_key(leaked_on: date | None) -> int:
    with writing():
        return keys.end(key_id(public_key(KEY)), leaked_on, new_key(), START)


def test_what_a_key_signed_before_its_end_holds_for_ever(client: Client, issued: Certificate, time: Time) -> None:
    assert end_key(None) == 0
    time.forward(days=3_000)
    assert "✓ Berlaku" in client.page(f"/cek/{issued.token}")


def test_what_a_leaked_key_signed_since_is_refused_and_before_it_not(client: Client, issued: Certificate) -> None:
    day = START.astimezone(WIB).date()
    assert end_key(day + timedelta(1)) == 0
    assert "✓ Berlaku" in client.page(f"/cek/{issued.token}")
    assert end_key(day) == 1
    page = client.page(f"/cek/{issued.token}")
    assert "✗ Ditolak" in page
    assert "Berlaku" not in page
    assert "kunci yang pada hari itu sudah tidak berlaku" in page
    assert end_key(day + timedelta(9)) == 1  # A leak is never dated forward again.


def test_a_key_that_ended_signs_nothing_more_and_a_corrected_sheet_is_signed_by_the_new_one(
    client: Client, issued: Certificate, cast: Cast
) -> None:
    end_key(START.astimezone(WIB).date())
    fresh = new_key()
    with pytest.raises(keys.KeyEnded), writing():
        actions.reissue(issued.id, draft_of(cast.participant), KEY, "Kuncinya bocor.", START)
    with writing():
        again = actions.reissue(issued.id, draft_of(cast.participant), fresh, "Kuncinya bocor.", START)
    assert "✓ Berlaku" in client.page(f"/cek/{db.session.get_one(Certificate, again).token}")
    assert "Diganti" in client.page(f"/cek/{issued.token}")


MOST_BYTES = 10_000
CHECKS = {"/cek", "/cek/<token>", "/cek/luring", "/cek/rekam/<record_seal>"} | {
    "/cek/<token>/lapor",
    "/cek/lapor",
    "/cek/kertas",
}
"""The latter lead on from where there was more to check."""


def check_pages(client: Client, issued: Certificate) -> dict[str, str]:
    """Every page that checks, by its address; without the one that holds its script in itself."""
    addresses = (f"/cek/{issued.token}", "/cek", f"/cek/{'A' * 22}", "/cek/rekam/lama")
    return {address: client.get(address).get_data(as_text=True) for address in addresses}


def assert_light(client: Client, address: str, page: str) -> None:
    loads = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(loads) == 2
    parts = [page.encode(), *(client.get(path).get_data() for path in loads)]
    assert len(page.encode()) < MOST_BYTES / 2, address
    assert sum(len(gzip.compress(part, 9)) for part in parts) < MOST_BYTES, address


def test_every_check_is_light_and_unlisted_and_works_without_script(client: Client, issued: Certificate) -> None:
    """Under ten kilobytes over the wire with the style it loads, for whoever checks from a village."""
    for address, page in check_pages(client, issued).items():
        assert '<meta name="robots" content="noindex">' in page, address
        assert "<script" not in page
        assert "<h1>" in page
        assert_light(client, address, page)


def test_the_check_says_revision_and_day(client: Client, issued: Certificate) -> None:
    page = client.page(f"/cek/{issued.token}")
    assert "belum pernah diperbaiki" in page
    assert "Diperiksa 24 November 2026" in page


def test_nothing_is_listed_and_nobody_found_by_name(app: Flask, client: Client, issued: Certificate) -> None:
    """No other address begins with /cek, and none takes a name, a number, a village or a place in a list."""
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/cek")}
    assert rules == CHECKS
    for word in ("Siti Aminah", "Siti", "400.9/001/PSM/2026", "Sumberagung", "%", "*", ""):
        for field in ("kode", "nama", "nomor", "cari", "q", "desa", "hal"):
            page = client.get("/cek", query_string={field: word}).get_data(as_text=True)
            assert issued.token not in page
            assert "Kursus kecil" not in page
    assert "noindex" in client.page("/cek/luring")


def test_what_can_be_no_code_is_looked_for_as_long_as_what_can(client: Client, issued: Certificate) -> None:
    """The same statements, so that neither form nor existence shows in the time an unknown one takes."""
    tokens = [f"/cek/{token}" for token in ("A" * 22, "x", "z" * 500, issued.id)]
    codes = [f"/cek?kode={code}" for code in ("ZZZZZZZZZZZZ", "x", "400.9/1")]
    for addresses in (tokens, codes):
        asked = []
        for address in addresses:
            with statements() as sent:
                assert client.get(address).status_code == 404
            asked.append(len(sent))
        assert asked[0] >= 1
        assert len(set(asked)) == 1


def test_what_was_checked_besides_leads_on_or_says_where_to(client: Client, issued: Certificate) -> None:
    assert client.get(f"/cek/{issued.token}/lapor").location == f"/cek/{issued.token}"
    assert client.get("/cek/lapor").location == "/cek"
    record = client.get("/cek/rekam/1a2b3c4d.1.20261124.8.x.y")
    assert record.status_code == 410
    assert "tetap dapat diperiksa" in record.get_data(as_text=True)
