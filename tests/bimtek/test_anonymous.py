"""Trying to find out who said what: from every order that the database has, knowing who sent when."""

import json
import random
from collections.abc import Sequence

import pytest
from sqlalchemy import delete, select

from lms.bimtek import actions
from lms.db.engine import db, writer, writing
from lms.db.tables import Membership, SurveyResponse
from tests.bimtek.conftest import Event
from tests.scene import open_file

CROWD = 45
FOUND_BY_CHANCE = 8
"""In a shuffled order one of all is found on average, more than this once in 100,000 tries."""

ORDERS = {
    "rows as they lie in the file": "rowid",
    "ids": "id",
    "rows backwards": "rowid desc",
}


def markers(order: str) -> list[int]:
    """Whose answers stand where in this order: each person wrote a number of their own."""
    with open_file() as file:
        rows = file.execute(f"select answers from survey_response order by {order}")  # Ours, above.
        return [int(json.loads(answers)["tulis-saran"]) for (answers,) in rows]


def found(order: str, sent: Sequence[int]) -> int:
    """How many are named rightly by who takes the one order for the other."""
    return sum(one == other for one, other in zip(markers(order), sent, strict=True))


def crowd_answers(event: Event) -> list[int]:
    """Everybody sends, in an order that the attacker knows; the marker of each is their membership."""
    members = event.participants(CROWD)
    random.Random(7).shuffle(members)
    for member in members:
        event.answer([member], {"tulis-saran": str(member)})
    return members


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_no_order_of_the_answers_tells_whose_they_are(opened: Event, order: str) -> None:
    sent = crowd_answers(opened)
    opened.close()
    assert sorted(markers(order)) == sorted(sent)
    for known in (sent, sent[::-1], sorted(sent)):
        assert found(order, known) <= FOUND_BY_CHANCE


def test_an_order_that_was_not_shuffled_would_tell_everybody(opened: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "mix_answers", lambda _cohort_id: None)
    sent = crowd_answers(opened)
    opened.close()
    assert found("rowid", sent) == CROWD


def test_ids_that_count_up_would_tell_everybody(opened: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter(range(100_000))
    monkeypatch.setattr(actions, "random_id", lambda: f"{next(numbers):09}")
    sent = crowd_answers(opened)
    opened.close()
    assert found("id", sent) > FOUND_BY_CHANCE


def test_tickets_lie_in_the_order_of_the_members_whoever_came_first(opened: Event) -> None:
    sent = crowd_answers(opened)
    with open_file() as file:
        tickets = [row[0] for row in file.execute("select membership_id from survey_ticket order by rowid")]
    assert tickets == sorted(sent)


def test_nothing_of_a_person_or_a_time_stands_beside_an_answer(opened: Event) -> None:
    crowd_answers(opened)
    columns = set(SurveyResponse.__table__.c.keys())
    assert columns == {"id", "cohort_id", "boxed", "answers"}


def boxed() -> int:
    db.session.rollback()
    return db.session.query(SurveyResponse).filter_by(boxed=True).count()


def test_answers_wait_until_five_are_together_or_the_survey_closes(opened: Event) -> None:
    members = opened.participants(7)
    opened.answer(members[:4])
    assert boxed() == 4
    before = set(db.session.scalars(select(SurveyResponse.id)))
    opened.answer(members[4:5])
    assert boxed() == 0
    assert before.isdisjoint(db.session.scalars(select(SurveyResponse.id)))
    opened.answer(members[5:])
    assert boxed() == 2
    opened.close()
    assert boxed() == 0
    assert db.session.query(SurveyResponse).count() == 7


def test_what_waits_in_one_cohort_is_no_matter_of_another(opened: Event) -> None:
    opened.answer(opened.participants(3))
    with writing():
        actions.mix_answers(opened.cast.other_bimtek)
    assert boxed() == 3


def test_the_keys_of_an_answer_have_one_order(opened: Event) -> None:
    members = opened.participants(2)
    browsers = [opened.browser(member) for member in _persons(members)]
    fields = {"acara-undangan": "4", "daring-huruf": "3", "tulis-saran": "Baik", "cukup": "ya"}
    browsers[0].send("/survei/B1MTEK", **fields)
    browsers[1].send("/survei/B1MTEK", **dict(reversed(fields.items())))
    with open_file() as file:
        texts = [row[0] for row in file.execute("select answers from survey_response")]
    assert texts[0] == texts[1]


def _persons(memberships: Sequence[int]) -> list[int]:
    return list(db.session.scalars(select(Membership.person_id).where(Membership.id.in_(memberships))))


def test_a_write_that_fails_half_way_loses_and_shows_nothing(opened: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    members = opened.participants(5)
    opened.answer(members[:4])

    def breaks(cohort_id: int) -> None:
        writer().execute(delete(SurveyResponse).where(SurveyResponse.cohort_id == cohort_id))
        raise RuntimeError

    monkeypatch.setattr(actions, "mix_answers", breaks)
    with pytest.raises(RuntimeError):
        opened.answer(members[4:])
    assert boxed() == 4
