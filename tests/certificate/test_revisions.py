"""The way back from waiting: what nobody signs electronically becomes a revision for ink, and nothing else does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from lms.certificate import keys
from lms.certificate.candidates import NO_HOURS
from lms.certificate.queries import sheets_in
from lms.certificate.snapshot import WET, Snapshot, key_id, new_key, public_key, snapshot_of
from lms.db.engine import Busy, db, writing
from lms.db.tables import Attendance, AuditEntry, CertificateEvent, Cohort, Job, Meeting, Signer, SigningKey
from lms.esign import revisions
from lms.esign.revisions import ERASED, KIND, NO_ISSUER, OTHER_WAY, owners, revise_some
from lms.people.access import cohort_facts
from lms.people.jobs import JobFacts, job_of
from tests.certificate.test_batch import PAGE, exempt, issue, last_day, sheets
from tests.certificate.test_batch import press as press_batch
from tests.certificate.test_meanwhile import erase, person
from tests.certificate.test_roles import helped as helped
from tests.certificate.test_roles import person_of
from tests.conftest import KEY, START, add_member, sign_in
from tests.esign.signed import Chain, sign
from tests.esign.test_signing import bring, handed_out, official, states, waiting
from tests.learn.test_queries_count import statements
from tests.report.conftest import Event
from tests.report.conftest import event as event
from tests.report.conftest import exams as exams

__all__ = ["last_day", "official"]

TTE_PAGE = f"{PAGE}/tte"
WHY = "Pejabatnya belum punya sertifikat elektronik."


def press(event: Event, why: str = WHY) -> str:
    answer = event.client.send(f"{TTE_PAGE}/basah", alasan=why)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def work(event: Event, job: str) -> None:
    for _ in range(20):
        if event.client.get(job).status_code == 303:
            break
        event.client.send(job)
    assert event.client.get(job).location == TTE_PAGE


def facts(event: Event) -> list[Snapshot]:
    return [snapshot_of(each.payload) for each in sheets(event)]


def test_all_that_wait_become_revisions_for_ink_and_each_says_why(event: Event) -> None:
    waiting(event, 3)
    page = event.client.page(TTE_PAGE)
    assert "Tidak jadi ditandatangani elektronik?" in page
    assert "<details open>" not in page
    work(event, press(event))
    assert states(event) == ["diganti", "berlaku"] * 3
    found = facts(event)
    assert [each.signing for each in found] == ["tte", "basah"] * 3
    assert [(each.number, each.revision) for each in found] == [
        (f"00{number}/2026", revision) for number in (1, 2, 3) for revision in (0, 1)
    ]
    replaced = db.session.query(CertificateEvent).filter_by(kind="replaced").all()
    assert [(each.reason, each.person_id) for each in replaced] == [(WHY, event.cast.trainer)] * 3
    page = event.client.page(TTE_PAGE)
    assert "Terakhir: 3 revisi terbit untuk tanda tangan basah." in page
    assert "Tidak jadi ditandatangani" not in page
    db.session.rollback()
    assert db.session.get_one(Cohort, event.cast.bimtek).signing == WET
    assert event.client.taken(f"{PAGE}/cetak.pdf").status_code == 200, "they are printed like all others"
    assert db.session.query(AuditEntry).filter_by(action="sertifikat dibetulkan").count() == 1


def test_what_is_known_now_stands_on_the_revision_and_its_owner_reads_why(event: Event) -> None:
    (old,) = waiting(event, 1)
    with writing():
        person(event.members[0]).name = "Orang Baru"
        db.session.add(Signer(name="Dra. Hj. Penerus", title="Kepala Dinas Sosial", valid_from=START.date()))
    work(event, press(event))
    fresh = facts(event)[-1]
    assert (fresh.name, fresh.signer.name) == ("Orang Baru", "Dra. Hj. Penerus")
    owner = event.client.application.test_client()
    sign_in(owner, person(event.members[0]).id)
    assert f"Alasannya: {WHY}" in owner.page(f"/sertifikat/{old.id}")


def test_what_was_signed_or_revoked_meanwhile_stays_as_it_is(event: Event, official: Chain) -> None:
    first, second, _ = waiting(event, 3)
    signed = {each.id: data for each, data in zip(sheets(event), handed_out(event), strict=True)}
    job = press(event)
    bring(event, sign(signed[first.id], official))
    event.client.send(f"{PAGE}/{second.id}", aksi="cabut", alasan="Keliru orang.")
    work(event, job)
    assert states(event) == ["berlaku", "dicabut", "diganti", "berlaku"]
    assert [each.revision for each in facts(event)] == [0, 0, 0, 1]
    page = event.client.page(TTE_PAGE)
    assert "1 revisi terbit untuk tanda tangan basah" in page
    assert "2 sudah tidak menunggu lagi, jadi dibiarkan." in page


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let this happen once, between the reading of a slice and the write of its first sheet."""
    real, left = revisions._revise_one, [happens]

    def late(job: JobFacts, *rest: Any) -> JobFacts | None:
        if left:
            left.pop()()
        return real(job, *rest)

    monkeypatch.setattr(revisions, "_revise_one", late)


