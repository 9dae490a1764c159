"""The post-test: other items than before, the best counts, both scores side by side, keys when the tests are over."""

import pytest

from lms.certificate.queries import certificates_of
from lms.certificate.snapshot import snapshot_of
from lms.course.grading import RulingFact, RulingKind
from lms.db.engine import db, writing
from lms.db.tables import Attempt, Certificate, Membership, Person
from lms.quiz import actions as quizzes
from lms.quiz import queries
from lms.web.clock import now
from tests.conftest import SLUG, Client, Time
from tests.learn.test_next_step import main_step
from tests.quiz.exam_course import ASKED, PAGE, POST, PRE, ExamSitting, learn_all, sit_exam, visible_secrets
from tests.quiz.sitting import ONE


def test_the_start_page_says_what_it_is(taker: Client) -> None:
    text = taker.page(POST)
    assert f"{ASKED} soal dari semua materi" in text
    assert "Soalnya lain dari tes awal Anda" in text
    assert "Lulus bila nilai Anda 70 atau lebih" in text
    assert "nilai terbaik yang dipakai" in text


def test_before_all_is_read_the_next_lesson_is_offered_first_and_the_test_stays_open(taker: Client) -> None:
    taker.send(f"{PAGE}/{ONE}")
    text = taker.page(POST)
    assert "2 dari 3 pelajaran belum Anda selesaikan." in text
    assert main_step(text) == f"{PAGE}/dasar/dua"
    assert '<button class="btn second" name="ke" value="1">Mulai tes akhir</button>' in text
    sitting = sit_exam(taker, POST)
    assert main_step(taker.page(POST)) == f"/kuis/{sitting.id}"


def test_when_all_is_read_it_is_the_main_action_and_counts_in_the_bar(taker: Client) -> None:
    learn_all(taker)
    text = taker.page(POST)
    assert "belum Anda selesaikan" not in text
    assert main_step(text) == "POST"
    assert "3 dari 3 pelajaran, 2 dari 2 kuis lulus, tes akhir belum" in taker.page(PAGE)
    assert 'max="6" value="5"' in taker.page(PAGE)
    sit_exam(taker, POST).score(ASKED)
    assert 'max="6" value="6"' in taker.page(PAGE)


def test_it_asks_other_items_than_the_pretest(taker: Client) -> None:
    pre, post = sit_exam(taker, PRE).score(1), sit_exam(taker, POST)
    assert len(post.asked) == ASKED
    assert not pre.asked & post.asked


def test_pressed_twice_it_is_one_and_a_further_one_asks_the_least_met(taker: Client, time: Time) -> None:
    pre = sit_exam(taker, PRE).score(1)
    time.forward(hours=1)
    first = sit_exam(taker, POST)
    assert sit_exam(taker, POST, ordinal=2).id == first.id
    first.score(1)
    assert sit_exam(taker, POST, ordinal=1).id == first.id
    time.forward(hours=1)
    second = sit_exam(taker, POST, ordinal=2)
    assert second.facts.ordinal == 2
    fresh = second.asked - pre.asked - first.asked
    assert len(fresh) == 3  # 6 and 7 items, 2 and 3 drawn: 2 and 1 were never met, two more had to come from the first.
    assert not second.asked & pre.asked


@pytest.mark.parametrize("ordinal", ["", "abc", "0", "-1"])
def test_a_wrong_ordinal_opens_nothing(taker: Client, ordinal: str) -> None:
    assert taker.send(POST, ke=ordinal).location == POST
    assert db.session.query(Attempt).count() == 0


@pytest.mark.parametrize(
    ("pre", "post", "words"),
    [
        (1, 5, "Peningkatan Anda <b>tinggi</b>: dari yang belum Anda kuasai pada tes awal, 100%"),
        (1, 4, "Peningkatan Anda <b>tinggi</b>: dari yang belum Anda kuasai pada tes awal, 75%"),
        (1, 3, "Peningkatan Anda <b>sedang</b>"),
        (1, 2, "Peningkatan Anda <b>rendah</b>"),
        (2, 2, "Peningkatan Anda <b>rendah</b>: bagian yang benar sama besar"),
        (3, 2, "lebih rendah daripada tes awal"),
        (5, 4, "Tes awal Anda sudah penuh"),
    ],
)
def test_both_scores_stand_side_by_side_and_the_gain_is_named(taker: Client, pre: int, post: int, words: str) -> None:
    sit_exam(taker, PRE).score(pre)
    text = sit_exam(taker, POST).score(post).result()
    assert f"<td>{20 * pre}</td><td>{20 * post}</td>" in text
    assert words in text


def test_without_a_pretest_no_gain_is_reckoned(taker: Client) -> None:
    assert "Tanpa tes awal, peningkatan tidak dihitung" in sit_exam(taker, POST).score(3).result()


