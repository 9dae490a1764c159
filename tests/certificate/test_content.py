"""Predicate and scores: off until the office wants them, by the rule that learners see, frozen on the sheet."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from pypdf import PdfReader

from lms.bimtek.predicate import predicate
from lms.certificate.candidates import draft, lot
from lms.certificate.snapshot import Snapshot, snapshot_of
from lms.db.engine import db, writing
from lms.db.tables import Attempt, AuditEntry, Certificate, Cohort, Exemption, Membership
from lms.people.access import cohort_facts
from lms.quiz.queries import POSTTEST
from tests.certificate.test_batch import PAGE, exempt, issue, last_day
from tests.conftest import SLUG, START, Client, publish_course, sign_in
from tests.quiz.exam_course import exam_files
from tests.report.conftest import Event
from tests.report.conftest import event as event
from tests.report.conftest import exams as exams

__all__ = ["last_day"]

FORM = f"{PAGE}/isi"
BANDS = {"batas": ["50", "90", ""], "kata": ["CUKUP", "BAIK", ""]}


def snapshot(member: int) -> Snapshot:
    """What the newest sheet of somebody says."""
    found = db.session.query(Certificate).filter_by(membership_id=member).order_by(Certificate.revision.desc())
    sheet = found.first()
    assert sheet is not None
    return snapshot_of(sheet.payload)


def score_of(event: Event, member: int) -> int:
    (who,) = lot(cohort_facts(event.cast.bimtek), [member]).candidates
    assert who.score is not None
    return who.score


def without_posttest(member: int) -> None:
    with writing():
        for attempt in db.session.query(Attempt).filter_by(membership_id=member, quiz=POSTTEST):
            attempt.membership_id = db.session.query(Membership.id).filter_by(role="pelatih").limit(1).scalar_subquery()


def test_nothing_of_it_is_printed_until_it_is_asked_for(event: Event) -> None:
    page = event.client.page(PAGE)
    assert "Tidak ada aturan yang mewajibkan predikat" in page
    assert 'name="predikat" value="ya">' in page
    assert [word in page for word in ('value="70"', 'value="SANGAT BAIK"')] == [True, True]
    exempt(event, event.members[0])
    assert "tanpa predikat, tanpa tabel nilai" in event.client.page(PAGE)
    issue(event)
    assert (snapshot(event.members[0]).predicate, snapshot(event.members[0]).scores) == ("", ())


def test_the_dry_run_says_the_predicate_and_why_somebody_gets_none(event: Event) -> None:
    member, other = event.members[1:3]
    exempt(event, member, other)
    event.client.send(FORM, predikat="ya", **BANDS)
    without_posttest(member)
    page = event.client.page(PAGE)
    assert "predikat (CUKUP mulai 50, BAIK mulai 90), tanpa tabel nilai" in page
    assert page.count("Tanpa predikat: belum ada nilai tes akhir.") == 1
    word = predicate(((50, "CUKUP"), (90, "BAIK")), score_of(event, other))
    assert word
    assert f"Predikat {word}, dari nilai tes akhir {score_of(event, other)}." in page
    event.client.send(FORM, predikat="ya", batas="100", kata="SEMPURNA")
    assert "di bawah batas terendah" in event.client.page(PAGE)
    issue(event)
    assert snapshot(member).predicate == ""


def test_both_are_frozen_printed_checked_and_in_the_register(event: Event, client: Client) -> None:
    member = event.members[1]
    exempt(event, member)
    assert event.client.send(FORM, predikat="ya", nilai="ya", **BANDS).location == PAGE
    issue(event)
    said, score = snapshot(member), score_of(event, member)
    assert said.predicate == predicate(((50, "CUKUP"), (90, "BAIK")), score)
    assert said.scores[1:] == (("Tes akhir", str(score)), ("Kehadiran", "100%"))
    sheet = db.session.query(Certificate).one()
    file = PdfReader(io.BytesIO(event.client.get(f"/sertifikat/{sheet.id}/pdf").data))
    front, back = (" ".join(page.extract_text().split()) for page in file.pages)
    assert f"dan predikat {said.predicate}." in front
    assert f"Tes awal Tes akhir Kehadiran {said.scores[0][1]} {score} 100%" in back
    event.client.send(FORM, predikat="ya", batas="1", kata="LAIN")
    assert f"<dt>Predikat</dt><dd>{said.predicate}</dd>" in client.page(f"/cek/{sheet.token}")
    trainer = sign_in(client, event.cast.trainer).page(f"{PAGE}/{sheet.id}")
    assert "<ins>LAIN</ins>" in trainer
    assert "<dt>Tes awal</dt>" in trainer
    assert f"predikat {said.predicate}, berlaku" in sign_in(client, event.cast.admin).page("/kelola/register")


def test_who_took_no_test_or_spoke_has_dashes_or_no_table(event: Event) -> None:
    member = event.members[0]
    event.client.send("/pelatih/B1MTEK/petugas", peran="panitia", nama="Kartika")
    event.client.send(FORM, predikat="ya", nilai="ya", **BANDS)
    exempt(event, member)
    without_posttest(member)
    issue(event)
    assert [value for _, value in snapshot(member).scores[1:]] == ["–", "50%"]
    helper = db.session.query(Membership.id).filter_by(role="panitia").scalar()
    assert (snapshot(helper).scores, snapshot(helper).predicate) == ((), "")


def test_learners_see_the_same_word_before_it_is_printed(event: Event, browser: Callable[[], Client]) -> None:
    member = event.members[2]
    hers = sign_in(browser(), db.session.get_one(Membership, member).person_id)
    assert "dengan predikat" not in hers.page("/acara/B1MTEK")
    event.client.send(FORM, predikat="ya", **BANDS)
    score = score_of(event, member)
    word = predicate(((50, "CUKUP"), (90, "BAIK")), score)
    said = f"dengan predikat <b>{word}</b> menurut nilai tes akhir Anda sekarang ({score})"
    assert said in hers.page("/acara/B1MTEK")
    exempt(event, member)
    issue(event)
    assert snapshot(member).predicate == word


@pytest.mark.parametrize("batas", ["", "x", "101", "٧٠", "9" * 400])
def test_what_can_not_be_read_is_said_and_stays_to_be_mended(event: Event, batas: str) -> None:
    answer = event.client.send(FORM, predikat="ya", batas=[batas, "90"], kata=["CUKUP", "BAIK"])
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Tulis setiap batas dengan angka 0 sampai 100" in text
    assert 'value="CUKUP"' in text
    assert db.session.get_one(Cohort, event.cast.bimtek).predicates == []


def test_it_is_kept_noted_and_put_off_again(event: Event) -> None:
    event.client.send(FORM, predikat="ya", nilai="ya", **BANDS)
    db.session.rollback()
    cohort = db.session.get_one(Cohort, event.cast.bimtek)
    assert (cohort.predicates, cohort.prints_scores) == ([[50, "CUKUP"], [90, "BAIK"]], True)
    assert 'value="90"' in event.client.page(PAGE)
    event.client.send(FORM, **BANDS)
    db.session.rollback()
    assert (cohort.predicates, cohort.prints_scores) == ([], False)
    assert [entry.action for entry in db.session.query(AuditEntry) if "predicates" in entry.fields] == [
        "isi sertifikat diatur"
    ] * 2


def test_a_participant_has_the_dates_of_the_bimtek_or_where_it_is_set_the_days_they_came(event: Event) -> None:
    """Frozen in each sheet: what was issued before the change keeps its dates."""
    first, second = event.members[2:4]
    last = START.date()
    with writing():
        db.session.get_one(Cohort, event.cast.bimtek).starts_on = last - timedelta(days=2)
    exempt(event, first)
    issue(event)
    assert "tanggal bimtek" in event.client.page(PAGE)
    event.client.send(FORM, hari="ya")
    assert 'name="hari" value="ya" checked' in event.client.page(PAGE)
    assert "hari yang dihadiri tiap peserta" in event.client.page(PAGE)
    exempt(event, second)
    issue(event)
    assert (snapshot(first).starts_on, snapshot(first).ends_on) == (last - timedelta(days=2), last)
    assert (snapshot(second).starts_on, snapshot(second).ends_on) == (last, last)
    event.client.send(FORM)
    assert 'name="hari" value="ya" checked' not in event.client.page(PAGE)


def test_nobody_else_sets_it(event: Event, client: Client) -> None:
    for who in (event.cast.other_trainer, event.cast.admin):
        other = sign_in(client, who)
        assert (other.get(PAGE).status_code, other.send(FORM, predikat="ya", **BANDS).status_code) == (404, 404)


def test_who_came_too_seldom_reads_how_often_and_what_would_be_printed(event: Event) -> None:
    files = exam_files()
    asked = b"[sertifikat]\nkehadiran = 60\n"
    files["kursus.toml"] = files["kursus.toml"].replace(b"[sertifikat]\n", asked)
    edition = publish_course(SLUG, files)
    with writing():
        db.session.get_one(Cohort, event.cast.bimtek).edition_id = edition
    seldom, often = event.members[0], event.members[3]
    told = "Hadir di 1 dari 2 pertemuan yang dicatat (50%, perlu 60%)."
    page = event.client.page(PAGE)
    assert page.count("Hadir di ") == page.count(told) == 1
    page = event.client.page(f"{PAGE}/kecuali/{seldom}")
    assert told in page
    assert "Yang akan tercetak: 2 JP." in page
    page = event.client.page(f"{PAGE}/kecuali/{often}")
    assert "Hadir di " not in page
    assert "Yang akan tercetak: 4 JP." in page


ASKED = b'[sertifikat]\nkehadiran = 60\nboleh_dilepas = ["pelajaran", "kuis", "tes_akhir"]\n'
HALL_ONLY = {"aksi": "syarat", "alasan": "Angkatan ini hanya tatap muka."}


def let_go(event: Event) -> None:
    """Publish an edition that lets lessons, quizzes and post-test go, and pin the bimtek to it."""
    files = exam_files()
    files["kursus.toml"] = files["kursus.toml"].replace(b"[sertifikat]\n", ASKED)
    edition = publish_course(SLUG, files)
    with writing():
        db.session.get_one(Cohort, event.cast.bimtek).edition_id = edition


def test_a_bimtek_drops_what_its_course_lets_go_and_everybody_is_weighed_so(event: Event) -> None:
    let_go(event)
    assert "Kurang: 3 pelajaran, 2 kuis, tes akhir" in event.client.page(PAGE)
    assert event.client.send(f"{PAGE}/syarat", **HALL_ONLY).location == PAGE
    page = event.client.page(PAGE)
    assert "Syaratnya: hadir 60% pertemuan." in page
    assert "pelajaran, 2 kuis" not in page
    found = lot(cohort_facts(event.cast.bimtek))
    assert found.ready
    sheet = draft(found, found.ready[0]).snapshot
    assert sheet.evidence["dilepas"] == ["kuis", "pelajaran", "tes_akhir"]
    assert [kind for kind, _, _ in sheet.evidence["syarat"]] == ["kehadiran"]
    (noted,) = db.session.query(AuditEntry).filter_by(action="syarat sertifikat dilepas")
    assert (noted.fields, noted.reason) == (["dropped"], HALL_ONLY["alasan"])
    assert event.client.send(f"{PAGE}/syarat", **HALL_ONLY).location == PAGE
    assert db.session.query(AuditEntry).filter_by(action="syarat sertifikat dilepas").count() == 1


def test_the_page_of_a_participant_asks_the_same(event: Event, browser: Callable[[], Client]) -> None:
    let_go(event)
    member = db.session.get_one(Membership, event.members[0]).person_id
    phone = sign_in(browser(), member)
    assert "masih kurang: 3 pelajaran, 2 kuis" in phone.page(f"/belajar/{SLUG}")
    event.client.send(f"{PAGE}/syarat", **HALL_ONLY)
    assert "masih kurang: kehadiran." in phone.page(f"/belajar/{SLUG}")


def test_attendance_stays_and_a_newer_edition_decides_what_may_go(event: Event) -> None:
    let_go(event)
    event.client.send(f"{PAGE}/syarat", **HALL_ONLY)
    edition = publish_course(SLUG, exam_files())
    with writing():
        db.session.get_one(Cohort, event.cast.bimtek).edition_id = edition
    page = event.client.page(PAGE)
    assert "Kurang: 3 pelajaran, 2 kuis, tes akhir" in page
    assert "Ubah syarat bimtek ini" not in page


@pytest.mark.parametrize(("sent", "words"), [({"alasan": " "}, "Tulis alasannya"), ({}, "Sisakan paling sedikit satu")])
def test_without_a_reason_or_with_nothing_left_nothing_is_dropped(
    event: Event, sent: dict[str, str], words: str
) -> None:
    files = exam_files()
    asked = ASKED if sent else b'[sertifikat]\nboleh_dilepas = ["pelajaran", "kuis", "tes_akhir"]\n'
    files["kursus.toml"] = files["kursus.toml"].replace(b"[sertifikat]\n", asked)
    edition = publish_course(SLUG, files)
    with writing():
        db.session.get_one(Cohort, event.cast.bimtek).edition_id = edition
    answer = event.client.send(f"{PAGE}/syarat", **HALL_ONLY | sent)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    db.session.rollback()
    assert db.session.get_one(Cohort, event.cast.bimtek).dropped == []


def test_one_reason_exempts_many(event: Event) -> None:
    answer = event.client.send(f"{PAGE}/kecuali", aksi="kecuali", alasan="Mewakili desa.", orang=event.members[:3])
    assert answer.location == PAGE
    found = db.session.query(Exemption).order_by(Exemption.membership_id).all()
    assert [(each.membership_id, each.reason) for each in found] == [
        (each, "Mewakili desa.") for each in event.members[:3]
    ]
    assert len(lot(cohort_facts(event.cast.bimtek)).ready) == 3


@pytest.mark.parametrize("orang", [[], ["9999999"], ["x"]])
def test_who_is_nobody_here_is_not_exempted(event: Event, orang: list[str]) -> None:
    answer = event.client.send(f"{PAGE}/kecuali", aksi="kecuali", alasan="Mewakili desa.", orang=orang)
    assert answer.status_code == 422
    assert "Mewakili desa." in answer.get_data(as_text=True)
    assert db.session.query(Exemption).count() == 0
