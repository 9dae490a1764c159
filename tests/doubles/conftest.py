"""A participant of a bimtek who is in its list twice, and the trainer who finds that out."""

from dataclasses import dataclass

import pytest

from lms.content.load import edition_view
from lms.content.queries import read_edition
from lms.database import db, writing
from lms.doubles import actions
from lms.learn.queries import Progress, progress
from lms.models import Person
from lms.web.clock import now, today
from tests.conftest import SLUG, Cast, Client, add_member, add_person, membership_of, sign_in

PAGE = "/pelatih/B1MTEK/ganda"


@dataclass
class Twins:
    """The persons and their memberships of the bimtek; each has learned in a browser of their own."""

    stays: int
    gone: int
    one: int
    other: int
    trainer: int

    @property
    def pair(self) -> str:
        """The page of both."""
        return f"{PAGE}/{self.one}/{self.other}"

    def merge(self) -> bool:
        with writing():
            return actions.merge(self.stays, self.gone, self.trainer, now())

    def separate(self) -> bool:
        with writing():
            return actions.separate(self.gone, self.trainer, now())


def progress_of(person_id: int, slug: str = SLUG) -> Progress:
    """As the person's own pages reckon it."""
    db.session.rollback()
    ref = read_edition(slug, person_id, today())
    assert ref is not None
    return progress(ref, edition_view(ref.edition_id, slug))


def change(person_id: int, **values: object) -> None:
    """Set columns of a person."""
    with writing():
        person = db.session.get_one(Person, person_id)
        for name, value in values.items():
            setattr(person, name, value)


@pytest.fixture
def twins(cast: Cast) -> Twins:
    return twins_of(cast)


def twins_of(cast: Cast) -> Twins:
    """The participant of the cast, and the same person once more."""
    twin = add_person("Siti Aminnah")
    add_member(twin)
    add_member(twin, cast.bimtek)
    parts = [membership_of(person, cast.bimtek).id for person in (cast.participant, twin)]
    return Twins(cast.participant, twin, parts[0], parts[1], cast.trainer)


@pytest.fixture
def trainer(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.trainer)
