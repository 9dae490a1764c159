"""Opening an attempt: once, with a frozen sheet, within what the course allows."""

import threading

import pytest
from flask import Flask

from lms.course.drawing import Sheet
from lms.course.folder import read_folder
from lms.db.engine import db, writing
from lms.db.tables import Attempt, Enrolment
from lms.quiz import actions
from lms.web.clock import now
from tests.conftest import COURSE, SLUG, Cast, Client, add_member, publish_course, sign_in
from tests.quiz.sitting import ONE, TWO, begin, sit

START = f"/mulai-kuis/{SLUG}/{ONE}"


def changed(old: str, new: str) -> dict[str, bytes]:
    """The small course with one text in it replaced."""
    files = {path: data.replace(old.encode(), new.encode()) for path, data in read_folder(COURSE).items()}
    assert files != read_folder(COURSE)
    return files


def attempts() -> int:
    db.session.rollback()
    return db.session.query(Attempt).count()


def test_the_first_page_says_what_is_asked_and_has_no_history_yet(learner: Client) -> None:
    text = learner.page(f"/mulai-kuis/{SLUG}/{TWO}")
    assert "5 soal (4 dinilai, 1 tulisan sendiri tidak dinilai), tanpa batas waktu." in text
    assert "Lulus bila nilai Anda 70" in text
    assert "Yang sudah Anda kerjakan" not in text


def test_where_all_is_graded_nothing_is_said_of_reflections(learner: Client) -> None:
    assert "soal, tanpa batas waktu." in learner.page(START)


def test_pressed_twice_it_is_one_attempt(learner: Client) -> None:
    assert begin(learner).location == begin(learner).location
    assert attempts() == 1


def test_while_one_is_open_no_other_opens(learner: Client) -> None:
    first = sit(learner)
    assert begin(learner, ordinal=2).location == f"/kuis/{first.id}"
    assert attempts() == 1


def test_the_ordinal_of_a_sent_attempt_leads_back_to_it(learner: Client) -> None:
    first = sit(learner)
    first.submit()
    assert begin(learner, ordinal=1).location == f"/kuis/{first.id}"
    second = sit(learner, ordinal=2)
    assert second.id != first.id
    assert second.facts.ordinal == 2


def test_pressed_twice_at_the_same_moment_it_is_one_attempt(app: Flask, learner: Client) -> None:
    enrolment_id, edition_id = db.session.query(Enrolment.id).scalar(), 1
    db.session.rollback()
    ready, opened = threading.Barrier(2), []

    def press() -> None:
        with app.app_context():
            ready.wait()
            with writing():
                opened.append(actions.open_attempt(enrolment_id, edition_id, [ONE], 1, Sheet(70, ()), now()))

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 2
    assert len(set(opened)) == 1
    assert attempts() == 1


@pytest.mark.parametrize("ordinal", ["", "abc", "0", "-1", "1e9", "²"])
def test_a_wrong_ordinal_opens_nothing(learner: Client, ordinal: str) -> None:
    assert begin(learner, ordinal=ordinal).location == START
    assert attempts() == 0


def test_an_ordinal_far_ahead_still_opens_only_the_next(learner: Client) -> None:
    assert sit(learner, ordinal=99_999_999_999_999_999_999).facts.ordinal == 1


def test_the_sheet_stays_as_it_was_drawn(learner: Client) -> None:
    sitting = sit(learner, TWO)
    pages = {sitting.look().partition("<section")[2] for _ in range(4)}
    assert len(pages) == 1


def test_a_course_published_in_between_disturbs_no_open_attempt(learner: Client) -> None:
    sitting = sit(learner)
    publish_course(SLUG, changed(old="Ibu kota kabupaten?", new="Apa ibu kota kabupaten ini?"))
    assert "Ibu kota kabupaten?" in sitting.look()
    sitting.submit()
    assert "Nilai Anda 100" in sitting.result()
    assert "Apa ibu kota kabupaten ini?" in sit(learner, ordinal=2).look()


def test_no_more_attempts_than_the_course_allows(learner: Client) -> None:
    publish_course(SLUG, changed(old="kesempatan = 0", new="kesempatan = 2"))
    for ordinal in (1, 2):
        sit(learner, ordinal=ordinal).submit(right=False)
    assert begin(learner, ordinal=3).location == START
    assert attempts() == 2
    text = learner.page(START)
    assert "Kesempatan mengerjakan sudah habis" in text
    assert "<button" not in text.partition('class="next"')[2]


def test_a_renamed_lesson_keeps_its_attempts_and_their_number(learner: Client) -> None:
    first = sit(learner)
    first.submit(right=False)
    files = changed(old="kesempatan = 0", new="kesempatan = 2")
    files["dasar/awal.md"] = files.pop("dasar/satu.md")
    files["kursus.toml"] = files["kursus.toml"].replace(b"dasar/satu.md", b"dasar/awal.md")
    files["kursus.toml"] += b'\n[pindah]\n"dasar/satu" = "dasar/antara"\n"dasar/antara" = "dasar/awal"\n'
    publish_course(SLUG, files)
    assert learner.get(START).location == f"/mulai-kuis/{SLUG}/dasar/awal"
    assert "Percobaan 1" in learner.page(f"/mulai-kuis/{SLUG}/dasar/awal")
    assert sit(learner, "dasar/awal", 2).facts.ordinal == 2
    assert begin(learner, "dasar/awal", 3).location == f"/mulai-kuis/{SLUG}/dasar/awal"
    assert "Belum lulus" in first.result()


def test_a_bimtek_opens_the_edition_it_pins(cast: Cast, client: Client) -> None:
    publish_course(SLUG, changed(old="Ibu kota kabupaten?", new="Apa ibu kota kabupaten ini?"))
    text = sit(sign_in(client, cast.participant)).look()
    assert "Ibu kota kabupaten?" in text


def test_a_trainer_who_tries_is_marked_and_a_participant_is_not(cast: Cast, client: Client) -> None:
    add_member(cast.trainer, cast.bimtek)
    sit(sign_in(client, cast.trainer))
    sit(sign_in(client, cast.participant))
    db.session.rollback()
    assert sorted(trial for (trial,) in db.session.query(Attempt.trial)) == [False, True]


def test_who_has_not_joined_is_shown_the_course(cast: Cast, client: Client) -> None:
    sign_in(client, cast.stranger)
    assert begin(client).location == f"/belajar/{SLUG}"
    assert client.get(START).location == f"/belajar/{SLUG}"


def test_nobody_signed_in_is_asked_to(client: Client) -> None:
    assert client.get(START).location == f"/masuk?ke={START}"


def test_what_is_no_quiz_is_not_found(learner: Client) -> None:
    files = read_folder(COURSE)
    files["dasar/dua.md"] = files["dasar/dua.md"].partition(b"## Kuis")[0]
    publish_course(SLUG, files)
    for path in ("dasar/dua", "dasar/tiga", "../x", "kursus.toml"):
        assert learner.get(f"/mulai-kuis/{SLUG}/{path}").status_code == 404
        assert begin(learner, path).status_code == 404
    assert learner.get(f"/mulai-kuis/tidak-ada/{ONE}").status_code == 404
    assert attempts() == 0


def test_a_trainer_without_a_participants_part_only_tries(client: Client, cast: Cast) -> None:
    sign_in(client, cast.trainer)
    client.send(START, ke="1")
    assert db.session.query(Attempt.trial).scalar() is True
