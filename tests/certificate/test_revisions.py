"""Several sheets issued again at once: refused after a leak, waiting in vain, or wrong; and nothing else is."""

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta

import pytest
from flask import Flask
from pypdf import PdfReader

from lms.certificate import keys, revisions
from lms.certificate.candidates import NO_HOURS
from lms.certificate.queries import sheets_in
from lms.certificate.revisions import CHANGED, ERASED, KIND, NO_ISSUER, OTHER_WAY, planned, revise_some
from lms.certificate.snapshot import WET, Snapshot, key_id, new_key, public_key, snapshot_of
from lms.db.engine import Busy, db, writing
from lms.db.tables import Attendance, AuditEntry, CertificateEvent, Cohort, Job, Meeting, Office, Signer, SigningKey
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

TTE_PAGE, AGAIN, PRESS = f"{PAGE}/tte", f"{PAGE}?bagian=ulang", f"{PAGE}/ulang"
WHY = "Pejabatnya belum punya sertifikat elektronik."


def boxes(event: Event, state: str = "menunggu") -> list[str]:
    """What the page offers to tick, each box with a mark of what its sheet would say."""
    return re.findall(r'name="lembar" value="([^"]+)"', event.client.page(f"{AGAIN}&keadaan={state}"))


def press(event: Event, state: str = "menunggu", why: str = WHY) -> str:
    answer = event.client.send(PRESS, keadaan=state, lembar=boxes(event, state), alasan=why)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def work(event: Event, job: str) -> None:
    for _ in range(20):
        if event.client.get(job).status_code == 303:
            break
        event.client.send(job)
    assert event.client.get(job).location == AGAIN


def facts(event: Event) -> list[Snapshot]:
    return [snapshot_of(each.payload) for each in sheets(event)]


