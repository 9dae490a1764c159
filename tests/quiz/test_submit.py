"""Sending: the whole sheet in one request, graded once, with a receipt that stays the same."""

import re
import threading

from flask import Flask

from lms.course.folder import read_folder
from lms.db.engine import db, writing
from lms.db.tables import Attempt, Grading
from lms.quiz import actions, queries
from lms.web.clock import now
from tests.conftest import COURSE, SLUG, Client, Time, publish_course
from tests.quiz.sitting import ONE, TWO, sit

REFLECTION_ONLY = """# Pelajaran satu

## Kuis

### Cerita pertama

Ceritakan.

Jawaban: bebas

### Cerita kedua

Ceritakan lagi.

Jawaban: bebas
"""


def gradings() -> list[Grading]:
    db.session.rollback()
    return db.session.query(Grading).order_by(Grading.id).all()


def receipt(text: str) -> str:
    return text.partition("Tanda terima</dt><dd")[2].partition(">")[2].partition("<")[0]


def test_one_request_carries_the_whole_sheet(learner: Client) -> None:
    sitting = sit(learner, TWO)
    reply = sitting.submit()
    assert len(reply.get_json()["saved"]) == 5
    assert reply.get_json()["result"] == f"/kuis/{sitting.id}/hasil"
    assert "Nilai Anda 100" in sitting.result()


def test_sent_twice_the_receipt_time_and_score_stay(learner: Client, time: Time) -> None:
    sitting = sit(learner)
    sitting.submit(right=False)
    first = receipt(sitting.result())
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", first)
    time.forward(hours=3)
    sitting.submit(right=True)
    text = sitting.result()
    assert receipt(text) == first
    assert "09.14 WIB" in text
    assert "Nilai Anda 0" in text
    assert len(gradings()) == 1


def test_sent_twice_at_the_same_moment_it_is_graded_once(app: Flask, learner: Client) -> None:
    sitting = sit(learner)
    facts = sitting.facts
    questions = queries.questions_of(facts)
    ready, failed = threading.Barrier(2), []

    def send() -> None:
        try:
            with app.app_context():
                ready.wait()
                with writing():
                    actions.submit(facts, questions, now())
        except Exception as error:  # The thread must not swallow it.
            failed.append(error)

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(gradings()) == 1


def test_two_people_never_share_a_receipt(learner: Client) -> None:
    for lesson in (ONE, TWO):
        sit(learner, lesson).submit()
    db.session.rollback()
    assert len({attempt.receipt for attempt in db.session.query(Attempt)}) == 2


def test_a_reflection_is_asked_besides_what_is_drawn_and_never_counts(learner: Client) -> None:
    sitting = sit(learner, TWO)
    assert len(sitting.numbers) == 5
    entries = [sitting.entry(number, sitting.right(number)) for number in sitting.numbers[:4]]
    sitting.save(*entries, submit=True)
    grading = gradings()[0]
    assert (grading.right, grading.asked, grading.passed) == (4, 4, True)
    assert grading.outcomes == [True, True, True, True, None]
    assert "tidak dinilai" in sitting.result()


def test_a_quiz_of_reflections_is_passed_when_sent(learner: Client) -> None:
    files = read_folder(COURSE)
    files["dasar/satu.md"] = REFLECTION_ONLY.encode()
    publish_course(SLUG, files)
    sitting = sit(learner)
    sitting.submit()
    text = sitting.result()
    assert "✓ Lulus" in text
    assert "Nilai Anda" not in text


def test_below_the_pass_mark_is_not_passed_and_at_it_is(learner: Client) -> None:
    files = read_folder(COURSE)
    files["kursus.toml"] = files["kursus.toml"].replace(b"lulus = 70", b"lulus = 75")
    publish_course(SLUG, files)
    three = sit(learner, TWO)
    three.save(*(three.entry(number, three.right(number)) for number in (1, 2, 3)), submit=True)
    two = sit(learner, TWO, 2)
    two.save(*(two.entry(number, two.right(number)) for number in (1, 2)), submit=True)
    assert [(grading.right, grading.passed) for grading in gradings()] == [(3, True), (2, False)]


def test_an_empty_sheet_is_graded_as_nothing_right(learner: Client) -> None:
    sitting = sit(learner, TWO)
    sitting.save(submit=True)
    assert "Nilai Anda 0" in sitting.result()


def test_a_pass_mark_changed_in_between_holds_for_new_attempts_only(learner: Client) -> None:
    sitting = sit(learner, TWO)
    files = read_folder(COURSE)
    files["kursus.toml"] = files["kursus.toml"].replace(b"lulus = 70", b"lulus = 100")
    publish_course(SLUG, files)
    sitting.save(*(sitting.entry(number, sitting.right(number)) for number in (1, 2, 3)), submit=True)
    assert gradings()[0].passed
