"""The course page: open to everybody, with progress and what is missing for who joined."""

import re

from tests.conftest import SLUG, Cast, Client, publish_course, sign_in
from tests.learn.test_queries_count import course_of
from tests.quiz.sitting import ONE, TWO, sit
from tests.quiz.test_open import changed

PAGE = f"/belajar/{SLUG}"


def test_a_visitor_sees_all_lessons_and_may_read_or_join(client: Client) -> None:
    text = client.page(PAGE)
    assert "2 pelajaran" in text
    assert f'href="{PAGE}/{ONE}">Baca pelajaran pertama' in text
    assert "Daftar agar kemajuan tersimpan" in text
    assert "kurang untuk sertifikat" not in text
    assert "2 pelajaran, 2 kuis, ±&nbsp;" in text
    assert "Mengenal semua jenis soal" in text


def test_what_is_missing_is_named_and_linked(learner: Client) -> None:
    text = learner.page(PAGE)
    assert "0 dari 2 pelajaran" in text
    assert "Yang masih kurang: 2 pelajaran, 2 kuis." in text
    todo = text.partition('id="kurang"')[2]
    assert f'href="{PAGE}/{ONE}">Pelajaran satu' in todo
    assert f'href="/mulai-kuis/{SLUG}/{TWO}">kuis<span class="hidden"> Pelajaran dua' in todo
    assert "tes akhir" not in todo


def test_all_that_is_missing_is_linked_by_materi_and_folded_where_it_is_long(learner: Client) -> None:
    files = course_of(9)
    files["kursus.toml"] = files["kursus.toml"].replace(b', "a/p7.md"', b"").replace(b', "a/p8.md"', b"")
    files["kursus.toml"] += b'[[materi]]\njudul = "B"\npelajaran = ["a/p7.md", "a/p8.md"]\n'
    publish_course(SLUG, files)
    todo = learner.page(PAGE).partition('id="kurang"')[2].partition("</section>")[0]
    for number in range(9):
        assert f'href="{PAGE}/a/p{number}"' in todo
        assert f'href="/mulai-kuis/{SLUG}/a/p{number}"' in todo
    assert '<details class="todo"><summary>1. A: 7 pelajaran, 7 kuis</summary>' in todo
    assert '<details class="todo"><summary>2. B: 2 pelajaran, 2 kuis</summary>' in todo
    for number in (0, 1):
        learner.send(f"{PAGE}/a/p{number}")
    sit(learner, "a/p0").submit()
    todo = learner.page(PAGE).partition('id="kurang"')[2].partition("</section>")[0]
    assert '<details class="todo" open><summary>1. A: 5 pelajaran, 6 kuis</summary>' in todo
    assert "a/p0" not in todo
    assert f'<a href="/mulai-kuis/{SLUG}/a/p1">Kuis: Pelajaran 1</a>' in todo
    assert f'href="{PAGE}/a/p1"' not in todo


def bar_of(text: str) -> tuple[int, int]:
    """(value, max) of the bar of progress."""
    found = re.search(r'<progress class="bar" max="(\d+)" value="(\d+)"', text)
    assert found
    return int(found[2]), int(found[1])


def test_the_bar_is_full_only_when_nothing_is_missing(learner: Client) -> None:
    for lesson in (ONE, TWO):
        learner.send(f"{PAGE}/{lesson}")
    text = learner.page(PAGE)
    assert "2 dari 2 pelajaran, 0 dari 2 kuis lulus" in text
    assert bar_of(text) == bar_of(learner.page("/")) == (2, 4)
    assert '<span class="tag">2 dari 4</span>' in text
    assert "menit lagi" in text
    for lesson in (ONE, TWO):
        sit(learner, lesson).submit()
    text = learner.page(PAGE)
    assert bar_of(text) == (4, 4)
    assert '<span class="tag ok">4 dari 4</span>' in text
    assert " lagi" not in text.partition('aria-label="Kemajuan Anda"')[2].partition("</section>")[0]


