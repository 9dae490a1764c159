"""The pre-test: an offer that decides nothing, once a membership, its key kept until the tests are over."""

from lms.db.engine import db
from lms.db.tables import Attempt
from tests.conftest import SLUG, Cast, Client, Time, add_member, add_person, sign_in
from tests.learn.test_next_step import main_step
from tests.quiz.exam_course import ASKED, PAGE, POST, PRE, learn_all, sit_exam, visible_secrets
from tests.quiz.sitting import ONE


def rows() -> list[tuple[str, int, bool, bool]]:
    db.session.rollback()
    return [
        (row.quiz, row.ordinal, row.trial, row.membership_id is not None)
        for row in db.session.query(Attempt).order_by(Attempt.opened_at, Attempt.quiz)
    ]


def test_who_has_not_begun_is_offered_it_and_may_pass_by(taker: Client) -> None:
    text = taker.page(PAGE)
    assert "Coba dulu tes awal" in text
    assert f'<a class="btn second" href="{PAGE}/{ONE}">Lewati, langsung belajar</a>' in text
    assert main_step(text) == PRE
    assert main_step(taker.page("/")) == PRE
    start = taker.page(PRE)
    assert f"{ASKED} soal dari semua materi" in start
    assert "Tes ini tidak menentukan apa pun" in start
    assert f'<a class="btn second" href="{PAGE}/{ONE}">Lewati, langsung belajar</a>' in start
    assert taker.get(f"{PAGE}/{ONE}").status_code == 200


def test_who_has_begun_to_learn_goes_on_with_lessons(taker: Client) -> None:
    taker.send(f"{PAGE}/{ONE}")
    text = taker.page(PAGE)
    assert "Coba dulu tes awal" not in text
    assert f'href="{PRE}"' in text
    assert main_step(text).startswith(PAGE)


def test_it_hangs_on_the_membership_and_is_one(taker: Client) -> None:
    first = sit_exam(taker, PRE)
    assert sit_exam(taker, PRE).id == first.id
    first.score(2)
    assert sit_exam(taker, PRE, ordinal=2).id == first.id
    assert rows() == [("tes:awal", 1, False, True)]
    assert f"/tes/hasil/{first.id}" in taker.page(PRE)
    assert "<form" not in taker.page(PRE)


def test_an_open_one_is_gone_on_with(taker: Client) -> None:
    sitting = sit_exam(taker, PRE)
    for page in (PAGE, "/", PRE):
        assert main_step(taker.page(page)) == f"/kuis/{sitting.id}"
    assert '<h1 class="quiz-title">Tes awal</h1>' in sitting.look()
    assert taker.get(f"/tes/hasil/{sitting.id}").location == f"/kuis/{sitting.id}"


def test_the_plain_form_sends_it_too(taker: Client) -> None:
    sitting = sit_exam(taker, PRE)
    sitting.send("simpan", {1: sitting.right(1)})
    assert sitting.send("kirim", {2: sitting.right(2)}).location == f"/kuis/{sitting.id}/periksa"
    sitting.send("pasti", {1: sitting.right(1), 2: sitting.right(2)})
    assert "Nilai Anda 40" in sitting.result()


def test_its_result_says_where_to_look_and_shows_no_key(taker: Client) -> None:
    sitting = sit_exam(taker, PRE)
    assert visible_secrets(sitting.look()) == []
    sitting.score(1)
    assert taker.get(f"/kuis/{sitting.id}/hasil").location == f"/tes/hasil/{sitting.id}"
    text = sitting.result()
    assert visible_secrets(text) == []
    assert "Betul Dasar" not in text
    assert "Nilai Anda 20" in text
    assert "1 dari 2 benar" in text
    assert "0 dari 3 benar" in text
    assert f'Cari jawabannya di bagian <a href="{PAGE}#materi-2">2.&nbsp;Lanjutan</a>' in text
    assert f'<a href="{PAGE}/lanjut/tiga">Tiga</a>' in text
    assert "Tanda terima" in text
    assert "ulus" not in text.partition("Kunci dan")[0]
    assert "setelah belajar daring" not in text
    assert main_step(text) == f"{PAGE}/{ONE}"
    assert 'id="materi-2"' in taker.page(PAGE)


def test_a_subject_all_right_sends_nobody_anywhere(taker: Client) -> None:
    text = sit_exam(taker, PRE).score(ASKED).result()
    assert "2 dari 2 benar" in text
    assert "Cari jawabannya" not in text


def test_it_decides_nothing(taker: Client) -> None:
    sit_exam(taker, PRE).score(ASKED)
    learn_all(taker)
    text = taker.page(PAGE)
    assert f'Lulus <a href="{POST}">tes akhir</a>' in text
    assert main_step(text) == POST


def test_begun_after_the_first_finished_lesson_it_is_marked(taker: Client, time: Time) -> None:
    taker.send(f"{PAGE}/{ONE}")
    time.forward(minutes=5)
    sitting = sit_exam(taker, PRE).score(1)
    assert "setelah belajar daring" in sitting.result()


def test_a_lesson_finished_while_it_is_open_marks_nothing(taker: Client, time: Time) -> None:
    sitting = sit_exam(taker, PRE)
    time.forward(minutes=5)
    taker.send(f"{PAGE}/{ONE}")
    assert "setelah belajar daring" not in sitting.score(1).result()


def test_after_the_posttest_was_begun_it_tells_nothing_any_more(taker: Client) -> None:
    sit_exam(taker, POST)
    assert taker.send(PRE, ke=1).location == PRE
    assert "tes awal tidak dibuka lagi" in taker.page(PRE)
    assert [row[0] for row in rows()] == ["tes:akhir"]


def test_who_may_not_take_it_is_shown_the_course_or_nothing(client: Client, exams: int, cast: Cast) -> None:
    assert client.get(PRE).location == f"/masuk?ke={PRE}"
    sign_in(client, cast.trainer)
    assert client.get(PRE).location == client.send(PRE).location == PAGE
    assert "Tes awal" not in client.page(PAGE)
    sign_in(client, cast.stranger)
    assert client.get(PRE).location == PAGE


def test_another_persons_test_is_not_found(taker: Client, client: Client) -> None:
    sitting = sit_exam(taker, PRE).score(1)
    other = add_person("Budi Santoso")
    add_member(other)
    sign_in(client, other)
    for path in (f"/tes/hasil/{sitting.id}", f"/kuis/{sitting.id}", "/tes/hasil/tidak-ada"):
        assert client.get(path).status_code == 404


def test_a_quiz_has_no_result_among_the_tests(taker: Client) -> None:
    quiz = taker.send(f"/mulai-kuis/{SLUG}/{ONE}", ke=1).location.removeprefix("/kuis/")
    assert taker.get(f"/tes/hasil/{quiz}").status_code == 404


def test_a_course_without_tests_has_none(learner: Client) -> None:
    for path in (PRE, POST):
        assert learner.get(path).status_code == 404
        assert learner.send(path, ke=1).status_code == 404
    assert "Tes awal" not in learner.page(PAGE)
