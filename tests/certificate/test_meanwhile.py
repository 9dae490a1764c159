"""What changes between the dry run and the turn of a certificate, its list of names, or its correction."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from lms.certificate import cohort_views, keys
from lms.certificate.actions import issue as issue_one
from lms.certificate.candidates import draft, lot
from lms.certificate.cohort_views import KIND, NOT_OVER, OFFICE_CHANGED, OTHER_NAME
from lms.certificate.snapshot import key_id, new_key, public_key, snapshot_of
from lms.db.engine import db, writing
from lms.db.tables import Cohort, ErasureRequest, Job, Membership, Person, Signer
from lms.people.access import cohort_facts
from lms.people.actions import correct
from lms.people.erasure import carry_out
from lms.people.union import merge
from lms.web.clock import now
from tests.certificate.taken import take_already
from tests.certificate.test_batch import PAGE, exempt, issue, last_day, press, sheets
from tests.conftest import KEY, START, Client, sign_in
from tests.report.conftest import PEOPLE, Event
from tests.report.conftest import event as event
from tests.report.conftest import exams as exams

__all__ = ["last_day"]


def person(member: int) -> Person:
    return db.session.get_one(Person, db.session.get_one(Membership, member).person_id)


def erase(event: Event, member: int, *, keep: bool = False) -> None:
    with writing():
        asked = ErasureRequest(person_id=person(member).id, asked_at=START, keep_certificates=keep)
        db.session.add(asked)
        db.session.flush()
        assert carry_out(asked.id, event.cast.admin, START)


def given(event: Event) -> list[int]:
    """The memberships that hold a sheet."""
    return [each.membership_id for each in sheets(event)]


def test_who_was_erased_meanwhile_gets_no_certificate_and_is_listed_no_more(event: Event) -> None:
    exempt(event, *event.members[:2])
    job = press(event)
    erase(event, event.members[0])
    event.client.send(job)
    assert given(event) == [event.members[1]]
    found = lot(cohort_facts(event.cast.bimtek))
    assert len(found.candidates) == PEOPLE - 1
    assert "(dihapus)" not in event.client.page(PAGE)


def test_a_certificate_that_somebody_erased_keeps_is_not_corrected_to_nobody(event: Event) -> None:
    exempt(event, event.members[0])
    issue(event)
    (sheet,) = sheets(event)
    erase(event, event.members[0], keep=True)
    answer = event.client.send(f"{PAGE}/{sheet.id}", aksi="betulkan", alasan="Nama.")
    assert answer.status_code == 422
    assert len(sheets(event)) == 1


def test_who_left_meanwhile_gets_no_certificate(event: Event) -> None:
    exempt(event, *event.members[:2])
    assert event.client.send("/pelatih/B1MTEK/petugas", peran="panitia", nama="Kartika").status_code == 303
    helper = db.session.query(Membership).filter_by(role="panitia").one().id
    job = press(event)
    with writing():
        for member in (event.members[0], helper):
            db.session.get_one(Membership, member).left_at = START
    event.client.send(job)
    assert given(event) == [event.members[1]]
    assert "2 dilewati" in event.client.page(PAGE)


def test_who_was_made_one_meanwhile_gets_one_certificate(event: Event) -> None:
    stays, gone = event.members[:2]
    exempt(event, stays, gone)
    job = press(event)
    with writing():
        assert merge(person(stays).id, person(gone).id, event.cast.trainer, now())
    event.client.send(job)
    assert given(event) == [stays]


def test_who_was_made_one_while_their_sheet_was_drawn_up_gets_one_certificate(event: Event) -> None:
    """Of the later write, that of who goes: what holds for who stays holds for both."""
    stays, gone = event.members[:2]
    exempt(event, stays, gone)
    found = lot(cohort_facts(event.cast.bimtek))
    plans = {each.membership_id: draft(found, each) for each in found.ready}
    with writing():
        assert merge(person(stays).id, person(gone).id, event.cast.trainer, now())
        first = issue_one(plans[stays], KEY, now())
        assert issue_one(plans[gone], KEY, now()) == first
    assert given(event) == [stays]


def test_a_batch_ends_in_words_when_the_last_day_was_moved(event: Event) -> None:
    exempt(event, event.members[0])
    job = press(event)
    with writing():
        db.session.get_one(Cohort, event.cast.bimtek).ends_on = START.date() + timedelta(5)
    event.client.send(job)
    assert NOT_OVER in event.client.page(job)
    assert not sheets(event)


@pytest.mark.parametrize("signed", [True, False])
def test_a_batch_makes_no_other_kind_of_sheet_than_its_button_said(event: Event, signed: bool) -> None:
    """Real ones become no samples when the signer's time ends, and samples no real ones when somebody signs."""
    kinds = {True: "sertifikat", False: "contoh"}

    def sign(by_somebody: bool) -> None:
        with writing():
            db.session.query(Signer).one().is_active = by_somebody

    exempt(event, *event.members[:2])
    sign(signed)
    assert f"Terbitkan 2 {kinds[signed]}" in event.client.page(PAGE)
    job = press(event)
    sign(not signed)
    event.client.send(job)
    assert OFFICE_CHANGED in event.client.page(job)
    assert not sheets(event)
    assert f"Terbitkan 2 {kinds[not signed]}" in event.client.page(PAGE)
    issue(event)
    assert [each.sample for each in sheets(event)] == [signed, signed]


