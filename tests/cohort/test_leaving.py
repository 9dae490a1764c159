"""Who has left a cohort has no part in it any more, keeps what they learned, and is back by joining again."""

from lms.certificate.queries import selfstudy_membership
from lms.course.queries import read_edition
from lms.db.engine import db, writing
from lms.db.tables import Cohort, Course, Membership
from lms.quiz.exam_queries import standings
from lms.web.clock import now, today
from tests.cohort.crowd import pairs_in
from tests.conftest import SLUG, Cast, Client, publish_course, sign_in
from tests.learn.test_course import changed
from tests.quiz.exam_course import exam_files
from tests.scene import Scene


def leave(person_id: int, cohort_id: int, role: str = "peserta") -> None:
    with writing():
        held = db.session.query(Membership).filter_by(person_id=person_id, cohort_id=cohort_id, role=role).one()
        held.left_at = now()


def selfstudy() -> int:
    found = db.session.query(Cohort.id).filter_by(kind="mandiri").order_by(Cohort.id).first()
    assert found is not None
    return int(found[0])


def test_the_edition_of_a_bimtek_is_not_read_by_who_left_it(cast: Cast, client: Client) -> None:
    publish_course(SLUG, changed("# Pelajaran satu", "# Pelajaran pertama"))
    sign_in(client, cast.participant)
    assert "Pelajaran satu" in client.page(f"/belajar/{SLUG}")
    leave(cast.participant, cast.bimtek)
    assert "Pelajaran pertama" in client.page(f"/belajar/{SLUG}")


def test_the_join_page_asks_who_left_again_and_joining_clears_it(cast: Cast, client: Client) -> None:
    sign_in(client, cast.participant)
    assert "Anda sudah terdaftar di sini" in client.page("/ikut/B1MTEK")
    leave(cast.participant, cast.bimtek)
    assert "Anda sudah terdaftar di sini" not in client.page("/ikut/B1MTEK")
    assert client.send("/ikut/B1MTEK").status_code == 303
    assert "Anda sudah terdaftar di sini" in client.page("/ikut/B1MTEK")
    mine = db.session.query(Membership).filter_by(person_id=cast.participant, cohort_id=cast.bimtek).all()
    assert [each.left_at for each in mine] == [None]


def test_no_certificate_is_taken_in_a_selfstudy_that_was_left(cast: Cast) -> None:
    course_id = db.session.query(Course.id).filter_by(slug=SLUG).scalar()
    ref = read_edition(SLUG, cast.participant, today())
    assert ref is not None
    assert ref.self_issue
    assert selfstudy_membership(cast.participant, course_id) is not None
    leave(cast.participant, selfstudy())
    ref = read_edition(SLUG, cast.participant, today())
    assert ref is not None
    assert not ref.self_issue
    assert ref.enrolment_id is not None, "what was learned stays"
    assert selfstudy_membership(cast.participant, course_id) is None


def test_a_trainer_who_left_sees_no_certificate_and_no_desk(scene: Scene) -> None:
    page = scene.address("/sertifikat/<certificate_id>")
    trainer, owner = scene.browser("trainer"), scene.browser("owner")
    assert trainer.get(page).status_code == 200
    leave(scene.cast.trainer, selfstudy(), "pelatih")
    assert trainer.get(page).status_code == 404
    leave(scene.cast.participant, selfstudy())
    assert owner.get(page).status_code == 200, "the sheet stays its owner's"


def test_the_tests_hang_on_a_part_that_was_not_left_and_a_passed_one_stays(scene: Scene) -> None:
    person = scene.cast.participant
    ref = read_edition(SLUG, person, today())
    assert ref is not None
    assert ref.enrolment_id is not None
    before = standings([ref])[ref.enrolment_id]
    assert before.passed
    assert len(pairs_in(scene.cast.bimtek)) == 1
    leave(person, scene.cast.bimtek)
    ref = read_edition(SLUG, person, today())
    assert ref is not None
    after = standings([ref])[ref.enrolment_id or 0]
    assert after.membership_id != before.membership_id
    assert after.selfstudy
    assert after.passed
    assert pairs_in(scene.cast.bimtek) == []
    leave(person, selfstudy())
    assert standings([ref]) == {}


def test_who_left_everything_is_shown_the_course_instead_of_a_test(cast: Cast, client: Client) -> None:
    publish_course(SLUG, exam_files())
    sign_in(client, cast.participant)
    leave(cast.participant, cast.bimtek)
    assert client.get(f"/tes/{SLUG}/awal").status_code == 200
    leave(cast.participant, selfstudy())
    assert client.get(f"/tes/{SLUG}/awal").location == f"/belajar/{SLUG}"