def test_all_that_wait_become_revisions_for_ink_and_each_says_why(event: Event) -> None:
    waiting(event, 3)
    assert f'href="{AGAIN}&amp;keadaan=menunggu"' in event.client.page(TTE_PAGE)
    work(event, press(event))
    assert states(event) == ["diganti", "berlaku"] * 3
    found = facts(event)
    assert [each.signing for each in found] == ["tte", "basah"] * 3
    assert [(each.number, each.revision) for each in found] == [
        (f"00{number}/2026", revision) for number in (1, 2, 3) for revision in (0, 1)
    ]
    replaced = db.session.query(CertificateEvent).filter_by(kind="replaced").all()
    assert [(each.reason, each.person_id) for each in replaced] == [(WHY, event.cast.trainer)] * 3
    assert "Terakhir: 3 lembar terbit ulang." in event.client.page(AGAIN)
    assert "terbit ulang untuk tanda" not in event.client.page(TTE_PAGE)
    db.session.rollback()
    assert db.session.get_one(Cohort, event.cast.bimtek).signing == WET
    assert event.client.taken(f"{PAGE}/cetak.pdf").status_code == 200, "they are printed like all others"
    (entry,) = db.session.query(AuditEntry).filter_by(action="sertifikat dibetulkan")
    assert entry.reason == WHY


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
    page = event.client.page(AGAIN)
    assert "1 lembar terbit ulang" in page
    assert "2 keadaannya sudah lain, jadi dibiarkan." in page


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let this happen once, just before the write of the first sheet begins."""
    real, left = revisions.made_once, [happens]

    def late(make: Callable[[], None]) -> None:
        if left:
            left.pop()()
        real(make)

    monkeypatch.setattr(revisions, "made_once", late)


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
    assert ERASED in event.client.page(AGAIN)


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("Orang 000", "name", "Nama Terbaru"),
        ("Orang 000", "title_after", "S.Sos."),
        ("Orang 000", "region", "33.12.02.2001"),
        ("Kartika", "position", "Sekretaris"),
    ],
)
def test_what_is_corrected_after_the_press_is_made_by_nobody_who_has_not_seen_it(
    helped: Event, monkeypatch: pytest.MonkeyPatch, name: str, field: str, value: str
) -> None:
    waiting(helped, 1)
    before = facts(helped)
    job = press(helped)

    def corrected() -> None:
        with writing():
            setattr(person_of(name), field, value)

    meanwhile(monkeypatch, corrected)
    work(helped, job)
    assert [each.name for each in facts(helped) if not each.revision] == [each.name for each in before]
    assert [each.name for each in facts(helped) if each.revision and each.name.startswith(name)] == []
    page = helped.client.page(f"{AGAIN}&keadaan=menunggu")
    assert CHANGED in page
    assert f"<ins>{value}" in page or "<ins>Pekerja Sosial" in page or f"{value}</ins>" in page
    work(helped, press(helped))
    assert set(states(helped)) == {"diganti", "berlaku"}


def test_turned_back_to_the_electronic_way_not_one_more_becomes_ink(
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
    assert "3 menunggu tanda tangan" in event.client.page(desk)
    assert "3 sertifikat menunggu tanda tangan" in event.client.page(TTE_PAGE)
    assert tag in owner.page("/saya")
    assert "Menunggu tanda tangan." in owner.page("/acara/B1MTEK")
    with writing():
        db.session.query(SigningKey).filter_by(id=key_id(public_key(KEY))).update({"leaked_on": START.date()})
    assert states(event) == ["ditolak"] * 3
    assert "menunggu tanda tangan" not in event.client.page(desk)
    assert "Tidak ada sertifikat yang menunggu" in event.client.page(TTE_PAGE)
    assert boxes(event) == []
    assert len(boxes(event, "ditolak")) == 3
    assert tag not in owner.page("/saya")
    text = owner.page("/acara/B1MTEK")
    assert "Menunggu tanda tangan." not in text
    assert "Tidak berlaku lagi." in text


def once(job: str, event: Event) -> JobFacts:
    """One unit of work, as a slice does many."""
    known = job_of(event.cast.trainer, job.rpartition("/")[2])
    assert known
    revise_some(known)
    return known


def test_who_left_it_half_done_finds_the_way_back_to_it(event: Event) -> None:
    waiting(event, 2)
    job = press(event)
    link = f'href="{job}">Lanjutkan menerbitkan ulang sertifikat'
    assert link in event.client.page(AGAIN), "before the first slice, too"
    once(job, event)
    assert link in event.client.page(AGAIN)
    assert "Belum selesai (1 dari 2)" in event.client.page(AGAIN)
    add_member(event.cast.other_trainer, event.cast.bimtek, "pelatih")
    other = sign_in(event.client.application.test_client(), event.cast.other_trainer)
    assert "Lanjutkan" not in other.page(AGAIN), "it is a page of whoever began it"
    work(event, press(event))
    page = event.client.page(AGAIN)
    assert "Terakhir: 1 lembar terbit ulang" in page
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
    page = event.client.page(AGAIN)
    assert "3 dilewati, di antaranya:" in page
    assert page.count(f": {ERASED}") == 2


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


def test_it_goes_on_where_it_was_interrupted(event: Event) -> None:
    waiting(event, 3)
    job = press(event)
    before = once(job, event)
    assert states(event) == ["diganti", "berlaku", "menunggu", "menunggu"]
    assert "<b>1</b> dari 3 selesai" in event.client.page(job)
    revise_some(before)
    assert states(event).count("menunggu") == 2, "a unit repeated does nothing twice"
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
    page = event.client.page(AGAIN)
    assert "Tidak dapat terbit ulang" in page
    assert len(boxes(event)) == 1
    assert all(told in page for told in ("U+A79A", NO_HOURS, ERASED))
    work(event, press(event))
    stand = {each.id: each.state for each in sheets_in(event.cast.bimtek)}
    assert [stand[ids[member]] for member in event.members[:4]] == ["diganti", "menunggu", "menunggu", "menunggu"]
    assert "1 lembar terbit ulang" in event.client.page(AGAIN)
    assert "3 sertifikat menunggu tanda tangan" in event.client.page(TTE_PAGE)


def test_without_a_reason_or_a_box_nothing_begins_and_what_was_ticked_stays(event: Event) -> None:
    waiting(event, 2)
    one, two = boxes(event)
    for why in ("", "   ", "x" * 301):
        answer = event.client.send(PRESS, keadaan="menunggu", lembar=[two], alasan=why)
        assert answer.status_code == 422
        text = answer.get_data(as_text=True)
        assert 'class="fault" role="alert"' in text
        assert f'value="{two}" checked' in text
        assert f'value="{one}" checked' not in text
    assert event.client.send(PRESS, keadaan="menunggu", alasan=WHY).status_code == 422
    assert event.client.send(PRESS, keadaan="apa", lembar=[one], alasan=WHY).status_code == 400
    assert states(event) == ["menunggu"] * 2
    assert db.session.get_one(Cohort, event.cast.bimtek).signing == "tte"
    assert not db.session.query(Job).filter_by(kind=KIND).count()


def test_what_was_not_seen_is_not_made(event: Event) -> None:
    """Corrected by another between the dry run and the press: the dry run is shown again."""
    waiting(event, 1)
    seen = boxes(event)
    with writing():
        person(event.members[0]).name = "Orang Baru"
    answer = event.client.send(PRESS, keadaan="menunggu", lembar=seen, alasan=WHY)
    assert answer.status_code == 409
    assert CHANGED in answer.get_data(as_text=True)
    assert "<ins>Orang Baru</ins>" in answer.get_data(as_text=True)
    assert not db.session.query(Job).filter_by(kind=KIND).count()


def test_the_way_back_of_before_leads_on(event: Event) -> None:
    waiting(event, 1)
    assert event.client.send(f"{TTE_PAGE}/basah", alasan=WHY).location == f"{AGAIN}&keadaan=menunggu"
    assert states(event) == ["menunggu"]


def test_where_nothing_is_wrong_there_is_nothing_to_choose(event: Event) -> None:
    assert "Tidak ada yang perlu terbit ulang" in event.client.page(AGAIN)
    exempt(event, event.members[0])
    issue(event)
    assert [boxes(event, state) for state in ("ditolak", "menunggu", "salah")] == [[], [], []]
    assert states(event) == ["berlaku"]


def test_twelve_wrong_names_are_mended_in_one_press_and_just_those_are_printed(event: Event) -> None:
    exempt(event, *event.members[:14])
    issue(event)
    wrong = [f"Nama Betul {number}" for number in range(12)]
    with writing():
        for member, name in zip(event.members, wrong, strict=False):
            person(member).name = name
    assert f'href="{AGAIN}"' in event.client.page(PAGE)
    page = event.client.page(AGAIN)
    assert "Salah isi (12)" in page
    assert page.count("<ins>Nama Betul") == 12
    work(event, press(event, "salah", "Salah eja."))
    assert sorted(each.name for each in facts(event) if each.revision) == sorted(wrong)
    assert [each.number for each in facts(event)].count("001/2026") == 2, "the number stays"
    assert "Cetak yang terbit ulang" in event.client.page(AGAIN)
    printed = event.client.taken(f"{PAGE}/cetak.pdf", ulang="ya").data
    assert str(db.session.query(Job).filter_by(kind="cetak-pdf").one().onward) == f"{AGAIN}&siap=pdf"
    text = "".join(each.extract_text() for each in PdfReader(io.BytesIO(printed)).pages)
    assert all(name in text for name in wrong)
    assert "Orang 012" not in text
    assert "Tidak ada yang perlu terbit ulang" in event.client.page(AGAIN)


def test_a_single_box_is_enough(event: Event) -> None:
    exempt(event, *event.members[:2])
    issue(event)
    with writing():
        for member in event.members[:2]:
            person(member).title_after = "S.Sos."
    assert "checked" not in event.client.page(f"{AGAIN}&keadaan=salah&centang=tidak")
    one, _ = boxes(event, "salah")
    work(event, str(event.client.send(PRESS, keadaan="salah", lembar=one, alasan="Gelar.").location))
    assert states(event) == ["diganti", "berlaku", "berlaku"]
    assert len(boxes(event, "salah")) == 1


def test_a_new_head_of_the_office_makes_no_sheet_wrong_but_stands_on_what_is_made_anew(event: Event) -> None:
    exempt(event, *event.members[:2])
    issue(event)
    with writing():
        db.session.add(Signer(name="Dra. Hj. Penerus", title="Kepala Dinas Sosial", valid_from=START.date()))
        db.session.query(Office).update({"legal_basis": "Keputusan Nomor 1 Tahun 2027", "address": "Jalan Baru"})
    assert boxes(event, "salah") == []
    with writing():
        person(event.members[0]).name = "Orang Baru"
    assert "<ins>Dra. Hj. Penerus</ins>" in event.client.page(AGAIN)
    work(event, press(event, "salah", "Salah eja."))
    assert [each.signer.name for each in facts(event)].count("Dra. Hj. Penerus") == 1


def test_a_wrong_name_that_waits_is_made_anew_and_waits_again(event: Event, official: Chain) -> None:
    waiting(event, 2)
    with writing():
        person(event.members[0]).name = "Orang Baru"
    (box,) = boxes(event, "salah")
    assert len(boxes(event)) == 2, "the way back to ink is there as well"
    work(event, str(event.client.send(PRESS, keadaan="salah", lembar=box, alasan="Salah eja.").location))
    assert states(event) == ["diganti", "menunggu", "menunggu"]
    assert "menunggu tanda tangan elektronik" in event.client.page(AGAIN)
    assert len(handed_out(event)) == 2
    assert db.session.get_one(Cohort, event.cast.bimtek).signing == "tte"


def test_after_a_leak_all_that_is_refused_is_issued_again_with_the_new_key(event: Event) -> None:
    exempt(event, *event.members[:3])
    issue(event)
    leak(event, START.date())
    page = event.client.page(PAGE)
    assert "<b>3 sertifikat ditolak saat diperiksa</b>" in page
    assert f'href="{AGAIN}&amp;keadaan=ditolak"' in page
    assert "Tanda tangan situs" in event.client.page(AGAIN)
    work(event, press(event, "ditolak", "Kunci tanda tangan situs bocor."))
    assert states(event) == ["diganti", "berlaku"] * 3
    fresh = key_id(public_key(event.client.application.config["SIGNING_KEY"]))
    assert [each.key_id for each in sheets(event) if each.revision] == [fresh] * 3
    assert "ditolak saat diperiksa" not in event.client.page(PAGE)
    assert event.client.send(PRESS, keadaan="ditolak", lembar=["x:y"], alasan=WHY).status_code == 409


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
    answer = event.client.send(PRESS, keadaan="menunggu", lembar=boxes(event), alasan=WHY)
    assert (answer.status_code, keys.KEY_ENDED in answer.get_data(as_text=True)) == (422, True)


def test_a_file_that_comes_back_late_is_told_of_its_revision(event: Event, official: Chain) -> None:
    waiting(event, 1)
    (data,) = handed_out(event)
    work(event, press(event))
    assert "sudah diganti revisi" in bring(event, sign(data, official))


def test_nobody_issues_again_what_they_do_not_train(event: Event) -> None:
    waiting(event, 1)
    box = boxes(event)
    other = event.client.application.test_client()
    for who in (event.cast.other_trainer, event.cast.admin, person(event.members[0]).id):
        sign_in(other, who)
        assert other.get(AGAIN).status_code == 404
        assert other.send(PRESS, keadaan="menunggu", lembar=box, alasan=WHY).status_code == 404
        assert other.send(f"{TTE_PAGE}/basah", alasan=WHY).status_code == 404
    assert states(event) == ["menunggu"]


def test_the_dry_run_reads_as_much_for_eight_as_for_one(event: Event) -> None:
    waiting(event, 8)
    held, ids = cohort_facts(event.cast.bimtek), [each.id for each in sheets(event)]

    def cost(count: int) -> int:
        with statements() as sent:
            assert len(planned(held, ids[:count])["menunggu"]) == count
        return len(sent)

    cost(1)
    assert cost(8) == cost(1)


def test_the_way_back_to_ink_that_an_older_program_began_goes_on_to_its_end(event: Event) -> None:
    ids = [each.id for each in waiting(event, 2)]
    job = press(event)
    with writing():
        db.session.query(Job).filter_by(kind=KIND).one().told = {"lembar": ids, "alasan": WHY}
    work(event, job)
    assert states(event) == ["diganti", "berlaku"] * 2
