"""The front page: what this is, the courses, and for a learner the way on."""

from lms.content.folder import read_folder
from lms.database import db, writing
from lms.models import Course
from tests.conftest import COURSE, SLUG, Cast, Client, publish_course, sign_in


def test_a_visitor_reads_what_this_is_and_starts_at_once(client: Client) -> None:
    response = client.get("/")
    text = response.get_data(as_text=True)
    assert "Kursus kecil" in text
    assert "2 pelajaran" in text
    assert f'href="/belajar/{SLUG}">Mulai belajar' in text
    assert "Set-Cookie" not in response.headers


def test_a_learner_is_led_to_the_next_step(learner: Client) -> None:
    text = learner.page("/")
    assert "0 dari 2 pelajaran selesai" in text
    assert f'href="/belajar/{SLUG}/dasar/satu">Lanjut: Pelajaran satu' in text
    learner.send(f"/belajar/{SLUG}/dasar/satu")
    assert "1 dari 2 pelajaran selesai" in learner.page("/")


def test_several_courses_each_have_their_own_way_in(learner: Client) -> None:
    publish_course("kursus-dua", read_folder(COURSE))
    text = learner.page("/")
    assert f'href="/belajar/{SLUG}/dasar/satu">Lanjut: Pelajaran satu' in text
    assert 'href="/belajar/kursus-dua">Buka kursus' in text


def test_without_a_course_it_says_what_to_do(client: Client) -> None:
    with writing():
        db.session.query(Course).one().current_edition_id = None
    text = client.page("/")
    assert "Belum ada kursus yang dapat dipelajari" in text
    assert client.get(f"/belajar/{SLUG}").status_code == 404


def test_who_has_not_joined_is_greeted_and_shown_the_courses(client: Client, cast: Cast) -> None:
    text = sign_in(client, cast.stranger).page("/")
    assert "Selamat belajar, Wati" in text
    assert "pelajaran selesai" not in text
