"""Progress: what was finished in any edition counts, until it must be read again."""

from lms.course.actions import roll_back
from lms.course.load import edition_view
from lms.course.queries import read_edition
from lms.db.engine import db, writing
from lms.db.tables import Enrolment, Reading
from lms.learn.actions import finish_lesson
from lms.learn.queries import progress
from tests.conftest import SLUG, START, Cast, Client, Time, publish_course, sign_in
from tests.quiz.sitting import ONE, TWO, sit
from tests.quiz.test_open import changed

PAGE = f"/belajar/{SLUG}"
NEWER = ("Kalimat pembuka", "Kalimat baru")


def finished(person_id: int) -> set[str]:
    ref = read_edition(SLUG, person_id, START.date())
    assert ref is not None
    db.session.rollback()
    return set(progress(ref, edition_view(ref.edition_id, SLUG)).finished)


def person_of(client: Client) -> int:
    found: int = db.session.query(Enrolment.person_id).order_by(Enrolment.id).limit(1).scalar()
    return found


def test_a_lesson_finished_counts_in_later_editions(learner: Client) -> None:
    learner.send(f"{PAGE}/{ONE}")
    publish_course(SLUG, changed(*NEWER))
    assert "1 dari 2 pelajaran" in learner.page(PAGE)
    sit(learner, ONE).submit()
    publish_course(SLUG, changed("Kalimat penting", "Kalimat genting"))
    assert "Kuis 100" in learner.page(PAGE)


def test_read_again_takes_a_lesson_back_until_it_is_finished_anew(learner: Client, time: Time) -> None:
    for lesson in (ONE, TWO):
        learner.send(f"{PAGE}/{lesson}")
    time.forward(days=1)
    publish_course(SLUG, changed(*NEWER), reread=(ONE,))
    assert "1 dari 2 pelajaran" in learner.page(PAGE)
    assert "Selesai, lanjut" in learner.page(f"{PAGE}/{ONE}")
    learner.send(f"{PAGE}/{ONE}")
    assert "2 dari 2 pelajaran" in learner.page(PAGE)
    db.session.rollback()
    assert db.session.query(Reading).filter_by(lesson=ONE).count() == 2


def test_read_again_leaves_quizzes_passed(learner: Client) -> None:
    learner.send(f"{PAGE}/{ONE}")
    sit(learner, ONE).submit()
    publish_course(SLUG, changed(*NEWER), reread=(ONE,))
    assert "1 kuis" in learner.page(PAGE).partition("kurang untuk sertifikat")[2]


def test_read_again_does_not_reach_a_bimtek_that_pins_the_edition_before(cast: Cast, client: Client) -> None:
    sign_in(client, cast.participant)
    client.send(f"{PAGE}/{ONE}")
    publish_course(SLUG, changed(*NEWER), reread=(ONE,))
    assert finished(cast.participant) == {ONE}
    sign_in(client, cast.stranger)
    client.send("/ikut/B1MTEK")
    client.send(f"{PAGE}/{ONE}")
    assert finished(cast.stranger) == {ONE}


def test_after_a_roll_back_nobody_is_stuck(learner: Client) -> None:
    learner.send(f"{PAGE}/{ONE}")
    publish_course(SLUG, changed(*NEWER), reread=(ONE,))
    assert finished(person_of(learner)) == set()
    with writing():
        assert roll_back(1, 1, START)
    assert finished(person_of(learner)) == {ONE}
    with writing():
        assert roll_back(1, 2, START)
    assert finished(person_of(learner)) == set()
    learner.send(f"{PAGE}/{ONE}")
    assert finished(person_of(learner)) == {ONE}


def test_a_renamed_lesson_is_followed_through_all_its_names(learner: Client) -> None:
    learner.send(f"{PAGE}/{ONE}")
    sit(learner, ONE).submit()
    for old, new in (("dasar/satu", "dasar/antara"), ("dasar/antara", "dasar/awal")):
        files = changed("dasar/satu.md", f"{new}.md")
        files[f"{new}.md"] = files.pop("dasar/satu.md")
        files["kursus.toml"] += f'\n[pindah]\n"dasar/satu" = "dasar/antara"\n"{old}" = "{new}"\n'.encode().replace(
            b'"dasar/satu" = "dasar/antara"\n"dasar/satu" = "dasar/antara"\n', b'"dasar/satu" = "dasar/antara"\n'
        )
        publish_course(SLUG, files)
        text = learner.page(PAGE)
        assert "1 dari 2 pelajaran" in text
        assert "Kuis 100" in text
        assert learner.get(f"{PAGE}/dasar/satu").location == f"{PAGE}/{new}"


def test_names_that_go_round_in_a_circle_do_no_harm(learner: Client) -> None:
    learner.send(f"{PAGE}/{ONE}")
    files = changed("Kalimat pembuka", "Kalimat baru")
    files["kursus.toml"] += b'\n[pindah]\n"dasar/a" = "dasar/b"\n"dasar/b" = "dasar/a"\n"dasar/x" = "dasar/tiada"\n'
    publish_course(SLUG, files)
    assert "1 dari 2 pelajaran" in learner.page(PAGE)
    for path in ("dasar/a", "dasar/x"):
        assert learner.get(f"{PAGE}/{path}").status_code == 404


def test_finished_twice_in_one_edition_is_one_row(learner: Client) -> None:
    enrolment = db.session.query(Enrolment.id).scalar()
    for _ in range(2):
        with writing():
            finish_lesson(enrolment, ONE, 1, START)
    assert db.session.query(Reading).count() == 1


def test_the_best_attempt_stands_and_a_later_failure_takes_nothing(learner: Client) -> None:
    learner.send(f"{PAGE}/{ONE}")
    sit(learner, ONE).submit()
    sit(learner, ONE, 2).submit(right=False)
    assert "Kuis 100" in learner.page(PAGE)


def test_who_has_not_joined_finishes_nothing(client: Client, cast: Cast) -> None:
    sign_in(client, cast.stranger)
    assert client.send(f"{PAGE}/{ONE}").location == PAGE
    assert db.session.query(Reading).count() == 0
    assert finished(cast.stranger) == set()
