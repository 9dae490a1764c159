"""Self-study is signed with ink: what waited for an electronic signature is issued again, what was signed so holds."""

import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from flask import Flask

from lms.certificate import keys
from lms.certificate.snapshot import TTE, WET, canonical, key_id, new_key, public_key, sign, snapshot_of
from lms.db.engine import db, writing
from lms.db.tables import Certificate, CertificateEvent, Cohort, Membership, SignedSheet
from lms.people.actions import correct
from lms.web.dates import WIB
from tests.certificate.test_take import TAKE, finish, rows, snapshot, take
from tests.certificate.test_take import office as office
from tests.certificate.test_take import ready as ready
from tests.conftest import KEY, START, Cast, Client, add_member, add_person, sign_in
from tests.esign.test_signing import upload

WHY = "Belajar mandiri ditandatangani basah."
SIGNED = b"%PDF-1.7 bertanda tangan elektronik"


@pytest.fixture
def code(cast: Cast) -> str:
    return str(db.session.query(Cohort.code).filter_by(kind="mandiri").scalar())


@pytest.fixture
def page(code: str) -> str:
    return f"/pelatih/{code}/sertifikat"


@pytest.fixture
def trainer(cast: Cast, browser: Callable[[], Client]) -> Client:
    who = add_person("Bu Ratih")
    add_member(who, role="pelatih")
    return sign_in(browser(), who, "Bu Ratih")


def as_before(found: str) -> str:
    """The sheet as the program of before issued it where its trainer had chosen the electronic way."""
    with writing():
        row = db.session.get_one(Certificate, found)
        row.payload = canonical(replace(snapshot_of(row.payload), signing=TTE))
        row.signature = sign(KEY, row.payload)
        db.session.add(CertificateEvent(certificate_id=found, kind="awaiting", at=START))
        db.session.query(Cohort).filter_by(kind="mandiri").update({"signing": TTE})
    return found


def boxes(trainer: Client, page: str, state: str) -> list[str]:
    return re.findall(r'name="lembar" value="([^"]+)"', trainer.page(f"{page}?bagian=ulang&keadaan={state}"))


def again(trainer: Client, page: str, state: str, why: str = WHY) -> None:
    job = trainer.send(f"{page}/ulang", keadaan=state, lembar=boxes(trainer, page, state), alasan=why).location
    while trainer.get(job).status_code == 200:
        trainer.send(job)
    assert trainer.get(job).location == f"{page}?bagian=ulang"


def test_a_sheet_is_for_ink_at_once_and_nobody_can_choose_otherwise(
    ready: Client, office: None, trainer: Client, page: str
) -> None:
    assert trainer.get(f"{page}/tte").location == f"{page}?bagian=ulang&keadaan=menunggu"
    assert trainer.send(f"{page}/tte/basah", alasan=WHY).location == f"{page}?bagian=ulang&keadaan=menunggu"
    assert trainer.send(f"{page}/cara", cara="tte").status_code == 404
    assert trainer.send(f"{page}/tte.zip").status_code == 404
    assert upload(trainer, f"{page}/tte", b"%PDF").status_code == 404
    with writing():
        db.session.query(Cohort).filter_by(kind="mandiri").update({"signing": TTE})
    found = take(ready)
    assert snapshot(found).signing == WET
    assert ready.get(f"/sertifikat/{found}/pdf").data.startswith(b"%PDF")
    assert "Tidak ada yang perlu terbit ulang" in trainer.page(f"{page}?bagian=ulang")


