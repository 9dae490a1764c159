"""Answers from the outbox: each kept once, the highest counter counts, late ones are kept apart."""

from datetime import timedelta
from typing import Any

import pytest

from lms.course.grading import latest
from lms.course.questions.base import Value
from lms.db.engine import db, writing
from lms.db.tables import Answer, Attempt
from lms.quiz import actions, queries
from lms.quiz.queries import LATE_ACCEPTED
from tests.conftest import Cast, Client, Time, sign_in
from tests.quiz.sitting import TWO, Sitting, sit

RIGHT: Value = ("60",)


def counting(sitting: Sitting, number: int = 2) -> Value:
    """The value that counts for a question."""
    db.session.rollback()
    return latest(queries.saved_answers(sitting.id))[number].value


def rows() -> int:
    db.session.rollback()
    return db.session.query(Answer).count()


def test_a_saved_answer_is_named_in_the_reply_and_shown_again(learner: Client) -> None:
    sitting = sit(learner, TWO)
    reply = sitting.save(sitting.entry(2, RIGHT, id="jawaban-pertama"))
    assert reply.get_json() == {"saved": ["jawaban-pertama"], "counter": 1, "late": False, "result": None}
    assert 'value="60"' in sitting.look()


def test_the_same_id_twice_is_one_answer_and_named_again(learner: Client) -> None:
    sitting = sit(learner, TWO)
    entry = sitting.entry(2, RIGHT)
    replies = [sitting.save(entry).get_json() for _ in range(2)]
    assert replies[0] == replies[1]
    assert sitting.save({**entry, "value": ["99"], "counter": 9}).get_json()["saved"] == [entry["id"]]
    assert rows() == 1
    assert counting(sitting) == RIGHT


def test_the_highest_counter_wins_whatever_arrives_last(learner: Client) -> None:
    sitting = sit(learner, TWO)
    sitting.save(sitting.entry(2, RIGHT, counter=5))
    reply = sitting.save(sitting.entry(2, ("61",), counter=4))
    assert counting(sitting) == RIGHT
    assert reply.get_json()["counter"] == 5
    assert rows() == 2


def test_a_tie_goes_to_the_later_arrival(learner: Client) -> None:
    sitting = sit(learner, TWO)
    sitting.save(sitting.entry(2, ("61",), counter=3))
    sitting.save(sitting.entry(2, RIGHT, counter=3))
    assert counting(sitting) == RIGHT


def test_the_same_client_id_may_stand_in_two_attempts(learner: Client) -> None:
    one, two = sit(learner), sit(learner, TWO)
    one.save(one.entry(1, one.right(1), id="klien-sama"))
    two.save(two.entry(2, RIGHT, id="klien-sama"))
    assert rows() == 2


def test_what_the_question_does_not_offer_is_dropped(learner: Client) -> None:
    sitting = sit(learner, TWO)
    right = sitting.right(1)
    sitting.save(sitting.entry(1, (*right, right[0], "deadbeef", "' or 1=1")))
    sitting.save(sitting.entry(2, ("a\0b" + "x" * 3_000,)))
    assert counting(sitting, 1) == right
    assert counting(sitting, 2)[0].startswith("abx")
    assert len(counting(sitting, 2)[0]) <= 2_000


GOOD = {"id": "klien-12345", "number": 1, "counter": 1, "value": []}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "teks",
        {},
        {"entries": {}},
        {"entries": [1]},
        {"entries": [GOOD] * 201},
        {"entries": [{**GOOD, "id": "pendek"}]},
        {"entries": [{**GOOD, "id": "klien 12345"}]},
        {"entries": [{**GOOD, "id": 12345678}]},
        {"entries": [{**GOOD, "number": 0}]},
        {"entries": [{**GOOD, "number": 6}]},
        {"entries": [{**GOOD, "number": True}]},
        {"entries": [{**GOOD, "number": "1"}]},
        {"entries": [{**GOOD, "counter": 2**31}]},
        {"entries": [{**GOOD, "counter": 2**63}]},
        {"entries": [{**GOOD, "counter": -1}]},
        {"entries": [{**GOOD, "counter": 1.5}]},
        {"entries": [{**GOOD, "value": "teks"}]},
        {"entries": [{**GOOD, "value": [1]}]},
        {"entries": [{**GOOD, "value": ["a"] * 101}]},
        {"entries": [GOOD, {**GOOD, "value": None}]},
    ],
)
def test_what_our_pages_never_send_is_refused_whole(learner: Client, data: Any) -> None:
    sitting = sit(learner, TWO)
    reply = sitting.post(data)
    assert reply.status_code == 400
    assert reply.get_json()["error"] == "answers"
    assert rows() == 0


