"""The evening before the closing: sheets dated the last day, on what only that day can meet, and who failed it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from lms.certificate.cohort_views import BAD_DAY, NONE_CHOSEN, NOT_OVER
from lms.certificate.snapshot import Snapshot, snapshot_of
from lms.db.engine import db, writing
from lms.db.tables import Attendance, Certificate, CertificateEvent, Cohort, Meeting, Membership, Period, Person, Signer
from lms.quiz.queries import POSTTEST
from lms.web.dates import tanggal
from tests.certificate.test_batch import PAGE, counts, exempt, issue, press
from tests.certificate.test_content import HALL_ONLY, let_go, without_posttest
from tests.certificate.test_roles import CREW
from tests.conftest import START, Client, Time, sign_in
from tests.report.conftest import PEOPLE, Event, came
from tests.report.conftest import event as event
from tests.report.conftest import exams as exams

TODAY = START.date()
CLOSING = TODAY + timedelta(1)
FAILED = "Ternyata tidak memenuhi"


@pytest.fixture(autouse=True)
def closing(event: Event) -> int:
    """Tomorrow is the last day of a bimtek held in the hall alone; the meeting of that day."""
    let_go(event)
    event.client.send(f"{PAGE}/syarat", **HALL_ONLY)
    with writing():
        cohort = db.session.get_one(Cohort, event.cast.bimtek)
        cohort.starts_on, cohort.ends_on = TODAY, CLOSING
        begins = START + timedelta(1)
        meeting = Meeting(cohort_id=cohort.id, subject="Penutupan", speaker="", jp=3, starts_at=begins)
        meeting.ends_at = begins + timedelta(hours=1)
        db.session.add(meeting)
        db.session.flush()
        return meeting.id


def said(member: int) -> Snapshot:
    """What the newest sheet of a member says."""
    db.session.rollback()
    rows = db.session.query(Certificate).filter_by(membership_id=member).order_by(Certificate.revision)
    return snapshot_of(list(rows)[-1].payload)


def hold(event: Event, time: Time, meeting: int, *absent: int) -> None:
    """Let the last day come, with its roll."""
    time.forward(days=1)
    with writing():
        for member in event.members:
            db.session.add(came(member, meeting, "tidak" if member in absent else "hadir", f"z{member}"))


def test_on_the_evening_before_everybody_who_can_still_meet_it_gets_a_sheet_dated_the_last_day(event: Event) -> None:
    hopeless = event.members[1]
    with writing():
        db.session.query(Attendance).filter_by(membership_id=hopeless).update({"state": "tidak"})
    page = event.client.page(PAGE)
    assert counts(event) == (PEOPLE - 1, 1, 0)
    assert f"<dt>Tanggal</dt><dd>{tanggal(CLOSING)}</dd>" in page
    assert page.count("Dianggap terpenuhi: kehadiran.") == 1
    assert "Hadir di 0 dari 2 pertemuan yang dicatat" in page
    assert "Kehadiran belum dicatat untuk" not in page
    issue(event)
    sheet = said(event.members[0])
    assert (sheet.issued_on, sheet.signed_on, sheet.number) == (CLOSING, TODAY, "003/2026")
    assert sheet.evidence["dianggap"] == ["kehadiran"]
    assert sheet.total_jp == 5
    assert "berlaku mulai" in event.client.page(PAGE)
    assert "Dengan anggapan: hadir pada hari terakhir." in event.client.page(PAGE)
    assert event.client.send(f"{PAGE}/cetak.pdf").status_code == 303


@pytest.mark.parametrize("days", [2, 9])
def test_earlier_than_the_evening_before_nothing_is_assumed_or_issued(event: Event, days: int) -> None:
    with writing():
        db.session.get_one(Cohort, event.cast.bimtek).ends_on = TODAY + timedelta(days)
    assert counts(event)[0] == PEOPLE - 1
    answer = event.client.send(PAGE)
    assert (answer.status_code, NOT_OVER in answer.get_data(as_text=True)) == (422, True)


def test_from_that_day_the_desk_names_who_failed_and_one_press_revokes_them(
    event: Event, closing: int, time: Time, browser: Callable[[], Client]
) -> None:
    low, enough = event.members[:2]
    issue(event)
    assert FAILED not in event.client.page(PAGE)
    hold(event, time, closing, low, enough)
    page = event.client.page(PAGE)
    section = page.partition(FAILED)[2].partition("</section>")[0]
    assert section.count('name="lembar"') == 1
    assert "Orang 000" in section
    assert "Hadir di 1 dari 3 pertemuan" in section
    assert page.count("Jam yang tercetak lebih dari yang diikuti") == 2
    sheets = {row.membership_id: row for row in db.session.query(Certificate)}
    wanted = {"lembar": [sheets[low].id, sheets[enough].id]}
    for fields, words in ((wanted, "Tulis alasannya"), ({"alasan": "Tidak hadir."}, NONE_CHOSEN)):
        answer = event.client.send(f"{PAGE}/cabut", aksi="cabut", **fields)
        assert (answer.status_code, words in answer.get_data(as_text=True)) == (422, True)
    assert event.client.send(f"{PAGE}/cabut", aksi="cabut", alasan="Tidak hadir.", **wanted).location == PAGE
    (revoked,) = db.session.query(CertificateEvent).filter_by(kind="revoked")
    assert (revoked.certificate_id, revoked.reason) == (sheets[low].id, "Tidak hadir.")
    assert FAILED not in event.client.page(PAGE)
    assert "✗ Dicabut" in browser().page(f"/cek/{sheets[low].token}")
    assert "✓ Berlaku" in browser().page(f"/cek/{sheets[enough].token}")
    exempt(event, low)
    event.client.send(f"{PAGE}/{sheets[low].id}", aksi="ulang", alasan="Ternyata hadir.")
    assert said(low).number == "013/2026"


def test_who_is_exempted_on_the_evening_before_gets_the_hours_of_the_last_day_too(
    event: Event, closing: int, time: Time
) -> None:
    hopeless = event.members[1]
    with writing():
        db.session.query(Attendance).filter_by(membership_id=hopeless).update({"state": "tidak"})
    exempt(event, hopeless)
    issue(event)
    assert said(hopeless).total_jp == 3
    hold(event, time, closing, hopeless)
    page = event.client.page(PAGE)
    assert FAILED not in page
    assert page.count("Jam yang tercetak lebih dari yang diikuti") == 1


def test_who_is_exempted_is_not_among_who_failed(event: Event, closing: int, time: Time) -> None:
    issue(event)
    hold(event, time, closing, *event.members[:2])
    exempt(event, event.members[0])
    assert FAILED not in event.client.page(PAGE)
    (sheet,) = db.session.query(Certificate.id).filter_by(membership_id=event.members[0]).one()
    answer = event.client.send(f"{PAGE}/cabut", aksi="cabut", alasan="Tidak hadir.", lembar=[sheet])
    assert answer.status_code == 422
    assert not db.session.query(CertificateEvent).filter_by(kind="revoked").count()


def test_a_correction_keeps_what_was_assumed_while_it_is_missing(event: Event, closing: int, time: Time) -> None:
    low = event.members[0]
    issue(event)
    hold(event, time, closing, low)
    (sheet,) = db.session.query(Certificate.id).filter_by(membership_id=low).one()
    event.client.send(f"{PAGE}/{sheet}", aksi="betulkan", alasan="Jamnya.")
    assert said(low).total_jp == 2
    page = event.client.page(PAGE)
    assert "Orang 000" in page.partition(FAILED)[2].partition("</section>")[0]
    assert "Jam yang tercetak lebih" not in page


def test_who_speaks_is_assumed_to_have_spoken_and_named_when_nothing_was_held(event: Event, time: Time) -> None:
    assert event.client.send(CREW, peran="narasumber", nama="Drs. Wiyono").status_code == 303
    issue(event)
    found = [snapshot_of(row.payload) for row in db.session.query(Certificate)]
    (speaker,) = [each for each in found if each.role == "NARASUMBER"]
    assert speaker.evidence["dianggap"] == ["acara"]
    time.forward(days=1)
    assert "Wiyono" not in event.client.page(PAGE).partition(FAILED)[2].partition("</section>")[0]
    with writing():
        db.session.query(Meeting).update({"cancelled_at": time.now})
    section = event.client.page(PAGE).partition(FAILED)[2].partition("</section>")[0]
    assert "Wiyono" in section
    assert "Kurang: pelaksanaan bimteknya." in section


@pytest.mark.parametrize("held_back", [True, False])
def test_a_post_test_is_assumed_only_while_it_can_not_be_taken(event: Event, *, held_back: bool) -> None:
    event.client.send(f"{PAGE}/syarat", aksi="syarat", alasan="Tes akhir tetap.", diminta=["tes_akhir"])
    member = event.members[3]
    without_posttest(member)
    if held_back:
        with writing():
            db.session.add(Period(cohort_id=event.cast.bimtek, what=POSTTEST))
    page = event.client.page(PAGE)
    ready = page.partition('id="siap"')[2].partition("</section>")[0]
    assert ("Dianggap terpenuhi: tes akhir" in ready) is held_back
    issue(event)
    db.session.rollback()
    found = db.session.query(Certificate).filter_by(membership_id=member).one_or_none()
    assert (found is not None) is held_back
    if found:
        assert snapshot_of(found.payload).evidence["dianggap"] == ["kehadiran", "tes_akhir"]


def test_a_later_date_may_be_chosen_and_number_signer_and_year_follow_it(event: Event) -> None:
    day = CLOSING + timedelta(31)
    with writing():
        db.session.add(Signer(side="depan", title="Kepala baru", name="Orang Lain", valid_from=day, is_active=True))
        db.session.get_one(Cohort, event.cast.bimtek).ends_on = CLOSING
    page = event.client.page(f"{PAGE}?tanggal={day}")
    assert f"<dt>Tanggal</dt><dd>{tanggal(day)}</dd>" in page
    assert "Orang Lain" in page
    assert "Orang Lain" not in event.client.page(PAGE)
    answer = event.client.send(PAGE, tanggal=day.isoformat())
    event.client.send(answer.location)
    sheet = said(event.members[5])
    assert (sheet.issued_on, sheet.signer.name) == (day, "Orang Lain")


@pytest.mark.parametrize("day", [TODAY, CLOSING + timedelta(32), "31 Februari"])
def test_no_sheet_bears_a_date_before_the_last_day_or_long_after_it(event: Event, day: date | str) -> None:
    assert BAD_DAY in event.client.page(f"{PAGE}?tanggal={day}")
    answer = event.client.send(PAGE, tanggal=str(day))
    assert (answer.status_code, BAD_DAY in answer.get_data(as_text=True)) == (422, True)
    assert not db.session.query(Certificate).count()


def test_work_that_goes_on_after_midnight_assumes_nothing_and_keeps_its_date(event: Event, time: Time) -> None:
    job = press(event)
    time.forward(days=1)
    event.client.send(job)
    event.client.send(job)
    db.session.rollback()
    assert db.session.query(Certificate).count() == PEOPLE - 1
    assert (said(event.members[4]).issued_on, said(event.members[4]).signed_on) == (CLOSING, None)
    assert "dianggap" not in said(event.members[4]).evidence


@pytest.mark.parametrize("days", [0, 5])
def test_a_correction_bears_its_own_day_but_none_before_the_date_of_issue(event: Event, time: Time, days: int) -> None:
    issue(event)
    time.forward(days=days)
    member = event.members[4]
    (sheet,) = db.session.query(Certificate.id).filter_by(membership_id=member).one()
    trainer = sign_in(event.client, event.cast.trainer)
    with writing():
        who = db.session.get_one(Membership, member).person_id
        db.session.get_one(Person, who).name = "Nama Betul"
    trainer.send(f"{PAGE}/{sheet}", aksi="betulkan", alasan="Namanya.")
    assert said(member).name == "Nama Betul"
    assert said(member).issued_on == (TODAY + timedelta(days) if days else CLOSING)
    assert said(member).day_signed == TODAY + timedelta(days)
