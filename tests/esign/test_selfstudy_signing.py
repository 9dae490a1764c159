"""Certificates of self-study signed electronically: chosen by its trainer, taken, awaited, signed, or given up."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader

from lms.certificate import candidates, keys, views
from lms.certificate.pdf import render
from lms.certificate.snapshot import WET, key_id, new_key, public_key, snapshot_of
from lms.db.engine import db, writing
from lms.db.tables import Certificate, CertificateEvent, Cohort, Membership
from lms.esign import views as tte_views
from lms.people.access import cohort_facts
from lms.people.actions import correct
from tests.certificate.test_take import TAKE, finish, rows, snapshot, take
from tests.certificate.test_take import office as office
from tests.certificate.test_take import ready as ready
from tests.conftest import KEY, SLUG, START, Cast, Client, add_member, add_person, sign_in
from tests.esign.signed import Chain, chain, sign
from tests.esign.test_signing import upload
from tests.esign.trusting import believe
from tests.learn.test_queries_count import counted

OFFICIAL = "NAMA REKAAN, S.Sos."
WHY = "Pejabatnya belum punya sertifikat elektronik."


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


@pytest.fixture
def official(cast: Cast) -> Chain:
    found = chain(OFFICIAL)
    believe(cast.admin, found.root.pem)
    return found


def choose(trainer: Client, page: str, way: str = "tte") -> None:
    assert trainer.send(f"{page}/cara", cara=way).location == f"{page}/tte"


def handed_out(trainer: Client, page: str) -> list[bytes]:
    answer = trainer.send(f"{page}/tte.zip")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        return [packed.read(name) for name in packed.namelist()]


def others(browser: Callable[[], Client], count: int) -> list[str]:
    """The certificates of so many others who studied alone, too."""
    found = []
    for name in ("Kartika", "Wiyono", "Ratna", "Sugeng")[:count]:
        who = add_person(name)
        add_member(who)
        found.append(take(finish(sign_in(browser(), who)), nama=name))
    return found


def test_until_somebody_chooses_otherwise_a_sheet_is_for_ink_at_once(
    ready: Client, office: None, trainer: Client, page: str
) -> None:
    found = take(ready)
    assert snapshot(found).signing == WET
    assert ready.get(f"/sertifikat/{found}/pdf").data.startswith(b"%PDF")
    text = trainer.page(f"{page}/tte")
    assert 'value="basah" checked' in text
    assert "Unduh PDF untuk TTE" not in text, "nothing goes out where all is ink"
    assert trainer.send(f"{page}/tte.zip").status_code == 409


def test_what_is_taken_waits_everywhere_and_its_owner_is_told_what_comes(
    ready: Client, office: None, trainer: Client, page: str, code: str, official: Chain
) -> None:
    choose(trainer, page)
    assert 'value="tte" checked' in trainer.page(f"{page}/tte")
    found = take(ready)
    text = ready.page(f"/sertifikat/{found}")
    assert "Menunggu tanda tangan" in text
    assert "Selamat, sertifikat Anda sudah bernomor." in text
    assert "pejabatnya menandatangani PDF-nya secara elektronik dulu" in text
    assert "PDF-nya dapat diambil di halaman ini." in text
    assert "Buka berkas PDF" not in text
    assert ready.get(f"/sertifikat/{found}/pdf").location == f"/sertifikat/{found}"
    assert '<span class="tag">menunggu tanda tangan</span>' in ready.page("/saya")
    assert "Sertifikat Anda sudah diambil." in ready.page(f"/belajar/{SLUG}")
    assert "menunggu tanda tangan" in ready.page(f"/cek/{snapshot(found).token}").lower()
    assert "Tanda tangan sertifikat (1 menunggu)" in trainer.page(f"/pelatih/{code}")
    text = trainer.page(f"{page}/tte")
    assert "1 sertifikat menunggu tanda tangan." in text
    assert f"<b>{OFFICIAL}</b>." in text
    assert f'href="{page}/{found}"' in text


def test_signed_it_is_the_very_file_of_its_owner(
    ready: Client, office: None, trainer: Client, page: str, official: Chain
) -> None:
    choose(trainer, page)
    found = take(ready)
    (data,) = handed_out(trainer, page)
    signed = sign(data, official)
    forged = sign(render([replace(snapshot(found), name="Orang Lain")], signing_key=KEY), official)
    text = upload(trainer, f"{page}/tte", signed, forged).get_data(as_text=True)
    assert "1 dari 2 berkas cocok" in text
    assert ready.get(f"/sertifikat/{found}/pdf").data == signed
    assert "✓ Berlaku" in ready.page(f"/sertifikat/{found}")
    assert "menunggu tanda tangan" not in ready.page("/saya")
    assert "Tidak ada sertifikat yang menunggu" in trainer.page(f"{page}/tte")


def test_where_no_chain_is_trusted_the_choice_bears_the_warning(
    ready: Client, office: None, trainer: Client, page: str, cast: Cast
) -> None:
    told = "TTE belum dapat dipakai"
    assert told in trainer.page(f"{page}/tte")
    choose(trainer, page)
    take(ready)
    assert told in trainer.page(f"{page}/tte")
    believe(cast.admin, chain(OFFICIAL).root.pem)
    assert told not in trainer.page(f"{page}/tte")


@pytest.mark.walk
def test_however_many_study_alone_only_what_waits_is_read(
    office: None,
    trainer: Client,
    page: str,
    browser: Callable[[], Client],
    monkeypatch: pytest.MonkeyPatch,
    official: Chain,
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("everybody of a self-study cohort was read")

    choose(trainer, page)
    others(browser, 1)
    cost = len(counted(trainer, f"{page}/tte"))
    others(browser, 3)
    for name in ("lines", "names", "roll", "everybody"):
        monkeypatch.setattr(candidates, name, refuse)
    with pytest.raises(AssertionError):
        candidates.lot(cohort_facts(db.session.query(Cohort.id).filter_by(kind="mandiri").scalar()))
    assert len(counted(trainer, f"{page}/tte")) == cost
    monkeypatch.setattr(tte_views, "MOST_FILES", 3)
    assert "4 sertifikat menunggu tanda tangan. Sekali unduh 3 terlama dulu" in trainer.page(f"{page}/tte")
    files = handed_out(trainer, page)
    numbers = [snapshot_of(each.payload).number or "" for each in sorted(rows(), key=lambda each: each.sequence or 0)]
    fronts = [PdfReader(io.BytesIO(each)).pages[0].extract_text() for each in files]
    assert [number in front for number, front in zip(numbers[:3], fronts, strict=True)] == [True] * 3
    upload(trainer, f"{page}/tte", *(sign(each, official) for each in files))
    assert "1 sertifikat menunggu tanda tangan. Satu PDF" in trainer.page(f"{page}/tte")
    job = trainer.send(f"{page}/tte/basah", alasan=WHY).location
    trainer.send(job)
    assert trainer.get(job).location == f"{page}/tte"


def test_given_up_it_is_for_ink_with_the_name_of_now_and_what_was_learnt(
    ready: Client, office: None, trainer: Client, page: str
) -> None:
    choose(trainer, page)
    old = take(ready)
    before = snapshot(old)
    with writing():
        member = db.session.get_one(Membership, db.session.get_one(Certificate, old).membership_id)
        correct(
            member.person_id, {"name": "Siti Aminah Lestari", "title_after": ""}, member.person_id, member.joined_at
        )
    job = trainer.send(f"{page}/tte/basah", alasan=WHY).location
    trainer.send(job)
    assert trainer.get(job).location == f"{page}/tte"
    assert "1 revisi terbit untuk tanda tangan basah. Pemiliknya mengambil" in trainer.page(f"{page}/tte")
    (fresh,) = [snapshot_of(row.payload) for row in rows() if row.id != old]
    assert (fresh.signing, fresh.number, fresh.revision) == (WET, before.number, 1)
    assert (fresh.name, fresh.identity) == ("Siti Aminah Lestari", before.identity)
    assert (fresh.subjects, fresh.issued_on, fresh.evidence) == (before.subjects, before.issued_on, before.evidence)
    assert fresh.token != before.token
    assert db.session.query(CertificateEvent.reason).filter_by(kind="replaced").scalar() == WHY
    assert f"Alasannya: {WHY}" in ready.page(f"/sertifikat/{old}")
    assert "✓ Berlaku" in ready.page(ready.get(TAKE).location)
    assert db.session.query(Cohort.signing).filter_by(kind="mandiri").scalar() == WET


def test_taken_while_the_way_back_is_gone_it_is_for_ink(
    ready: Client,
    office: None,
    trainer: Client,
    page: str,
    browser: Callable[[], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The draft is made while sheets wait to be signed electronically, its write comes when none does any more."""
    choose(trainer, page)
    others(browser, 1)
    real = views.made_once

    def late(make: Callable[[], str]) -> str:
        job = trainer.send(f"{page}/tte/basah", alasan=WHY).location
        trainer.send(job)
        assert trainer.get(job).location == f"{page}/tte"
        return real(make)

    monkeypatch.setattr(views, "made_once", late)
    found = take(ready)
    assert snapshot(found).signing == WET
    assert "✓ Berlaku" in ready.page(f"/sertifikat/{found}")
    assert "menunggu tanda tangan." not in trainer.page(f"{page}/tte")


