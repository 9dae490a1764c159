"""The tests of a cohort at the desk: its gain for both groups apart, and closing them on purpose."""

import pytest

from lms.database import db, writing
from lms.models import Attempt, AuditEntry, Cohort, Membership
from lms.quizzes.queries import POSTTEST, PRETEST
from tests.conftest import START, Cast, Client, sign_in
from tests.scene import Scene, send

PAGE = "/pelatih/B1MTEK/tes"


def closed(scene: Scene) -> bool:
    db.session.rollback()
    return db.session.get_one(Cohort, scene.cast.bimtek).posttest_closed_at is not None


def test_the_gain_is_told_for_both_groups_with_n(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    from fractions import Fraction

    from lms.core.gain import CohortGain, GroupGain
    from lms.desk import views

    text = scene.browser("trainer").page(PAGE)
    assert '<td data-label="Banyaknya (n)">0</td>' in text
    assert "1 lainnya sudah 100 pada tes awal" in text
    both = CohortGain(GroupGain(12, 11, Fraction(2, 3)), GroupGain(4, 4, Fraction(-1, 4)))
    monkeypatch.setattr(views, "cohort_gain", lambda _: both)
    text = scene.browser("trainer").page(PAGE)
    assert '<td data-label="Banyaknya (n)">11</td><td data-label="Gain">0,67' in text
    assert '<td data-label="Banyaknya (n)">4</td><td data-label="Gain">-0,25' in text


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
    assert "sedang mengerjakan" not in trainer.page(PAGE)
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
    assert "sedang mengerjakan" not in trainer.page(PAGE)


def test_a_course_without_tests_says_so(client: Client, cast: Cast) -> None:
    assert "tidak punya tes awal dan tes akhir" in sign_in(client, cast.trainer).page(PAGE)
