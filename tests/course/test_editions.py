"""Publishing, comparing and rolling back: only what was checked, appended, and never the same twice."""

from collections.abc import Iterable

import pytest
from flask import Flask

from lms.authoring.queries import history
from lms.course import actions, queries
from lms.course.actions import DraftChanged, NotPublishable, fingerprint
from lms.course.folder import read_folder
from lms.db.engine import db, writing
from lms.db.tables import Edition, EditionFile, Publication, Reread
from tests.conftest import COURSE, SLUG, START, Client, publish_course
from tests.quiz.test_open import changed

LESSON = f"/belajar/{SLUG}/dasar/satu"


def draft(files: dict[str, bytes]) -> int:
    with writing():
        return actions.import_draft(SLUG, files).id


def numbers() -> list[int]:
    db.session.rollback()
    return [number for _, number, _ in queries.editions(1)]


def test_publishing_makes_the_next_number_current_and_keeps_the_ones_before(app: Flask, client: Client) -> None:
    publish_course(SLUG, changed("Kalimat pembuka", "Kalimat kedua"))
    assert numbers() == [2, 1]
    assert "Kalimat kedua" in client.page(LESSON)
    assert len(history(1)) == 2


def test_publishing_what_is_current_changes_nothing(app: Flask) -> None:
    course_id = draft(read_folder(COURSE))
    checked = actions.check_draft(course_id, START.date())
    with writing():
        assert actions.publish(checked, START) is None
    assert numbers() == [1]
    assert db.session.query(Publication).count() == 1


def test_an_older_text_published_again_is_a_new_edition(app: Flask) -> None:
    publish_course(SLUG, changed("Kalimat pembuka", "Kalimat kedua"))
    publish_course(SLUG, read_folder(COURSE))
    assert numbers() == [3, 2, 1]
    first, _, third = [edition.fingerprint for edition in db.session.query(Edition).order_by(Edition.number)]
    assert first == third


def test_a_galat_stops_publishing_and_says_everything(app: Flask, client: Client) -> None:
    broken = changed("- [x] KUNCI-BENAR", "- [ ] KUNCI-BENAR")
    broken["dasar/dua.md"] = broken["dasar/dua.md"].replace(b"Jawaban: 60 | enam puluh", b"Jawaban:")
    checked = actions.check_draft(draft(broken), START.date())
    with pytest.raises(NotPublishable) as caught, writing():
        actions.publish(checked, START)
    galat = [problem for problem in caught.value.problems if problem.level == "galat"]
    assert {problem.path for problem in galat} == {"dasar/satu.md", "dasar/dua.md"}
    assert numbers() == [1]
    assert "KUNCI-BENAR" not in client.page(LESSON)


def test_a_peringatan_does_not_stop_it(app: Flask) -> None:
    files = changed("  > UMPAN-SALAH itu kota lain.\n", "")
    checked = actions.check_draft(draft(files), START.date())
    assert {problem.level for problem in checked.report.problems} == {"peringatan"}
    with writing():
        assert actions.publish(checked, START) is not None


def test_only_what_was_checked_is_published(app: Flask) -> None:
    course_id = draft(changed("Kalimat pembuka", "Kalimat kedua"))
    checked = actions.check_draft(course_id, START.date())
    draft(changed("Kalimat pembuka", "Kalimat ketiga"))
    with pytest.raises(DraftChanged), writing():
        actions.publish(checked, START)
    assert numbers() == [1]


def test_rolling_back_appends_and_changes_no_edition(app: Flask, client: Client) -> None:
    publish_course(SLUG, changed("Kalimat pembuka", "Kalimat kedua"))
    files = db.session.query(EditionFile).count()
    with writing():
        assert actions.roll_back(1, 1, START, why="Salah kutip.") is True
    assert "Kalimat pembuka" in client.page(LESSON)
    with writing():
        assert actions.roll_back(1, 1, START) is False
    assert [each.why for each in history(1)] == ["Salah kutip.", "", ""]
    assert db.session.query(EditionFile).count() == files
    assert numbers() == [2, 1]
    with pytest.raises(LookupError), writing():
        actions.roll_back(1, 9, START)


def test_after_a_roll_back_the_numbers_go_on(app: Flask) -> None:
    publish_course(SLUG, changed("Kalimat pembuka", "Kalimat kedua"))
    with writing():
        actions.roll_back(1, 1, START)
    publish_course(SLUG, changed("Kalimat pembuka", "Kalimat ketiga"))
    assert numbers() == [3, 2, 1]


def test_what_is_to_be_read_again_is_kept_with_the_publication(app: Flask) -> None:
    publish_course(SLUG, changed("Kalimat pembuka", "Kalimat kedua"), reread=("dasar/satu",))
    assert [(row.publication_id, row.lesson) for row in db.session.query(Reread)] == [(2, "dasar/satu")]


def test_the_fingerprint_is_of_the_list_and_not_of_its_order() -> None:
    one = {"a.md": "1" * 64, "b.md": "2" * 64}
    assert fingerprint(one) == fingerprint(dict(reversed(one.items())))
    others: Iterable[dict[str, str]] = (
        {"a.md": "2" * 64, "b.md": "1" * 64},
        {"a.md": "1" * 64},
        {"A.md": "1" * 64, "b.md": "2" * 64},
    )
    assert len({fingerprint(other) for other in others} | {fingerprint(one)}) == 4
