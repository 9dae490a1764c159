"""Whom somebody is told to turn to: a trainer where they have one, else the office."""

import re
from collections.abc import Iterator, Mapping

from lms.certificate.office import set_office
from lms.course.queries import course_by_slug
from lms.db.engine import db, writing
from lms.db.settings import ROOT
from lms.db.tables import Membership
from lms.people.office import turn_to
from lms.people.queries import selfstudy_code
from tests.certificate.test_take import OFFICE
from tests.conftest import SLUG, START, Cast, Client, add_member, add_person

YOURS = re.compile(r"(?:[Hh]ubungi|[Ss]ampaikan kepada|[Tt]anyakan kepada|dibaca) pelatih Anda(?! atau)")


def promising(files: Mapping[str, str]) -> Iterator[str]:
    """Places that send everybody to a trainer, who self-learners haven't got."""
    for path, source in files.items():
        yield from (f"{path}: {match[0]}" for match in YOURS.finditer(source))


def test_a_participant_of_a_trained_cohort_turns_to_the_trainer(cast: Cast) -> None:
    assert turn_to(cast.participant) == "pelatih Anda"


def test_who_studies_alone_turns_to_the_office(cast: Cast) -> None:
    alone = add_person("Parti")
    add_member(alone)
    assert turn_to(alone) == "Dinas Sosial"
    with writing():
        set_office(OFFICE, START)
    assert turn_to(alone) == "Dinas Sosial Kabupaten Wonogiri"


def test_a_trainer_or_a_cohort_that_was_left_is_none(cast: Cast) -> None:
    with writing():
        db.session.query(Membership).filter_by(person_id=cast.trainer, role="pelatih").one().left_at = START
        db.session.query(Membership).filter_by(person_id=cast.other, cohort_id=cast.other_bimtek).one().left_at = START
    assert turn_to(cast.participant) == turn_to(cast.other) == "Dinas Sosial"


def test_no_page_sends_everybody_to_a_trainer() -> None:
    paths = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "lms").rglob("*.py")]
    assert list(promising({path.name: path.read_text(encoding="utf-8") for path in paths})) == []


def test_a_page_that_does_is_red() -> None:
    assert list(promising({"a.html": "<p>Habis. Hubungi pelatih Anda.</p>", "b.html": "hubungi {{ turn_to }}"})) == [
        "a.html: Hubungi pelatih Anda"
    ]


def test_the_join_page_of_self_study_names_the_office(client: Client, cast: Cast) -> None:
    course = course_by_slug(SLUG)
    assert course
    assert "hubungi Dinas Sosial" in client.page(f"/ikut/{selfstudy_code(course.id)}")
    assert "hubungi pelatih" in client.page("/ikut/B1MTEK")