@pytest.mark.parametrize("pressed", [False, True])
def test_a_batch_is_signed_by_nobody_and_numbered_as_nothing_that_was_not_shown(event: Event, pressed: bool) -> None:
    """Between the list and the button, and between the button and the first sheet."""
    exempt(event, *event.members[:2])
    shown = re.search(r'name="penerbit" value="([^"]+)"', event.client.page(PAGE))
    assert shown
    job = event.client.send(PAGE, penerbit=shown[1]).location if pressed else ""
    with writing():
        old = db.session.query(Signer).filter_by(side="depan").one()
        db.session.add(
            Signer(side="depan", title="Plt. Kepala", name="Orang Lain", valid_from=START.date(), is_active=True)
        )
    assert old.name not in event.client.page(PAGE).partition("Penanda tangan</dt>")[2].partition("</dd>")[0]
    if pressed:
        event.client.send(job)
        assert OFFICE_CHANGED in event.client.page(job)
    else:
        told = event.client.send(PAGE, penerbit=shown[1])
        assert told.status_code == 409
        assert OFFICE_CHANGED in told.get_data(as_text=True)
    assert not sheets(event)
    issue(event)
    assert [snapshot_of(each.payload).signer.name for each in sheets(event)] == ["Orang Lain"] * 2


def test_a_batch_is_signed_in_no_other_way_than_was_chosen_when_it_was_pressed(event: Event) -> None:
    exempt(event, *event.members[:2])
    job = event.client.send(PAGE, cara="tte").location
    assert event.client.send(f"{PAGE}/cara", cara="basah").status_code == 303
    event.client.send(job)
    assert OFFICE_CHANGED in event.client.page(job)
    assert not sheets(event)
    job = event.client.send(PAGE, cara="tte").location
    event.client.send(job)
    assert [snapshot_of(each.payload).signing for each in sheets(event)] == ["tte", "tte"]


def test_a_batch_of_before_that_does_not_say_what_it_makes_is_pressed_anew(event: Event) -> None:
    exempt(event, event.members[0])
    job = press(event)
    with writing():
        db.session.query(Job).filter_by(kind=KIND).one().told = {"orang": [event.members[0]]}
    event.client.send(job)
    assert OFFICE_CHANGED in event.client.page(job)
    issue(event)
    assert given(event) == [event.members[0]]


def test_a_name_changed_after_the_dry_run_is_not_printed_unseen(event: Event, browser: Callable[[], Client]) -> None:
    own, other = event.members[3:5]
    exempt(event, own, other)
    job = press(event)
    changed = {"nama": "Bupati Wonogiri", "gelar_depan": "Dr.", "gelar_belakang": "S.H.", "desa": "33.12.01.2001"}
    hers = sign_in(browser(), person(own).id)
    assert hers.send("/saya/perbaiki", hp="081234567803", **changed).status_code == 303
    event.client.send(job)
    assert given(event) == [other]
    page = event.client.page(PAGE)
    assert f"1 dilewati karena keadaannya sudah berubah. Dr. Bupati Wonogiri, S.H.: {OTHER_NAME}" in page
    assert "Terbitkan 1 sertifikat" in page
    issue(event)
    assert snapshot_of(sheets(event)[-1].payload).name == "Dr. Bupati Wonogiri, S.H."