def test_more_answers_than_anybody_gives_are_refused(learner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_ANSWERS", 3)
    sitting = sit(learner, TWO)
    sitting.save(*(sitting.entry(2, RIGHT) for _ in range(3)))
    assert sitting.save(sitting.entry(2, RIGHT)).status_code == 429
    assert rows() == 3


def test_who_is_not_signed_in_gets_401_and_another_person_404_as_json(learner: Client, cast: Cast) -> None:
    sitting = sit(learner)
    other = Sitting(sign_in(learner.application.test_client(), cast.other), sitting.id)  # type: ignore[arg-type] # It is our Client.
    nobody = Sitting(learner.application.test_client(), sitting.id)  # type: ignore[arg-type] # It is our Client.
    for client, code in ((other, 404), (nobody, 401)):
        reply = client.save(sitting.entry(1, ()))
        assert reply.status_code == code
        assert reply.is_json
    assert rows() == 0


def test_without_its_form_token_nothing_is_kept_and_a_fresh_one_can_be_had(learner: Client) -> None:
    sitting = sit(learner)
    path = f"/kuis/{sitting.id}/jawaban"
    reply = learner.post(path, json={"entries": [sitting.entry(1, ())]})
    assert reply.status_code == 400
    assert reply.get_json()["error"] == "token"
    fresh = learner.get("/token").get_json()["token"]
    headers = {"Referer": "https://sinau.test/", "X-CSRFToken": fresh}
    assert learner.post(path, json={"entries": [GOOD]}, headers=headers).status_code == 200
    assert learner.application.test_client().get("/token").status_code == 401


def test_after_sending_answers_are_kept_as_late_and_not_graded(learner: Client) -> None:
    sitting = sit(learner)
    sitting.submit(right=False)
    reply = sitting.save(sitting.entry(1, sitting.right(1)))
    assert reply.get_json()["late"] is True
    assert reply.get_json()["result"] == f"/kuis/{sitting.id}/hasil"
    text = sitting.result()
    assert "Nilai Anda 0" in text
    assert "tercatat sebagai terlambat" in text
    assert rows() == 2


def test_after_closing_answers_are_late_even_before_sending(learner: Client, time: Time) -> None:
    sitting = sit(learner)
    with writing():
        db.session.get_one(Attempt, sitting.id).closes_at = time.now + timedelta(minutes=5)
    sitting.save(sitting.entry(1, sitting.wrong(1)))
    time.forward(minutes=6)
    assert sitting.save(sitting.entry(1, sitting.right(1)), submit=True).get_json()["late"] is True
    assert "Nilai Anda 0" in sitting.result()


def test_accepted_late_answers_count_from_then_on_and_later_ones_do_not(learner: Client, time: Time) -> None:
    sitting = sit(learner)
    sitting.submit(right=False)
    sitting.save(sitting.entry(1, sitting.right(1)))
    facts = sitting.facts
    questions = queries.questions_of(facts)
    with writing():
        actions.add_grading(facts, questions, LATE_ACCEPTED, time.now)
    text = sitting.result()
    assert "Nilai Anda 100" in text
    assert "tercatat sebagai terlambat" not in text
    time.forward(minutes=1)
    sitting.save(sitting.entry(1, sitting.wrong(1)))
    with writing():
        again = actions.add_grading(facts, questions, "kunci", time.now)
    assert again.passed
    assert "tercatat sebagai terlambat" in sitting.result()
