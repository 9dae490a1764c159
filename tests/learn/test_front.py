"""The front page: what this is, the courses, and for a learner the way on."""

from lms.course.folder import read_folder
from lms.db.engine import db, writing
from lms.db.tables import Cohort, Course, CourseEditor, ErasureRequest, Membership
from tests.conftest import (
    COURSE,
    SLUG,
    START,
    Cast,
    Client,
    add_bimtek,
    add_member,
    add_person,
    publish_course,
    sign_in,
)


def test_a_visitor_reads_what_this_is_and_starts_at_once(client: Client) -> None:
    response = client.get("/")
    text = response.get_data(as_text=True)
    assert "Kursus kecil" in text
    assert "2 pelajaran" in text
    assert f'href="/belajar/{SLUG}">Mulai belajar' in text
    assert "Set-Cookie" not in response.headers


def test_a_learner_is_led_to_the_next_step(learner: Client) -> None:
    text = learner.page("/")
    assert "0 dari 2 pelajaran, 0 dari 2 kuis lulus" in text
    assert f'href="/belajar/{SLUG}/dasar/satu">Lanjut: Pelajaran satu' in text
    learner.send(f"/belajar/{SLUG}/dasar/satu")
    assert "1 dari 2 pelajaran, 0 dari 2 kuis lulus" in learner.page("/")


def test_who_belongs_to_a_bimtek_is_led_to_its_day(client: Client, cast: Cast) -> None:
    alone = add_person("Belajar Mandiri")
    add_member(alone)
    assert "Acara bimtek Anda" not in sign_in(client, alone).page("/")
    text = sign_in(client, cast.participant).page("/")
    assert '<a href="/acara/B1MTEK">Acara bimtek Anda: hari, tempat, dan kehadiran</a>' in text


def test_several_courses_each_have_their_own_way_in(learner: Client) -> None:
    publish_course("kursus-dua", read_folder(COURSE))
    text = learner.page("/")
    assert f'href="/belajar/{SLUG}/dasar/satu">Lanjut: Pelajaran satu' in text
    assert 'href="/belajar/kursus-dua">Buka kursus' in text


def test_a_course_for_trainers_is_shown_to_them_alone_and_last(client: Client, cast: Cast) -> None:
    files = read_folder(COURSE)
    files["kursus.toml"] = b'untuk = "pelatih"\n' + files["kursus.toml"].replace(b"Kursus kecil", b"Panduan")
    publish_course("a-panduan", files)
    way_in = 'href="/belajar/a-panduan">Buka kursus'
    text = client.page("/")
    assert "a-panduan" not in text
    assert f'href="/belajar/{SLUG}">Mulai belajar' in text
    assert "Pelajaran satu" in client.page("/belajar/a-panduan")
    assert "a-panduan" not in sign_in(client, cast.participant).page("/")
    for staff in (cast.trainer, cast.admin):
        text = sign_in(client, staff).page("/")
        assert way_in in text
        assert text.index(f"/belajar/{SLUG}") < text.index(way_in)
    with writing():
        course_id = db.session.query(Course).filter_by(slug="a-panduan").one().id
        cohort_id = db.session.query(Cohort).filter_by(course_id=course_id).one().id
    add_member(cast.participant, cohort_id)
    assert "/belajar/a-panduan/dasar/satu" in sign_in(client, cast.participant).page("/")


def test_without_a_course_it_says_what_to_do(client: Client) -> None:
    with writing():
        db.session.query(Course).one().current_edition_id = None
    text = client.page("/")
    assert "Belum ada kursus yang dapat dipelajari" in text
    assert client.get(f"/belajar/{SLUG}").status_code == 404


def test_who_has_not_joined_is_greeted_and_shown_the_courses(client: Client, cast: Cast) -> None:
    text = sign_in(client, cast.stranger).page("/")
    assert "Selamat belajar, Wati" in text
    assert "kuis lulus" not in text


def test_a_trainer_is_led_to_the_desk_and_the_own_cohorts(client: Client, cast: Cast) -> None:
    text = sign_in(client, cast.trainer).page("/")
    assert "Tugas Anda sebagai pelatih" in text
    assert '<a class="btn" href="/pelatih">Buka meja pelatih</a>' in text
    assert 'class="next"' not in text, "the desk is the one main thing to do"
    assert '<a href="/pelatih/B1MTEK">Bimtek Angkatan I</a>' in text
    assert 'href="/pelatih">' in text
    assert "B2MTEK" not in text
    with writing():
        db.session.get_one(Cohort, cast.bimtek).archived_at = START
    text = client.page("/")
    assert "B1MTEK" not in text
    assert ">Buka meja pelatih</a>" in text, "whose cohorts are all archived opens the next one there"
    assert 'href="/pelatih"' in client.page("/saya")


def test_staff_find_their_desk_from_every_page_and_nobody_else_does(client: Client, cast: Cast) -> None:
    pages = ("/", "/saya", f"/belajar/{SLUG}", f"/belajar/{SLUG}/dasar/satu")
    link = '<a href="/pelatih" class="desk">Meja<span> pelatih</span></a>'
    for who, found in ((cast.trainer, True), (cast.participant, False), (cast.admin, True)):
        sign_in(client, who)
        assert [link in client.page(page) for page in pages] == [found] * len(pages)
    with writing():
        db.session.query(Membership).filter_by(person_id=cast.trainer).one().left_at = START
    assert link not in sign_in(client, cast.trainer).page(pages[-1])


def test_of_many_cohorts_the_newest_three_are_named(client: Client, cast: Cast) -> None:
    for number in range(4):
        add_member(cast.trainer, add_bimtek(f"X{number}MTEK"), "pelatih")
    text = sign_in(client, cast.trainer).page("/")
    assert [code in text for code in ("X3MTEK", "X2MTEK", "X1MTEK", "X0MTEK")] == [True, True, True, False]
    assert "dan 2 lagi" in text


def test_who_edits_a_course_or_runs_the_site_is_led_to_the_desk(client: Client, cast: Cast) -> None:
    with writing():
        db.session.add(CourseEditor(course_id=1, person_id=cast.stranger, at=START))
    assert "Tugas Anda sebagai penyusun kursus" in sign_in(client, cast.stranger).page("/")
    assert 'href="/pelatih"' in client.page("/saya")
    text = sign_in(client, cast.admin).page("/")
    assert "Tugas Anda sebagai pengelola" in text
    assert 'href="/pelatih"' in text


def test_a_participant_has_no_such_task(client: Client, cast: Cast) -> None:
    assert "Tugas Anda" not in sign_in(client, cast.participant).page("/")
    assert 'href="/pelatih"' not in client.page("/saya")


def test_an_admin_is_led_to_running_the_site_and_told_of_erasures_that_wait(client: Client, cast: Cast) -> None:
    text = sign_in(client, cast.admin).page("/")
    assert text.index('href="/kelola">Kelola situs') < text.index('href="/pelatih">')
    assert "menunggu" not in text
    with writing():
        db.session.add(ErasureRequest(person_id=cast.participant, keep_certificates=True, asked_at=START))
    assert "1 menunggu, tinggal 3 hari" in client.page("/")
    assert "Tinggal 3 hari" in client.page("/kelola")
    assert "menunggu" not in sign_in(client, cast.trainer).page("/")