def test_signed_in_the_very_moment_of_its_turn_it_stays(
    event: Event, official: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(event, 1)
    (data,) = handed_out(event)
    job = press(event)

    def comes_back() -> None:
        trainer = event.client.application.test_client()
        sign_in(trainer, event.cast.trainer)
        assert "1 dari 1 berkas cocok" in bring(event, sign(data, official), client=trainer)

    meanwhile(monkeypatch, comes_back)
    work(event, job)
    assert states(event) == ["berlaku"]


def test_of_somebody_erased_in_the_very_moment_no_fresh_sheet_is_made(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(event, 2)
    job = press(event)
    meanwhile(monkeypatch, lambda: erase(event, event.members[0], keep=True))
    work(event, job)
    assert states(event) == ["menunggu", "diganti", "berlaku"]
    assert ERASED in event.client.page(TTE_PAGE)


@pytest.mark.parametrize(
    ("name", "field", "value", "printed"),
    [
        ("Orang 000", "name", "Nama Terbaru", "Nama Terbaru"),
        ("Orang 000", "title_after", "S.Sos.", "Orang 000, S.Sos."),
        ("Orang 000", "region", "33.12.02.2001", "Kecamatan Giritontro"),
        ("Kartika", "position", "Sekretaris", "Sekretaris"),
    ],
)
def test_what_is_corrected_in_the_very_moment_is_what_is_printed(
    helped: Event, monkeypatch: pytest.MonkeyPatch, name: str, field: str, value: str, printed: str
) -> None:
    waiting(helped, 1)
    job = press(helped)

    def corrected() -> None:
        with writing():
            setattr(person_of(name), field, value)

    meanwhile(monkeypatch, corrected)
    work(helped, job)
    assert set(states(helped)) == {"diganti", "berlaku"}
    mine = [each for each in facts(helped) if each.revision and each.name.startswith((name, "Nama Terbaru"))]
    assert [printed in f"{each.name} {each.identity}" for each in mine] == [True]


def test_turned_back_to_the_electronic_way_within_a_slice_not_one_more_becomes_ink(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(event, 3)
    job = press(event)

    def turned() -> None:
        with writing():
            db.session.get_one(Cohort, event.cast.bimtek).signing = "tte"

    meanwhile(monkeypatch, turned)
    event.client.send(job)
    assert states(event) == ["menunggu"] * 3
    assert OTHER_WAY in event.client.page(job)


def leak(event: Event, day: date) -> None:
    fresh = new_key()
    with writing():
        keys.end(key_id(public_key(KEY)), day, fresh, START)
    event.client.application.config["SIGNING_KEY"] = fresh


def test_what_is_refused_after_a_leak_waits_on_no_page(event: Event) -> None:
    waiting(event, 3)
    desk, owner = "/pelatih/B1MTEK", event.client.application.test_client()
    sign_in(owner, person(event.members[0]).id)
    tag = '<span class="tag">menunggu tanda tangan</span>'
    leak(event, START.date() + timedelta(1))
    assert states(event) == ["menunggu"] * 3, "signed before the leak"
    assert "Sertifikat (3 menunggu)" in event.client.page(desk)
    assert "3 sertifikat menunggu tanda tangan" in event.client.page(TTE_PAGE)
    assert tag in owner.page("/saya")
    assert "Menunggu tanda tangan." in owner.page("/acara/B1MTEK")
    with writing():
        db.session.query(SigningKey).filter_by(id=key_id(public_key(KEY))).update({"leaked_on": START.date()})
    assert states(event) == ["ditolak"] * 3
    assert "menunggu)" not in event.client.page(desk)
    assert "Tidak ada sertifikat yang menunggu" in event.client.page(TTE_PAGE)
    assert event.client.send(f"{TTE_PAGE}/basah", alasan=WHY).status_code == 409
    assert not db.session.query(Job).filter_by(kind=KIND).count()
    assert tag not in owner.page("/saya")
    text = owner.page("/acara/B1MTEK")
    assert "Menunggu tanda tangan." not in text
    assert "Tidak berlaku lagi." in text


def test_who_left_it_half_done_finds_the_way_back_to_it(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting(event, 2)
    monkeypatch.setattr(revisions, "AT_ONCE", 1)
    job = press(event)
    link = f'href="{job}">Lanjutkan menerbitkan revisi untuk tanda tangan basah'
    assert link in event.client.page(TTE_PAGE), "before the first slice, too"
    known = job_of(event.cast.trainer, job.rpartition("/")[2])
    assert known
    revise_some(known)
    assert link in event.client.page(TTE_PAGE)
    assert "Belum selesai (1 dari 2)" in event.client.page(TTE_PAGE)
    add_member(event.cast.other_trainer, event.cast.bimtek, "pelatih")
    other = sign_in(event.client.application.test_client(), event.cast.other_trainer)
    assert "Lanjutkan" not in other.page(TTE_PAGE), "it is a page of whoever began it"
    work(event, press(event))
    page = event.client.page(TTE_PAGE)
    assert "Terakhir: 1 revisi" in page
    assert "Lanjutkan" not in page


def test_a_batch_left_half_done_is_found_again_too(event: Event) -> None:
    exempt(event, *event.members[:2])
    job = press_batch(event)
    assert f'href="{job}">Lanjutkan menerbitkan sertifikat' in event.client.page(PAGE)
    event.client.send(job)
    assert "Lanjutkan" not in event.client.page(PAGE)


def test_of_many_that_are_passed_over_some_are_named_and_all_counted(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(event, 4)
    monkeypatch.setattr(revisions, "MOST_TOLD", 2)
    job = press(event)
    for member in event.members[:3]:
        erase(event, member, keep=True)
    work(event, job)
    (outcome,) = [each.outcome for each in db.session.query(Job).filter_by(kind=KIND)]
    assert (outcome["terbit"], len(outcome["lewat"])) == (1, 2)
    page = event.client.page(TTE_PAGE)
    assert "3 dilewati, di antaranya:" in page
    assert page.count(ERASED) == 2


def test_pressed_twice_and_worked_off_by_several_each_is_revised_once(event: Event, app: Flask) -> None:
    waiting(event, 4)
    jobs = [press(event).rpartition("/")[2] for _ in range(2)]

    def go(job_id: str) -> None:
        with app.app_context():
            while (job := job_of(event.cast.trainer, job_id)) and job.ended_at is None:
                with suppress(Busy):
                    revise_some(job)
            db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(go, jobs * 2))
    assert states(event) == ["diganti", "berlaku"] * 4
    outcomes = [each.outcome for each in db.session.query(Job).filter_by(kind=KIND)]
    assert sum(each["terbit"] for each in outcomes) == 4
    assert sum(each["biar"] for each in outcomes) == 4


def test_it_goes_on_where_it_was_interrupted(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting(event, 3)
    monkeypatch.setattr(revisions, "AT_ONCE", 1)
    job = press(event)
    facts_of_job = job_of(event.cast.trainer, job.rpartition("/")[2])
    assert facts_of_job is not None
    revise_some(facts_of_job)
    assert states(event) == ["diganti", "berlaku", "menunggu", "menunggu"]
    assert "<b>1</b> dari 3 selesai" in event.client.page(job)
    revise_some(facts_of_job)
    assert states(event).count("menunggu") == 2, "a slice repeated does nothing twice"
    work(event, job)
    assert states(event) == ["diganti", "berlaku"] * 3


def test_who_has_no_hours_now_a_letter_without_type_or_no_name_is_passed_over_and_told(event: Event) -> None:
    ids = {each.membership_id: each.id for each in waiting(event, 4)}
    with writing():
        person(event.members[1]).name = "Orang Ꞛ"
        meetings = [each.id for each in db.session.query(Meeting)]
        came = db.session.query(Attendance).filter(Attendance.membership_id == event.members[2])
        for each in came.filter(Attendance.meeting_id.in_(meetings)):
            each.state = "tidak"
    erase(event, event.members[3], keep=True)
    work(event, press(event))
    stand = {each.id: each.state for each in sheets_in(event.cast.bimtek)}
    assert [stand[ids[member]] for member in event.members[:4]] == ["diganti", "menunggu", "menunggu", "menunggu"]
    page = event.client.page(TTE_PAGE)
    assert "1 revisi terbit" in page
    assert "3 dilewati." in page
    assert all(told in page for told in ("U+A79A", NO_HOURS, ERASED))
    assert "3 sertifikat menunggu tanda tangan" in page


def test_without_a_reason_nothing_begins_and_it_is_asked_for_where_it_is_missing(event: Event) -> None:
    waiting(event, 1)
    for why in ("", "   ", "x" * 301):
        answer = event.client.send(f"{TTE_PAGE}/basah", alasan=why)
        assert answer.status_code == 422
        text = answer.get_data(as_text=True)
        assert "<details open>" in text
        assert 'id="alasan-salah" role="alert"' in text
    assert states(event) == ["menunggu"]
    assert db.session.get_one(Cohort, event.cast.bimtek).signing == "tte"
    assert not db.session.query(Job).filter_by(kind=KIND).count()


def test_where_nothing_waits_there_is_no_way_back(event: Event) -> None:
    assert event.client.send(f"{TTE_PAGE}/basah", alasan=WHY).status_code == 409
    exempt(event, event.members[0])
    issue(event)
    assert event.client.send(f"{TTE_PAGE}/basah", alasan=WHY).status_code == 409
    assert states(event) == ["berlaku"]
    assert "Tidak jadi ditandatangani" not in event.client.page(TTE_PAGE)


@pytest.mark.parametrize("what", ["way", "signer", "key"])
def test_what_changed_meanwhile_ends_it_in_words_and_the_rest_waits_on(event: Event, what: str) -> None:
    waiting(event, 1)
    job = press(event)
    with writing():
        if what == "way":
            db.session.get_one(Cohort, event.cast.bimtek).signing = "tte"
        elif what == "signer":
            db.session.query(Signer).update({"is_active": False})
        else:
            keys.end(key_id(public_key(KEY)), None, new_key(), START)
    event.client.send(job)
    told = {"way": OTHER_WAY, "signer": NO_ISSUER, "key": keys.KEY_ENDED}[what]
    assert told in event.client.page(job)
    assert states(event) == ["menunggu"]


def test_with_an_ended_key_it_does_not_begin(event: Event) -> None:
    waiting(event, 1)
    with writing():
        keys.end(key_id(public_key(KEY)), None, new_key(), START)
    answer = event.client.send(f"{TTE_PAGE}/basah", alasan=WHY)
    assert (answer.status_code, keys.KEY_ENDED in answer.get_data(as_text=True)) == (422, True)


def test_a_file_that_comes_back_late_is_told_of_its_revision(event: Event, official: Chain) -> None:
    waiting(event, 1)
    (data,) = handed_out(event)
    work(event, press(event))
    assert "sudah diganti revisi" in bring(event, sign(data, official))


def test_nobody_gives_up_what_they_do_not_train(event: Event) -> None:
    waiting(event, 1)
    other = event.client.application.test_client()
    for who in (event.cast.other_trainer, event.cast.admin, person(event.members[0]).id):
        sign_in(other, who)
        assert other.send(f"{TTE_PAGE}/basah", alasan=WHY).status_code == 404
    assert states(event) == ["menunggu"]


def test_a_slice_reads_as_much_for_eight_as_for_one(event: Event) -> None:
    waiting(event, 8)
    held = cohort_facts(event.cast.bimtek)
    sheets_there = sheets_in(event.cast.bimtek)

    def cost(count: int) -> int:
        with statements() as sent:
            known = owners([each.id for each in sheets_there[:count]])
            assert len(revisions._plans(held, sheets_there[:count], known)) == count
        return len(sent)

    cost(1)
    assert cost(8) == cost(1)