@pytest.mark.parametrize("field", ["title_before", "title_after", "region"])
def test_titles_and_village_are_seen_before_they_are_printed_too(event: Event, field: str) -> None:
    exempt(event, event.members[3])
    job = press(event)
    with writing():
        setattr(person(event.members[3]), field, {"region": "33.12.02.2001"}.get(field, "Dr."))
    event.client.send(job)
    assert not sheets(event)


def test_a_list_that_waits_keeps_no_names(event: Event) -> None:
    exempt(event, *event.members[:2])
    press(event)
    told = json.dumps(db.session.query(Job).filter_by(kind=KIND).one().told)
    assert not any(word in told for word in ("Orang", "Pekerja", "Wonogiri"))


def test_a_changed_name_is_asked_about_anew(event: Event, browser: Callable[[], Client]) -> None:
    who = person(event.members[3])
    exempt(event, event.members[3])
    hers = sign_in(browser(), who.id)

    def corrected(name: str, phone: str) -> str:
        with writing():
            correct(who.id, {"name": name, "phone": phone}, event.cast.trainer, now())
        return event.client.page(PAGE)

    name = who.name
    assert hers.send("/acara/B1MTEK/nama").status_code == 303
    assert "belum mengecek" not in corrected(name, "081200000000")
    assert "1 orang belum mengecek" in corrected("Bukan Nama Saya", "081200000000")
    assert "Benarkah nama dan gelar Anda?" in hers.page("/acara/B1MTEK")


def test_a_sample_is_made_anew_and_says_what_is_known_now(event: Event, client: Client) -> None:
    with writing():
        db.session.query(Signer).one().is_active = False
    exempt(event, event.members[3])
    issue(event)
    (old,) = sheets(event)
    token, code = old.token, old.short_code
    with writing():
        person(event.members[3]).name = "Ejaan Benar"
    page = event.client.page(PAGE)
    assert "Contoh yang sudah ada dibuat ulang dengan data terbaru." in page
    assert "Terbitkan 1 contoh" in page
    issue(event)
    (fresh,) = sheets(event)
    said = snapshot_of(fresh.payload)
    assert (said.name, said.token, said.short_code) == ("Ejaan Benar", token, code)
    assert "Lembar ini contoh, tidak berlaku" in client.page(f"/cek/{token}")
    assert "Ejaan Benar" in event.client.page(f"{PAGE}/{fresh.id}")


@pytest.mark.parametrize("wanted", ["betulkan", "ulang"])
def test_a_key_that_ends_in_the_moment_of_pressing_is_said_in_words(
    event: Event, monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    exempt(event, event.members[3])
    issue(event)
    page = f"{PAGE}/{sheets(event)[0].id}"
    with writing():
        person(event.members[3]).name = "Ejaan Benar"
    if wanted == "ulang":
        assert event.client.send(page, aksi="cabut", alasan="Keliru.").status_code == 303

    def not_yet(key: bytes) -> bool:
        with writing():
            keys.end(key_id(public_key(key)), None, new_key(), START)
        return False

    monkeypatch.setattr(cohort_views, "has_ended", not_yet)
    answer = event.client.send(page, aksi=wanted, alasan="Salah eja.")
    assert answer.status_code == 422
    assert keys.KEY_ENDED in answer.get_data(as_text=True)
    assert 'value="Salah eja."' in answer.get_data(as_text=True)
    assert len(sheets(event)) == 1


def test_a_sheet_gets_no_new_number_that_the_book_has(event: Event, browser: Callable[[], Client]) -> None:
    exempt(event, event.members[3])
    issue(event)
    page = f"{PAGE}/{sheets(event)[0].id}"
    assert event.client.send(page, aksi="cabut", alasan="Keliru.").status_code == 303
    boss = sign_in(browser(), event.cast.admin)
    take_already("2/2026")
    answer = event.client.send(page, aksi="ulang", alasan="Pencabutannya keliru.")
    assert answer.status_code == 422
    assert "nomor 002/2026 sudah ada di buku register" in answer.get_data(as_text=True)
    assert len(sheets(event)) == 2
    taken = {"aksi": "catat", "dari": "2", "sampai": "2", "alasan": "Sertifikat kertas"}
    assert boss.send("/kelola/nomor/bimtek/manual", **taken).status_code == 303
    assert event.client.send(page, aksi="ulang", alasan="Pencabutannya keliru.").status_code == 303
    assert snapshot_of(sheets(event)[-1].payload).number == "003/2026"
