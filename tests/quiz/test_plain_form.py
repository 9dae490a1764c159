"""The quiz as one plain form: what it changes is kept, what it only shows is not, and sending it again does no harm."""

import re

import pytest

from lms.course.grading import latest
from lms.course.questions.base import Value
from lms.db.engine import db
from lms.db.tables import Answer, Grading
from lms.quiz import actions, queries
from tests.conftest import Client, Time
from tests.quiz.sitting import TWO, Sitting, sit


def counting(sitting: Sitting) -> dict[int, Value]:
    db.session.rollback()
    return {number: saved.value for number, saved in latest(queries.saved_answers(sitting.id)).items()}


def rows() -> int:
    db.session.rollback()
    return db.session.query(Answer).count()


@pytest.fixture
def sitting(learner: Client) -> Sitting:
    return sit(learner, TWO)


def test_what_was_filled_in_is_kept_and_shown_again(sitting: Sitting) -> None:
    answers = {number: sitting.right(number) for number in sitting.numbers}
    assert sitting.send("simpan", answers).location == f"/kuis/{sitting.id}?simpan=1"
    assert counting(sitting) == answers
    text = sitting.look()
    assert text.count(" checked") == 2
    assert text.count(" selected") == 5
    assert 'value="60"' in text
    assert "Saya pernah mendampingi tetangga." in text


def test_the_same_form_twice_is_one_answer(sitting: Sitting) -> None:
    sitting.look()
    for _ in range(2):
        sitting.send("simpan", {2: ("60",)}, fresh=False)
    assert rows() == 1


def test_a_stale_form_changes_nothing_that_it_only_shows(sitting: Sitting) -> None:
    sitting.send("simpan", {2: ("58",)})
    sitting.look()
    old = dict(sitting.form)
    other_tab = sitting.send("simpan", {2: ("60",)})
    assert other_tab.status_code == 303
    sitting.form = old
    sitting.send("simpan", {2: ("58",), 5: ("Cerita saya.",)}, fresh=False)
    assert counting(sitting) == {2: ("60",), 5: ("Cerita saya.",)}


def test_an_answer_that_came_by_script_meanwhile_beats_a_stale_form(sitting: Sitting) -> None:
    sitting.look()
    sitting.save(sitting.entry(2, ("59",), counter=1), sitting.entry(2, ("60",), counter=2))
    sitting.send("simpan", {2: ("1",)}, fresh=False)
    assert counting(sitting)[2] == ("60",)


def test_taking_an_answer_back_is_an_answer(sitting: Sitting) -> None:
    sitting.send("simpan", {1: sitting.right(1), 2: ("60",)})
    sitting.send("simpan", {2: ("",)})
    assert counting(sitting) == {1: (), 2: ()}


def test_saving_says_when_something_was_last_saved(sitting: Sitting, time: Time) -> None:
    way = sitting.send("simpan", {}).location
    assert "Belum ada jawaban untuk disimpan." in sitting.client.page(way)
    sitting.send("simpan", {2: ("60",)})
    time.forward(minutes=40)
    text = sitting.client.page(way)
    assert "Tersimpan pada 24 November 2026, 09.14 WIB." in text
    assert "Tersimpan pada" not in sitting.look()


def test_a_form_with_more_answers_than_an_attempt_holds_says_so_and_what_is_saved_can_be_sent(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting.send("simpan", {2: ("60",)})
    monkeypatch.setattr(actions, "MOST_ANSWERS", 1)
    text = sitting.client.page(sitting.send("kirim", {2: ("61",)}).location)
    assert "Perubahan terakhir tidak tersimpan" in text
    assert 'value="60"' in text
    assert sitting.send("pasti", {2: ("60",)}).status_code == 303
    assert "Nilai Anda 25" in sitting.result()


def test_sending_names_what_is_unanswered_and_keeps_the_rest(sitting: Sitting) -> None:
    half = sitting.right(3)[:1]
    reply = sitting.send("kirim", {1: sitting.right(1), 3: half})
    assert reply.location == f"/kuis/{sitting.id}/periksa"
    text = sitting.client.page(reply.location)
    blank, _, partial = text.partition("Belum dijawab")[2].partition("</b>")[0].partition("Belum lengkap")
    assert re.findall(r'href="#soal-(\d)"', blank) == ["2", "4", "5"]
    assert re.findall(r'href="#soal-(\d)"', partial) == ["3"]
    assert db.session.query(Grading).count() == 0
    assert counting(sitting)[1] == sitting.right(1)


def test_a_half_matched_question_is_not_called_unanswered(sitting: Sitting) -> None:
    answers = {number: sitting.right(number) for number in sitting.numbers}
    reply = sitting.send("kirim", answers | {4: (answers[4][0], "")})
    text = sitting.client.page(reply.location)
    assert 'Belum lengkap: <a href="#soal-4">' in text
    assert "Belum dijawab" not in text


def test_sending_as_it_is_grades_what_is_there(sitting: Sitting) -> None:
    sitting.send("kirim", {2: ("60",)})
    sitting.send("pasti", {2: ("60",)})
    assert "Nilai Anda 25" in sitting.result()


def test_a_full_form_is_graded_at_once(sitting: Sitting) -> None:
    reply = sitting.send("kirim", {number: sitting.right(number) for number in sitting.numbers})
    assert reply.location == f"/kuis/{sitting.id}"
    assert sitting.client.get(reply.location).location == f"/kuis/{sitting.id}/hasil"
    assert sitting.client.get(f"/kuis/{sitting.id}/periksa").location == f"/kuis/{sitting.id}/hasil"
    assert "Nilai Anda 100" in sitting.result()


def test_a_form_sent_after_grading_is_late(sitting: Sitting) -> None:
    sitting.look()
    form = dict(sitting.form)
    sitting.submit(right=False)
    sitting.form = form
    reply = sitting.send("kirim", {2: ("60",)}, fresh=False)
    assert reply.status_code == 303
    assert "Nilai Anda 0" in sitting.result()
    assert db.session.query(Grading).count() == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"form_id": ""},
        {"form_id": "pendek"},
        {"form_id": "ada spasi di sini"},
        {"counter": ""},
        {"counter": "0"},
        {"counter": "-1"},
        {"counter": "²"},
        {"counter": str(2**31)},
        {"counter": "9" * 5_000},
    ],
)
def test_a_form_that_is_not_ours_is_refused(sitting: Sitting, broken: dict[str, str]) -> None:
    sitting.look()
    sitting.form |= broken
    assert sitting.send("simpan", {2: ("60",)}, fresh=False).status_code == 400
    assert rows() == 0


def test_a_broken_counter_of_one_question_only_makes_its_answer_new(sitting: Sitting) -> None:
    sitting.send("simpan", {2: ("60",)})
    sitting.look()
    sitting.form["c2"] = "bukan angka"
    sitting.send("simpan", {2: ("60",)}, fresh=False)
    assert counting(sitting)[2] == ("60",)