def test_what_waited_is_found_from_the_desk_and_one_press_makes_it_ink(
    ready: Client, office: None, trainer: Client, page: str, code: str
) -> None:
    old = as_before(take(ready))
    before = snapshot(old)
    with writing():
        member = db.session.get_one(Membership, db.session.get_one(Certificate, old).membership_id)
        wanted = {"name": "Siti Aminah Lestari", "title_after": ""}
        correct(member.person_id, wanted, member.person_id, member.joined_at)
    assert "menunggu tanda tangan" in ready.page(f"/cek/{before.token}").lower()
    assert "atau pelatih menerbitkannya lagi" in ready.page(f"/sertifikat/{old}")
    assert "Terbitkan ulang sertifikat (1 menunggu)" in trainer.page(f"/pelatih/{code}")
    assert f'href="{page}?bagian=ulang&amp;keadaan=menunggu"' in trainer.page(f"{page}/{old}")
    text = trainer.page(f"{page}?bagian=ulang")
    assert "<del>tanda tangan elektronik (TTE)</del> <ins>tanda tangan basah</ins>" in text
    assert "<ins>Siti Aminah Lestari</ins>" in text
    again(trainer, page, "menunggu")
    assert "Pemiliknya mengambil PDF-nya dari halaman Saya." in trainer.page(f"{page}?bagian=ulang")
    (fresh,) = [snapshot_of(row.payload) for row in rows() if row.id != old]
    assert (fresh.signing, fresh.number, fresh.revision) == (WET, before.number, 1)
    assert (fresh.name, fresh.identity) == ("Siti Aminah Lestari", before.identity)
    assert (fresh.subjects, fresh.issued_on, fresh.evidence) == (before.subjects, before.issued_on, before.evidence)
    assert fresh.token != before.token
    assert f"Alasannya: {WHY}" in ready.page(f"/sertifikat/{old}")
    assert "✓ Berlaku" in ready.page(ready.get(TAKE).location)
    assert "ulang sertifikat (" not in trainer.page(f"/pelatih/{code}")


def test_what_was_signed_stays_the_very_file_of_its_owner(
    ready: Client, office: None, trainer: Client, page: str, client: Client
) -> None:
    found = as_before(take(ready))
    with writing():
        db.session.add(SignedSheet(certificate_id=found, hash=sha256(SIGNED).hexdigest(), data=SIGNED, at=START))
        db.session.add(CertificateEvent(certificate_id=found, kind="signed", reason="Oleh NAMA REKAAN.", at=START))
    assert ready.get(f"/sertifikat/{found}/pdf").data == SIGNED
    assert "✓ Berlaku" in ready.page(f"/sertifikat/{found}")
    text = client.page(f"/cek/{snapshot(found).token}")
    assert "✓ Berlaku" in text
    assert "PDF-nya sudah ditandatangani secara elektronik" in text
    assert "Tidak ada yang perlu terbit ulang" in trainer.page(f"{page}?bagian=ulang"), "it says nothing wrong"


def test_several_that_a_leaked_key_signed_are_issued_again_at_once(
    app: Flask, ready: Client, office: None, trainer: Client, page: str, browser: Callable[[], Client]
) -> None:
    take(ready)
    for name in ("Kartika", "Wiyono"):
        who = add_person(name)
        add_member(who)
        take(finish(sign_in(browser(), who)), nama=name)
    fresh = new_key()
    with writing():
        keys.end(key_id(public_key(KEY)), START.astimezone(WIB).date(), fresh, START)
        db.session.query(Cohort).filter_by(kind="mandiri").update({"signing": TTE})
    app.config["SIGNING_KEY"] = fresh
    assert len(boxes(trainer, page, "ditolak")) == 3
    again(trainer, page, "ditolak", "Kuncinya bocor.")
    mended = [row for row in rows() if row.revision]
    assert [snapshot_of(row.payload).signing for row in mended] == [WET] * 3
    assert [row.key_id for row in mended] == [key_id(public_key(fresh))] * 3
    assert boxes(trainer, page, "ditolak") == []


def test_only_its_trainer_sees_and_presses(client: Client, office: None, page: str, cast: Cast) -> None:
    for who in (cast.participant, cast.trainer, cast.admin, cast.stranger):
        sign_in(client, who)
        assert client.get(f"{page}?bagian=ulang").status_code == 404
        assert client.send(f"{page}/ulang", keadaan="menunggu", lembar="x", alasan=WHY).status_code == 404


def test_there_is_no_print_file_and_no_dry_run_of_self_study(trainer: Client, page: str) -> None:
    assert trainer.get(page).status_code == 404
    for name in ("cetak.pdf", "berkas.zip"):
        assert trainer.send(f"{page}/{name}").status_code == 404


def test_the_desk_leads_there_where_learners_take_certificates_themselves_or_one_waits(
    ready: Client, office: None, trainer: Client, page: str, code: str
) -> None:
    link = f'href="{page}?bagian=ulang"'
    assert link in trainer.page(f"/pelatih/{code}")
    found = take(ready)
    with writing():
        db.session.query(Cohort).filter_by(kind="mandiri").update({"self_issue": False})
    assert link not in trainer.page(f"/pelatih/{code}")
    as_before(found)
    assert link in trainer.page(f"/pelatih/{code}")
