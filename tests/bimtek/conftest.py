"""The trainer of a bimtek."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from lms.bimtek import actions
from lms.bimtek.survey import Answers
from lms.db.engine import db, writing
from lms.db.tables import Meeting
from tests.baked import Baked
from tests.conftest import START, Cast, Client, Time, add_member, add_person, sign_in


@pytest.fixture
def trainer(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.trainer, "Retno Wulandari")


PAGE, DESK = "/survei/B1MTEK", "/pelatih/B1MTEK/survei"
ANSWERS = {"acara-undangan": "4", "acara-aplikasi": "3", "tulis-saran": "Lebih banyak contoh", "cukup": "ya"}


@dataclass
class Event:
    """The bimtek of the cast."""

    cast: Cast
    time: Time
    client: Client

    def participants(self, count: int) -> list[int]:
        """The memberships of so many more people."""
        return [add_member(add_person(f"Peserta {number:03}"), self.cast.bimtek) for number in range(count)]

    def browser(self, person_id: int) -> Client:
        """A new browser of somebody."""
        client = self.client.application.test_client()
        assert isinstance(client, Client)
        return sign_in(client, person_id)

    def answer(self, memberships: list[int], answers: Answers | None = None) -> None:
        """Each sends the survey, one after the other."""
        for member in memberships:
            with writing():
                assert actions.send_survey(self.cast.bimtek, member, answers or {"acara-undangan": 4}, self.time.now)

    def close(self) -> None:
        with writing():
            assert actions.close_survey(self.cast.bimtek, self.cast.trainer, self.time.now)


def add_meeting(
    cohort_id: int, speaker: str, subject: str = "Asesmen", *, hour: int = 1, cancelled: bool = False
) -> int:
    """A meeting of the day; its id."""
    begins = START + timedelta(hours=hour)
    with writing():
        meeting = Meeting(
            cohort_id=cohort_id, speaker=speaker, subject=subject, starts_at=begins, ends_at=begins + timedelta(hours=1)
        )
        meeting.cancelled_at = START if cancelled else None
        db.session.add(meeting)
        db.session.flush()
        return meeting.id


@pytest.fixture
def event(cast: Cast, client: Client, time: Time, baked: Baked) -> Event:
    """The survey is not open yet."""
    baked.once("held", lambda: add_meeting(cast.bimtek, "Drs. Wiyono"))
    return Event(cast, time, client)


@pytest.fixture
def opened(event: Event) -> Event:
    """The survey is open."""
    with writing():
        assert actions.open_survey(event.cast.bimtek, event.cast.trainer, event.time.now)
    return event
