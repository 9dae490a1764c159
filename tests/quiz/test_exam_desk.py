"""The tests of a bimtek as its trainer runs them: held, opened, set for an hour, closed, graded; and who is in."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from lms.db.engine import db, writing
from lms.db.tables import Attempt, AuditEntry, Cohort, ExtraTry, Grading, Job, Membership, Period
from lms.quiz.queries import POSTTEST, PRETEST
from tests.conftest import START, Cast, Client, Time, add_member, add_person, membership_of, sign_in
from tests.quiz.exam_course import ASKED, POST, PRE, ExamSitting, learn_all, sit_exam
from tests.quiz.exam_course import PAGE as COURSE
from tests.scene import Scene, send

Browser = Callable[[], Client]
PAGE = "/pelatih/B1MTEK/tes"


def closed(scene: Scene) -> bool:
    db.session.rollback()
    return db.session.get_one(Cohort, scene.cast.bimtek).posttest_closed_at is not None


def test_tests_are_closed_only_when_it_is_meant_and_once(scene: Scene) -> None:
    trainer = scene.browser("trainer")
    response = send(trainer, PAGE)
    assert response.status_code == 422
    assert "Beri tanda dulu" in response.get_data(as_text=True)
    assert not closed(scene)
    before = db.session.query(AuditEntry).count()
    for _ in range(2):
        assert send(trainer, PAGE, yakin="ya").location == PAGE
    assert closed(scene)
    entries = db.session.query(AuditEntry).order_by(AuditEntry.id).all()[before:]
    assert [(entry.action, entry.actor_id) for entry in entries] == [("tes ditutup", scene.cast.trainer)]
    text = trainer.page(PAGE)
    assert "Kedua tes ditutup 24 November 2026, 09.14 WIB" in text
    assert "Tutup kedua tes" not in text


def test_who_is_in_the_middle_of_a_test_is_counted_before_closing(scene: Scene) -> None:
    trainer = scene.browser("trainer")
    assert "orang</b> sedang mengerjakan" not in trainer.page(PAGE)
    part = db.session.query(Membership).filter_by(cohort_id=scene.cast.bimtek, role="peserta").first()
    assert part
    with writing():
        row = db.session.query(Attempt).filter(Attempt.quiz.in_((PRETEST, POSTTEST))).first()
        assert row
        row.membership_id, row.enrolment_id, row.submitted_at, row.closes_at = part.id, None, None, None
    assert "<b>1 orang</b> sedang mengerjakan" in trainer.page(PAGE)
    assert "masih dapat memberi satu kesempatan lagi" in trainer.page(PAGE)
    with writing():
        db.session.query(Attempt).update({"closes_at": START})
    assert "orang</b> sedang mengerjakan" not in trainer.page(PAGE)


def test_a_course_without_tests_says_so(client: Client, cast: Cast) -> None:
    assert "tidak punya tes awal dan tes akhir" in sign_in(client, cast.trainer).page(PAGE)


@pytest.fixture
def trainer(browser: Browser, exams: int, cast: Cast) -> Client:
    """The trainer of the bimtek that reads the edition with tests; its participant is Siti Aminah."""
    return sign_in(browser(), cast.trainer, "Retno Wulandari")


@pytest.fixture
def siti(browser: Browser, exams: int, cast: Cast) -> Client:
    return sign_in(browser(), cast.participant)


def act(trainer: Client, what: str, test: str = "awal", **fields: object) -> None:
    """Press one of the buttons of a test."""
    response = trainer.send(f"{PAGE}/{test}", aksi=what, **fields)
    assert response.status_code == 303, response.get_data(as_text=True)


def close_and_grade(trainer: Client, test: str = "awal") -> str:
    """Close a test and work off what is left; where the trainer is led then."""
    where: str = trainer.send(f"{PAGE}/{test}", aksi="tutup", yakin="ya").location
    while where.startswith("/kerja/"):
        trainer.send(where)
        response = trainer.get(where)
        where = response.location if response.status_code == 303 else where
    return where


def test_a_test_that_is_held_opens_for_nobody_until_its_trainer_opens_it(trainer: Client, siti: Client) -> None:
    act(trainer, "tahan")
    text = siti.page(PRE)
    assert "Tes awal belum dibuka" in text
    assert "Periksa lagi" in text
    assert "Mulai tes awal" not in text
    assert "tes awal" not in siti.page(COURSE).rpartition('class="next"')[2]
    assert "menunggu dibuka pelatih" in siti.page(COURSE)
    assert siti.send(PRE).location == PRE
    assert db.session.query(Attempt).count() == 0
    act(trainer, "buka")
    assert "Mulai tes awal" in siti.page(PRE)
    sit_exam(siti, PRE).score(2)


def test_while_the_posttest_is_open_its_trainer_is_told_that_it_can_be_held(trainer: Client) -> None:
    assert trainer.page(PAGE).count("Belum waktunya? Tahan dulu") == 1
    trainer.send(f"{PAGE}/akhir", aksi="tahan")
    assert "Belum waktunya? Tahan dulu" not in trainer.page(PAGE)


def test_a_page_left_open_opens_no_test_again_that_a_colleague_closed(trainer: Client, siti: Client) -> None:
    before = re.findall(r'name="tadi" value="(\w+)"', trainer.page(PAGE))[0]
    assert before == "terbuka"
    close_and_grade(trainer)
    for what in ("jadwal", "tahan"):
        stale = trainer.send(f"{PAGE}/awal", aksi=what, tadi=before, tutup="")
        assert stale.status_code == 409
        assert "berubah sejak halaman dibuka" in stale.get_data(as_text=True)
    assert siti.send(PRE).location == PRE
    act(trainer, "tutup", tadi=before)
    act(trainer, "buka", tadi="ditutup")
    sit_exam(siti, PRE)


def test_a_held_posttest_lets_nobody_in_and_is_no_next_step(trainer: Client, siti: Client) -> None:
    act(trainer, "tahan", "akhir")
    learn_all(siti)
    assert POST not in siti.page(COURSE).rpartition('class="next"')[2]
    assert "Tes akhir belum dibuka" in siti.page(POST)
    assert siti.send(POST, ke=1).location == POST
    act(trainer, "buka", "akhir")
    assert POST in siti.page(COURSE).rpartition('class="next"')[2]
    sit_exam(siti, POST).score(ASKED)


def test_who_has_begun_goes_on_when_the_test_is_held_back_again(trainer: Client, siti: Client) -> None:
    sitting = sit_exam(siti, PRE)
    act(trainer, "tahan")
    assert "belum dibuka" not in siti.page(PRE)
    assert "Nilai Anda 40" in sitting.score(2).result()


def test_it_opens_and_closes_by_itself_at_its_hours(trainer: Client, siti: Client, time: Time) -> None:
    act(trainer, "jadwal", buka="2026-11-24T10:00", tutup="24/11/2026 10.30")
    assert "dibuka pelatih pada <b>24 November 2026, 10.00 WIB</b>" in siti.page(PRE)
    assert "dibuka pelatih 24 November 2026, 10.00 WIB" in siti.page(COURSE)
    assert "Terbuka sendiri 24 November 2026, 10.00 WIB" in trainer.page(PAGE)
    assert siti.send(PRE).location == PRE
    time.forward(minutes=46)
    assert "ditutup pelatih pada <b>24 November 2026, 10.30 WIB</b>" in siti.page(PRE)
    sitting = sit_exam(siti, PRE)
    assert "Pelatih menutup tes ini pada <b>24 November 2026, 10.30 WIB</b>" in siti.page(f"/kuis/{sitting.id}")
    sitting.save(sitting.entry(1, sitting.right(1)))
    time.forward(minutes=31)
    text = sitting.score(ASKED).result()
    assert "Nilai Anda 20" in text
    assert "<dt>Ditutup</dt><dd>24 November 2026, 10.30 WIB</dd>" in text


def test_nobody_comes_in_after_it_closed_and_what_is_open_may_be_given_more_time(
    trainer: Client, siti: Client, time: Time, browser: Browser, cast: Cast
) -> None:
    sitting = sit_exam(siti, PRE)
    act(trainer, "jadwal", tutup="2026-11-24T09:30")
    time.forward(minutes=5)
    act(trainer, "jadwal", tutup="2026-11-24T10:30")
    time.forward(minutes=30)
    assert "Nilai Anda 100" in sitting.score(ASKED).result()
    time.forward(hours=1)
    person = add_person("Wagiyem")
    add_member(person, cast.bimtek)
    late = sign_in(browser(), person)
    assert "Tes awal sudah ditutup pelatih pada 24 November 2026, 10.30 WIB" in late.page(PRE)
    assert late.send(PRE).location == PRE
    assert db.session.query(Attempt).count() == 1


def test_closing_grades_what_was_saved_and_never_sent_once(trainer: Client, siti: Client, time: Time) -> None:
    sitting = sit_exam(siti, PRE)
    sitting.save(sitting.entry(1, sitting.right(1)), sitting.entry(2, sitting.right(2)))
    response = trainer.send(f"{PAGE}/awal", aksi="tutup")
    assert response.status_code == 422
    assert "Beri tanda dulu" in response.get_data(as_text=True)
    time.forward(minutes=1)
    assert close_and_grade(trainer) == f"{PAGE}?bagian=awal"
    assert "Nilai Anda 40" in sitting.result()
    assert db.session.query(Grading.reason).all() == [("tutup",)]
    time.forward(minutes=1)
    sitting.score(ASKED)
    text = sitting.result()
    assert "Nilai Anda 40" in text
    assert "dikirim atau ditutup" in text
    before = db.session.query(AuditEntry).count()
    assert close_and_grade(trainer) == f"{PAGE}?bagian=awal"
    assert (db.session.query(Grading).count(), db.session.query(Job).count()) == (1, 1)
    assert db.session.query(AuditEntry).count() == before


def test_closing_both_tests_grades_what_was_saved_and_never_sent(trainer: Client, siti: Client) -> None:
    sitting = sit_exam(siti, PRE)
    sitting.save(sitting.entry(1, sitting.right(1)), sitting.entry(2, sitting.right(2)))
    work = trainer.send(PAGE, yakin="ya").location
    assert "1 pekerjaan belum dinilai" in trainer.page(PAGE)
    trainer.send(work)
    assert "Nilai Anda 40" in sitting.result()
    assert db.session.query(Grading.reason).all() == [("tutup",)]
    assert "belum dinilai" not in trainer.page(PAGE)
    assert trainer.send(PAGE, yakin="ya").location == PAGE


def test_pressing_again_ends_no_try_that_was_given_since(trainer: Client, siti: Client, cast: Cast, time: Time) -> None:
    trainer.send(PAGE, yakin="ya")
    time.forward(minutes=1)
    with writing():
        mine = membership_of(cast.participant, cast.bimtek).id
        db.session.add(ExtraTry(membership_id=mine, quiz=POSTTEST, by_id=cast.trainer, at=time.now))
    sitting = sit_exam(siti, POST)
    trainer.send(PAGE, yakin="ya")
    assert db.session.query(Grading).count() == 0
    assert sitting.score(ASKED)


def test_what_a_schedule_closed_is_offered_to_be_graded(trainer: Client, siti: Client, time: Time) -> None:
    sit_exam(siti, PRE)
    act(trainer, "jadwal", tutup="2026-11-24T09:30")
    assert "Nilai yang belum dikirim" not in trainer.page(PAGE)
    time.forward(hours=1)
    assert "Nilai yang belum dikirim" in trainer.page(PAGE)
    assert trainer.send(f"{PAGE}/awal", aksi="tutup").location.startswith("/kerja/")


def test_many_are_graded_in_slices_and_each_once(
    trainer: Client, browser: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lms.quiz import exam_desk_views as event_views

    monkeypatch.setattr(event_views, "AT_ONCE", 2)
    for number in range(5):
        person = add_person(f"Orang {number}")
        add_member(person, cast.bimtek)
        sit_exam(sign_in(browser(), person), PRE)
    close_and_grade(trainer)
    assert db.session.query(Grading.attempt_id).distinct().count() == db.session.query(Grading).count() == 5
    job = db.session.query(Job).one()
    assert (job.position, job.total) == (5, 5)


def test_a_test_closed_too_early_is_opened_again(trainer: Client, siti: Client, time: Time) -> None:
    sitting = sit_exam(siti, PRE)
    act(trainer, "jadwal", tutup="2026-11-24T09:30")
    time.forward(hours=1)
    act(trainer, "buka")
    time.forward(minutes=1)
    assert "Nilai Anda 100" in sitting.score(ASKED).result()


def test_an_extra_try_opens_a_closed_posttest_and_none_that_is_held(trainer: Client, siti: Client, cast: Cast) -> None:
    close_and_grade(trainer, "akhir")
    assert "Tes akhir sudah ditutup pelatih" in siti.page(POST)
    part = db.session.query(Membership.id).filter_by(person_id=cast.participant, cohort_id=cast.bimtek).scalar()
    trainer.send(f"/pelatih/B1MTEK/anggota/{part}/kesempatan", kuis=POSTTEST)
    sitting = sit_exam(siti, POST)
    assert isinstance(sitting, ExamSitting)
    assert "Nilai Anda 100" in sitting.score(ASKED).result()


def test_a_window_is_that_of_one_cohort_and_one_test(trainer: Client, browser: Browser, cast: Cast) -> None:
    act(trainer, "tahan")
    with writing():
        pinned = db.session.get_one(Cohort, cast.bimtek).edition_id
        db.session.get_one(Cohort, cast.other_bimtek).edition_id = pinned
    other = sign_in(browser(), cast.other)
    assert sit_exam(other, PRE).score(1)
    assert "Mulai tes akhir" in sign_in(browser(), cast.participant).page(POST)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"buka": "besok pagi"}, "Tulis tanggal dan jamnya"),
        ({"buka": "2026-02-30T09:00"}, "Tulis tanggal dan jamnya"),
        ({"tutup": "0001-01-01T00:00"}, "Tulis tanggal dan jamnya"),
        ({"tutup": "9999-12-31T23:59"}, "Tulis tanggal dan jamnya"),
        ({"tutup": "2026-11-24T09:14"}, "Jam tutup harus sesudah"),
        ({"buka": "2026-11-24T10:00", "tutup": "2026-11-24T09:30"}, "Jam tutup harus sesudah"),
    ],
)
def test_hours_that_can_not_be_are_refused_with_what_to_do(trainer: Client, fields: dict[str, str], words: str) -> None:
    response = trainer.send(f"{PAGE}/awal", aksi="jadwal", **fields)
    assert response.status_code == 422
    assert words in response.get_data(as_text=True)
    assert db.session.query(Period).count() == 0


def test_a_held_test_needs_an_hour_to_open(trainer: Client) -> None:
    act(trainer, "tahan")
    response = trainer.send(f"{PAGE}/awal", aksi="jadwal", tutup="2026-11-24T10:00")
    assert response.status_code == 422
    assert "Isi juga kapan tes dibuka" in response.get_data(as_text=True)


def test_what_is_no_test_or_no_act_is_refused(trainer: Client, cast: Cast) -> None:
    assert trainer.send(f"{PAGE}/survei", aksi="buka").status_code == 404
    assert trainer.send(f"{PAGE}/awal", aksi="hapus").status_code == 400
    add_member(cast.trainer, 1, "pelatih")
    code = db.session.get_one(Cohort, 1).code
    assert trainer.send(f"/pelatih/{code}/tes/awal", aksi="tahan").status_code == 400
    assert "Belum mulai" not in trainer.page(f"/pelatih/{code}/tes")


def test_a_closed_cohort_or_closed_tests_take_no_more_settings(trainer: Client, siti: Client, cast: Cast) -> None:
    with writing():
        db.session.get_one(Cohort, cast.bimtek).closed_at = START - timedelta(hours=1)
    for what in ("buka", "tahan"):
        response = trainer.send(f"{PAGE}/awal", aksi=what)
        assert response.status_code == 409
    assert "sudah ditutup" in response.get_data(as_text=True)
    assert siti.send(PRE).location == PRE
    with writing():
        db.session.get_one(Cohort, cast.bimtek).closed_at = None
    trainer.send(PAGE, yakin="ya")
    assert trainer.send(f"{PAGE}/awal", aksi="tahan").status_code == 409
    assert db.session.query(Period).count() == 0


def test_the_trainer_sees_who_is_how_far_by_number_and_by_name(
    trainer: Client, siti: Client, browser: Browser, cast: Cast
) -> None:
    for name in ("Wagiyem", "Warsini"):
        person = add_person(name)
        add_member(person, cast.bimtek)
        if name == "Warsini":
            sit_exam(sign_in(browser(), person), PRE)
    sit_exam(siti, PRE).score(3)
    add_member(cast.stranger, cast.other_bimtek)
    text = trainer.page(PAGE)
    counts = text.partition('id="langsung-awal"')[2].partition("</ul>")[0]
    assert [f"<b>1</b> {words}" in counts for words in ("belum mulai", "sedang mengerjakan", "sudah mengirim")] == [
        True
    ] * 3
    names = text.partition('id="belum-awal"')[2].partition("</details>")[0]
    assert "Wagiyem" in names
    assert "Sumberagung" in names
    assert "Siti" not in names
    assert "Wati" not in text


def test_everything_that_was_set_is_in_the_audit_once(trainer: Client) -> None:
    before = db.session.query(AuditEntry).count()
    for what in ("tahan", "tahan", "buka", "buka"):
        act(trainer, what)
    entries = db.session.query(AuditEntry).order_by(AuditEntry.id).all()[before:]
    assert [(entry.action, entry.fields) for entry in entries] == [
        ("tes awal ditahan", [PRETEST]),
        ("tes awal dibuka", [PRETEST]),
    ]
