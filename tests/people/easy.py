"""A hash that costs nothing, for tests that guess a thousand times."""

import pytest

from lms.db.engine import db, writing
from lms.db.tables import Person
from lms.people import actions
from tests.conftest import START, Client

PIN, PHONE = "739154", "081234567890"


def easy_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hashes that are the words themselves; fills up with what is worked out for an account that is there."""
    worked_out: list[str] = []

    def matches(encoded: str, password: str) -> bool:
        worked_out.extend([encoded] if encoded else [])
        return encoded == f"hash of {password}"

    for module in ("views", "key_views"):
        monkeypatch.setattr(f"lms.people.{module}.password_matches", matches)
        monkeypatch.setattr(f"lms.people.{module}.hash_password", lambda password: f"hash of {password}")
    return worked_out


def give_pin(person_id: int, pin: str = PIN, phone: str = PHONE) -> None:
    """A phone and a PIN."""
    with writing():
        person = db.session.get_one(Person, person_id)
        person.phone = phone
        actions.set_pin(person_id, f"hash of {pin}", START)


def name_of(client: Client) -> str:
    """Who is signed in, "" for nobody."""
    response = client.get("/saya")
    if response.status_code != 200:
        return ""
    return response.get_data(as_text=True).partition("<h1>")[2].partition("</h1>")[0]