def test_the_gain_is_that_of_the_first_and_passing_goes_by_the_best(taker: Client, time: Time) -> None:
    sit_exam(taker, PRE).score(1)
    for ordinal, right in enumerate((2, 5, 3), start=1):
        time.forward(hours=1)
        last = sit_exam(taker, POST, ordinal).score(right)
    text = last.result()
    assert "<td>20</td><td>40</td><td>100</td>" in text
    assert "Peningkatan Anda <b>rendah</b>" in text
    assert "Anda sudah lulus; nilai terbaik yang dipakai" in text
    course = taker.page(PAGE)
    assert "100 · lulus" in course
    assert f'href="{POST}">tes akhir</a>' not in course


def test_a_pretest_after_learning_is_said_beside_the_gain(taker: Client, time: Time) -> None:
    taker.send(f"{PAGE}/{ONE}")
    time.forward(minutes=1)
    sit_exam(taker, PRE).score(1)
    assert "setelah belajar daring" in sit_exam(taker, POST).score(4).result()


def test_in_selfstudy_the_keys_are_shown_after_a_passed_posttest(taker: Client) -> None:
    pre = sit_exam(taker, PRE).score(1)
    assert visible_secrets(pre.result()) == []
    post = sit_exam(taker, POST).score(ASKED)
    for sitting in (pre, post):
        text = sitting.result()
        assert visible_secrets(text) == ["UMPAN-", "PENJELASAN-RAHASIA"]
        assert "Pembahasan" in text


def test_in_selfstudy_a_second_failed_posttest_shows_them_too(taker: Client, time: Time) -> None:
    pre = sit_exam(taker, PRE).score(1)
    first = sit_exam(taker, POST).score(1)
    assert visible_secrets(first.result()) == visible_secrets(pre.result()) == []
    time.forward(hours=1)
    second = sit_exam(taker, POST, ordinal=2)
    assert visible_secrets(first.result()) == []
    second.score(1)
    for sitting in (pre, first, second):
        assert visible_secrets(sitting.result()) == ["UMPAN-", "PENJELASAN-RAHASIA"]


def test_a_failed_one_leads_to_reading_and_trying_again(taker: Client) -> None:
    text = sit_exam(taker, POST).score(1).result()
    assert "Perlu 70 untuk lulus" in text
    assert main_step(text) == POST
    assert "Coba lagi" in taker.page(POST)


def test_late_answers_are_kept_and_told(taker: Client) -> None:
    sitting = sit_exam(taker, POST).score(1)
    sitting.save(sitting.entry(1, sitting.wrong(1), counter=99))
    assert "tercatat sebagai terlambat" in sitting.result()
    assert "Nilai Anda 20" in sitting.result()


def rule(sitting: ExamSitting, number: int, kind: RulingKind) -> None:
    facts = sitting.facts
    with writing():
        decided = RulingFact(facts.sheet.items[number - 1].hash, kind)
        quizzes.decide(facts.course_id, decided, "Keliru.", 1, now())
        quizzes.add_grading(facts, queries.questions_of(facts), "putusan", now())


def test_a_voided_item_counts_as_right_and_leaves_the_gain(taker: Client) -> None:
    sit_exam(taker, PRE).score(1)
    post = sit_exam(taker, POST).score(4)
    rule(post, 5, "batal")
    text = post.result()
    assert "Nilai Anda 100" in text
    assert "<td>20</td><td>100</td>" in text
    assert "Peningkatan Anda <b>tinggi</b>: dari yang belum Anda kuasai pada tes awal, 100%" in text
    rule(post, 1, "batal")
    assert "100% Anda kuasai" in post.result()


def test_the_certificate_waits_for_it_and_takes_the_real_fact(taker: Client, time: Time) -> None:
    learn_all(taker)
    text = taker.page(PAGE)
    assert f'<p>Lulus <a href="{POST}">tes akhir</a>.</p>' in text
    assert main_step(text) == POST
    assert taker.get(f"/sertifikat/ambil/{SLUG}").location == f"{PAGE}#kurang"
    time.forward(days=3)
    result = sit_exam(taker, POST).score(ASKED).result()
    assert main_step(result) == f"/sertifikat/ambil/{SLUG}"
    time.forward(days=2)
    issued = taker.send(f"/sertifikat/ambil/{SLUG}", nama="Siti Aminah").location.rpartition("/")[2]
    person_id = db.session.query(Person.id).scalar()
    assert [each.id for each in certificates_of(person_id)] == [issued]
    snapshot = snapshot_of(db.session.get_one(Certificate, issued).payload)
    assert ["tes_akhir", 1, 1] in snapshot.evidence["syarat"]
    assert snapshot.evidence["tes_akhir"] is True
    assert (snapshot.ends_on - snapshot.starts_on).days == 3


def test_an_offer_of_the_next_step_comes_after_lessons_and_quizzes(taker: Client) -> None:
    sit_exam(taker, PRE).score(1)
    assert main_step(taker.page(PAGE)) == f"{PAGE}/{ONE}"
    learn_all(taker)
    assert main_step(taker.page(PAGE)) == main_step(taker.page("/")) == POST


def test_the_attempt_hangs_on_the_selfstudy_membership(taker: Client) -> None:
    sit_exam(taker, POST)
    membership_id = db.session.query(Membership.id).scalar()
    assert db.session.query(Attempt.membership_id).scalar() == membership_id