def test_a_quiz_the_certificate_does_not_ask_is_not_counted(learner: Client) -> None:
    publish_course(SLUG, changed("kuis = true\n", ""))
    text = learner.page(PAGE)
    assert "0 dari 2 pelajaran</span>" in text
    assert bar_of(text) == (0, 2)


def test_a_lesson_says_what_reading_and_its_quiz_take(learner: Client) -> None:
    publish_course(SLUG, course_of(2))
    words = "±&nbsp;1 menit baca, lalu kuis 1 soal"
    assert words in learner.page(f"{PAGE}/a/p0")
    assert learner.page(PAGE).count(words) == 2


def test_each_step_shortens_the_list(learner: Client) -> None:
    learner.send(f"{PAGE}/{ONE}")
    assert "1 pelajaran, 2 kuis" in learner.page(PAGE)
    sit(learner, ONE).submit(right=False)
    text = learner.page(PAGE)
    assert "1 pelajaran, 2 kuis" in text
    assert "Kuis belum" in text
    sit(learner, ONE, 2).submit()
    assert "1 pelajaran, 1 kuis" in learner.page(PAGE)
    learner.send(f"{PAGE}/{TWO}")
    sit(learner, TWO).submit()
    text = learner.page(PAGE)
    assert "Semua syarat sertifikat sudah terpenuhi." in text
    assert f'href="/sertifikat/ambil/{SLUG}">Ambil sertifikat' in text


def test_a_course_that_asks_nothing_shows_no_list(learner: Client) -> None:
    files = changed("pelajaran = true\nkuis = true\ntes_akhir = true", "")
    publish_course(SLUG, files)
    text = learner.page(PAGE)
    assert 'id="kurang"' not in text
    assert "syarat sertifikat" not in text


def test_bimtek_members_read_the_pinned_edition_and_everybody_else_the_newest(cast: Cast, client: Client) -> None:
    publish_course(SLUG, changed("# Pelajaran satu", "# Pelajaran pertama"))
    assert "Pelajaran pertama" in client.page(PAGE)
    assert "Pelajaran satu" in sign_in(client, cast.participant).page(PAGE)
    assert "Pelajaran pertama" in sign_in(client, cast.stranger).page(PAGE)


def test_after_its_last_day_a_bimtek_no_longer_decides(cast: Cast, client: Client, time: object) -> None:
    from tests.conftest import Time

    assert isinstance(time, Time)
    publish_course(SLUG, changed("# Pelajaran satu", "# Pelajaran pertama"))
    sign_in(client, cast.participant)
    time.forward(days=30)
    assert "Pelajaran satu" in client.page(PAGE)
    time.forward(days=1)
    assert "Pelajaran pertama" in client.page(PAGE)


def test_the_bimtek_begun_latest_decides(cast: Cast, client: Client) -> None:
    from datetime import timedelta

    from lms.db.engine import db, writing
    from lms.db.tables import Cohort
    from tests.conftest import START, add_bimtek, add_member

    publish_course(SLUG, changed("# Pelajaran satu", "# Pelajaran pertama"))
    newer = add_bimtek("B3MTEK")
    with writing():
        db.session.get_one(Cohort, cast.bimtek).starts_on = START.date() - timedelta(days=3)
    add_member(cast.participant, newer)
    assert "Pelajaran pertama" in sign_in(client, cast.participant).page(PAGE)
    with writing():
        db.session.get_one(Cohort, newer).is_open = False
    assert "Pelajaran pertama" in client.page(PAGE), "nobody joins any more, its members go on"
    with writing():
        db.session.get_one(Cohort, newer).archived_at = START
    assert "Pelajaran satu" in client.page(PAGE)


def test_an_unknown_course_is_not_found(client: Client) -> None:
    for slug in ("tidak-ada", "KURSUS", "a" * 200, "%00", "é"):
        assert client.get(f"/belajar/{slug}").status_code == 404
