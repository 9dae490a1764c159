"""A join form that is sent again after its person left signs nobody in: whoever shares the phone could send it."""

from collections.abc import Callable

import pytest

from lms.db.engine import db, writing
from lms.db.tables import Device, Joining, Person
from lms.people import actions
from tests.conftest import Cast, Client, Time
from tests.people.easy import name_of

FORM = {"formulir": "formulir-percobaan-1", "nama": "Sri Wahyuningsih", "desa": "33.12.01.2001", "setuju": "ya"}
LEAVING: dict[str, Callable[[int, str, Time], None]] = {
    "sign_out": lambda person, device, time: actions.sign_out(person, device, time.now),
    "end_devices": lambda person, device, time: actions.end_devices(person, time.now),
    "replace_card": lambda person, device, time: actions.replace_card(person, time.now),
}


def join(client: Client) -> None:
    assert client.send("/ikut/B1MTEK", **FORM).status_code == 303


def test_before_that_it_is_the_same_person(cast: Cast, client: Client, browser: Callable[[], Client]) -> None:
    join(client)
    join(browser())
    assert db.session.query(Person).filter_by(name="Sri Wahyuningsih").count() == 1


@pytest.mark.parametrize("way", LEAVING)
def test_afterwards_nobody_is_signed_in_as_them(
    cast: Cast, client: Client, browser: Callable[[], Client], time: Time, way: str
) -> None:
    join(client)
    left = db.session.query(Device).one()
    person, device = left.person_id, left.id
    with writing():
        LEAVING[way](person, device, time)
    assert db.session.query(Joining).count() == 0
    again = browser()
    again.send("/ikut/B1MTEK", **FORM)
    assert db.session.query(Device).filter_by(person_id=person).count() == 1
    assert name_of(again) == "Sri Wahyuningsih"  # A new account, with nothing of theirs.
