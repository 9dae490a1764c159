"""The lesson page: open to everybody, finished by a button."""

from lms.db.engine import db, writing
from lms.db.tables import CourseEditor, Reading
from tests.conftest import START, Cast, Client, sign_in

LESSON = "/belajar/kursus/dasar/satu"


def test_lesson_is_readable_without_an_account_and_sets_no_cookie(client: Client) -> None:
    response = client.get(LESSON)
    assert "Kalimat pembuka" in response.get_data(as_text=True)
    assert "Set-Cookie" not in response.headers


def test_links_and_pictures_point_into_the_edition(client: Client) -> None:
    text = client.page(LESSON)
    assert 'href="/belajar/kursus/dasar/dua"' in text
    picture = text.partition('src="/media/')[2].partition('"')[0]
    assert client.get(f"/media/{picture}").mimetype == "image/svg+xml"


def test_practice_carries_its_truth_and_the_quiz_does_not(client: Client) -> None:
    text = client.page(LESSON)
    assert "Betul, karena klorofil" in text
    assert "KUNCI-BENAR" not in text
    assert "UMPAN" not in text


def test_finishing_twice_counts_once_and_leads_to_the_quiz(learner: Client) -> None:
    for _ in range(2):
        response = learner.send(LESSON)
        assert response.status_code == 303
        assert response.location == "/mulai-kuis/kursus/dasar/satu"
    assert db.session.query(Reading).count() == 1


def test_unknown_lesson_is_not_found(client: Client) -> None:
    assert client.get("/belajar/kursus/dasar/tiga").status_code == 404
    assert client.get("/belajar/tidak-ada").status_code == 404


def test_staff_go_from_what_they_read_to_where_it_is_written(client: Client, cast: Cast) -> None:
    link = '<a href="/pelatih/kursus/kursus/sunting/dasar/satu.md">Sunting pelajaran ini</a>'
    assert link not in client.page(LESSON)
    assert link not in sign_in(client, cast.participant).page(LESSON)
    assert link not in sign_in(client, cast.trainer).page(LESSON), "who trains does not edit by that alone"
    address = link.split('"')[1]
    assert client.get(address).status_code == 404
    with writing():
        db.session.add(CourseEditor(course_id=1, person_id=cast.trainer, at=START))
    assert link in client.page(LESSON)
    assert "<textarea" in client.page(address)
    assert link in sign_in(client, cast.admin).page(LESSON)
