"""The trainer's page: opens and closes on purpose, reads what may be told, and never twice."""

import pytest
from sqlalchemy import select

from lms.bimtek import queries
from lms.bimtek.survey import PartTold, ToldItem, parts_for, summarise
from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Cohort, SurveyResponse
from tests.bimtek.conftest import DESK, PAGE, Event
from tests.conftest import Client, sign_in
from tests.learn.test_queries_count import counted


@pytest.fixture
def trainer(event: Event) -> Client:
    return event.browser(event.cast.trainer)


def change(trainer: Client, action: str, **fields: str) -> int:
    return trainer.send(DESK, aksi=action, **fields).status_code


def told(event: Event) -> tuple[PartTold, ...]:
    summary = queries.summary(event.cast.bimtek, event.time.now)
    assert summary
    return summary.parts


def read_early(event: Event) -> ToldItem:
    """The first mean as it would be shown while the survey is open."""
    answers = db.session.scalars(select(SurveyResponse.answers).filter_by(cohort_id=event.cast.bimtek)).all()
    return summarise(parts_for([]), answers).parts[0].questions[0]


def test_before_it_opens_the_page_names_who_will_be_judged(event: Event, trainer: Client) -> None:
    assert "Drs. Wiyono" in trainer.page(DESK)
    assert "Buka survei" in trainer.page(DESK)
    other = event.browser(event.cast.other_trainer)
    assert "Belum ada narasumber di acara" in other.page("/pelatih/B2MTEK/survei")


def test_opened_it_says_how_many_sent_it_and_tells_nothing_yet(event: Event, trainer: Client) -> None:
    assert change(trainer, "buka") == 303
    event.answer(event.participants(6), {"acara-undangan": 1, "tulis-saran": "Kurang air minum"})
    text = trainer.page(DESK)
    assert "<b>6</b> dari 7 peserta sudah mengirim" in text
    assert "https://sinau.test/survei/B1MTEK" in text
    assert "Kurang air minum" not in text
    assert "Indeks" not in text


def test_closing_asks_twice_and_then_tells(event: Event, trainer: Client) -> None:
    change(trainer, "buka")
    event.answer(event.participants(5), {"acara-undangan": 3, "tulis-saran": "Tambah contoh", "siap-sesudah": 4})
    assert change(trainer, "tutup") == 422
    assert not queries.state_of(event.cast.bimtek).is_over(event.time.now)
    assert change(trainer, "tutup", yakin="ya") == 303
    text = trainer.page(DESK)
    assert "Indeks <b>75,00</b>: kurang baik." in text
    assert "Tambah contoh" in text
    assert text.count("kurang dari 5 jawaban") > 10
    assert '<b>4,00</b> <span class="small quiet">dari 5 jawaban</span>' in text


def test_fewer_than_five_are_told_to_nobody(event: Event, trainer: Client) -> None:
    change(trainer, "buka")
    event.answer(event.participants(4), {"acara-undangan": 3, "tulis-saran": "Tambah contoh"})
    change(trainer, "tutup", yakin="ya")
    text = trainer.page(DESK)
    assert "kurang dari lima" in text
    assert "Tambah contoh" not in text
    assert "3,00" not in text
    assert all(each.mean is None for part in told(event) for each in part.questions)


def test_it_opens_again_only_while_nothing_was_told(event: Event, trainer: Client) -> None:
    change(trainer, "buka")
    members = event.participants(6)
    event.answer(members[:4])
    change(trainer, "tutup", yakin="ya")
    assert "Buka lagi survei" in trainer.page(DESK)
    change(trainer, "buka")
    event.answer(members[4:5])
    change(trainer, "tutup", yakin="ya")
    before = trainer.page(DESK)
    assert "Buka lagi survei" not in before
    change(trainer, "buka")
    assert not queries.state_of(event.cast.bimtek).is_open(event.time.now)
    assert trainer.page(DESK) == before


def test_means_read_around_one_answer_would_tell_it(event: Event, trainer: Client) -> None:
    """Why it is not opened again: two summaries with one answer between them give that answer away."""
    change(trainer, "buka")
    members = event.participants(6)
    event.answer(members[:5], {"acara-undangan": 3})
    assert queries.summary(event.cast.bimtek, event.time.now) is None
    first = read_early(event)
    event.answer(members[5:], {"acara-undangan": 1})
    second = read_early(event)
    assert first.mean is not None
    assert second.mean is not None
    assert second.mean * second.count - first.mean * first.count == 1


def test_a_closed_cohort_takes_no_answers_and_tells_only_once_its_survey_is_closed_too(
    event: Event, trainer: Client
) -> None:
    change(trainer, "buka")
    event.answer(event.participants(6), {"acara-undangan": 4})
    with writing():
        db.session.get_one(Cohort, event.cast.bimtek).closed_at = event.time.now
    assert change(trainer, "buka") == 409
    text = trainer.page(DESK)
    assert "Tutup juga surveinya" in text
    assert "Indeks" not in text
    assert change(trainer, "tutup", yakin="ya") == 303
    assert "Indeks <b>100,00</b>" in trainer.page(DESK)
    with writing():
        db.session.get_one(Cohort, event.cast.bimtek).closed_at = None
    assert not queries.state_of(event.cast.bimtek).is_open(event.time.now)


def test_what_a_trainer_does_is_noted_once(event: Event, trainer: Client) -> None:
    for action in ("buka", "buka", "tutup", "tutup"):
        change(trainer, action, yakin="ya")
    db.session.rollback()
    noted = [row.action for row in db.session.query(AuditEntry).order_by(AuditEntry.id) if "survei" in row.action]
    assert noted == ["survei dibuka", "survei ditutup"]


def test_it_is_for_the_cohorts_trainers(event: Event, client: Client) -> None:
    for person in (event.cast.participant, event.cast.other_trainer, event.cast.admin):
        assert event.browser(person).get(DESK).status_code == 404
        assert event.browser(person).send(DESK, aksi="buka").status_code == 404
    assert sign_in(client, event.cast.trainer).send(DESK, aksi="hapus").status_code == 400


def test_the_pages_cost_the_same_for_few_and_for_many(opened: Event, trainer: Client) -> None:
    mine = opened.browser(opened.cast.participant)
    few = len(counted(mine, PAGE)), len(counted(trainer, DESK))
    opened.answer(opened.participants(30), {"acara-undangan": 4})
    assert (len(counted(mine, PAGE)), len(counted(trainer, DESK))) == few
    opened.close()
    assert len(counted(trainer, DESK)) <= 6
    assert max(few) <= 6