def test_taken_in_the_moment_of_pressing_it_goes_the_way_back_too(
    ready: Client,
    office: None,
    trainer: Client,
    page: str,
    browser: Callable[[], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choose(trainer, page)
    others(browser, 1)

    def late(_: bytes) -> bool:
        take(ready)
        return False

    monkeypatch.setattr(tte_views, "has_ended", late)
    job = trainer.send(f"{page}/tte/basah", alasan=WHY).location
    trainer.send(job)
    assert "2 revisi terbit untuk tanda tangan basah." in trainer.page(f"{page}/tte")


def test_what_bears_a_day_before_a_leak_waits_though_it_was_corrected_after_it(
    ready: Client, office: None, trainer: Client, page: str, code: str
) -> None:
    choose(trainer, page)
    found = take(ready)
    with writing():
        db.session.get_one(Certificate, found).issued_at = START + timedelta(2)
        keys.end(key_id(public_key(KEY)), START.date() + timedelta(1), new_key(), START)
    assert "Menunggu tanda tangan" in ready.page(f"/sertifikat/{found}")
    assert '<span class="tag">menunggu tanda tangan</span>' in ready.page("/saya")
    assert "Tanda tangan sertifikat (1 menunggu)" in trainer.page(f"/pelatih/{code}")
    assert "1 sertifikat menunggu tanda tangan." in trainer.page(f"{page}/tte")


def test_a_single_sheet_can_go_the_other_way(ready: Client, office: None, trainer: Client, page: str) -> None:
    old = take(ready)
    assert "Yang tercetak sama dengan data sekarang." in trainer.page(f"{page}/{old}")
    choose(trainer, page)
    assert "Cara tanda tangan" in trainer.page(f"{page}/{old}")
    answer = trainer.send(f"{page}/{old}", aksi="betulkan", alasan="Diminta bertanda tangan elektronik.")
    fresh = str(answer.location).rpartition("/")[2]
    assert snapshot(fresh).signing == "tte"
    assert "Menunggu tanda tangan" in ready.page(f"/sertifikat/{fresh}")


def test_there_is_no_print_file_and_no_dry_run_of_self_study(trainer: Client, page: str) -> None:
    assert trainer.get(page).status_code == 404
    for name in ("cetak.pdf", "berkas.zip"):
        assert trainer.send(f"{page}/{name}").status_code == 404


def test_only_its_trainer_chooses_reads_and_brings(
    client: Client, office: None, page: str, cast: Cast, trainer: Client
) -> None:
    for who in (cast.participant, cast.trainer, cast.admin, cast.stranger):
        sign_in(client, who)
        assert client.get(f"{page}/tte").status_code == 404
        assert client.send(f"{page}/cara", cara="tte").status_code == 404
        assert client.send(f"{page}/tte.zip").status_code == 404
        assert client.send(f"{page}/tte/basah", alasan=WHY).status_code == 404
        assert upload(client, f"{page}/tte", b"%PDF").status_code == 404
    assert db.session.query(Cohort.signing).filter_by(kind="mandiri").scalar() == WET
    assert trainer.send(f"{page}/cara", cara="cap").status_code == 400


def test_the_desk_leads_there_only_where_learners_take_certificates_themselves(
    trainer: Client, page: str, code: str
) -> None:
    link = f'href="{page}/tte"'
    assert link in trainer.page(f"/pelatih/{code}")
    assert f'href="{page}"' not in trainer.page(f"/pelatih/{code}"), "that page is a bimtek's"
    with writing():
        db.session.query(Cohort).filter_by(kind="mandiri").update({"self_issue": False})
    assert link not in trainer.page(f"/pelatih/{code}")
