"""Cards before the trainer's camera: what the phone sends, now or after the hall's network was gone."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from lms.db.engine import db, writing
from lms.db.tables import Attendance, Person
from lms.people.cards import card_hash, card_token
from tests.bimtek.hall import add_meeting, close, note, noted, part_of
from tests.conftest import KEY, START, Cast, Client, Time, add_member, add_person
from tests.learn.test_queries_count import statements

MINUTE = 60_000


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/pelatih/B1MTEK/hadir/{add_meeting(cast.bimtek)}/pindai"


def card_of(person_id: int) -> str:
    return card_hash(card_token(KEY[::-1], person_id, 1))


def scan(card: str, number: int = 1, age: int = 0) -> dict[str, Any]:
    return {"id": f"{number:032x}", "sidik": card, "umur": age}


def send(client: Client, page: str, *scans: Any) -> TestResponse:
    headers = {"X-CSRFToken": client.token(), "Referer": "https://sinau.test/"}
    return client.post(page, json={"pindaian": list(scans)}, headers=headers)


def told(response: TestResponse) -> list[tuple[str, str]]:
    assert response.json is not None
    return [(each["nama"], each["hasil"]) for each in response.json["pindaian"]]


def test_a_scanned_card_notes_its_holder_by_name(trainer: Client, cast: Cast, page: str) -> None:
    assert told(send(trainer, page, scan(card_of(cast.participant)))) == [("Siti Aminah", "tercatat")]
    row = db.session.query(Attendance).one()
    assert (row.membership_id, row.state, row.way) == (part_of(cast.participant, cast.bimtek), "hadir", "kartu")
    assert (row.noted_at, row.by_id) == (START, cast.trainer)


def test_a_lost_reply_and_a_second_phone_note_it_once(trainer: Client, cast: Cast, page: str) -> None:
    card = card_of(cast.participant)
    send(trainer, page, scan(card))
    assert told(send(trainer, page, scan(card))) == [("Siti Aminah", "sudah")]
    assert told(send(trainer, page, scan(card, 2))) == [("Siti Aminah", "sudah")]
    assert len(noted(1)) == 1


def test_what_waited_for_the_network_counts_when_it_was_scanned(
    trainer: Client, cast: Cast, page: str, time: Time
) -> None:
    time.forward(minutes=40)
    send(trainer, page, scan(card_of(cast.participant), age=30 * MINUTE))
    assert noted(1) == [(part_of(cast.participant, cast.bimtek), "hadir", "kartu")]
    time.forward(days=2)
    late = add_person("Wagimin")
    add_member(late, cast.bimtek)
    assert told(send(trainer, page, scan(card_of(late), 2, age=2 * 24 * 60 * MINUTE))) == [("Wagimin", "tercatat")]
    assert noted(1)[-1][1] == "terlambat"


def test_a_card_of_nobody_here_or_outside_the_hours_is_told(trainer: Client, cast: Cast, page: str, time: Time) -> None:
    time.forward(hours=6)
    scans = scan(card_of(cast.other), 1), scan("0" * 64, 2), scan(card_of(cast.participant), 3)
    assert told(send(trainer, page, *scans)) == [
        ("", "tak dikenal"),
        ("", "tak dikenal"),
        ("Siti Aminah", "di luar jam"),
    ]
    assert noted(1) == []


def test_a_card_of_who_was_merged_is_that_of_who_stayed(trainer: Client, cast: Cast, page: str) -> None:
    twin = add_person("Siti Aminnah")
    with writing():
        db.session.get_one(Person, twin).merged_into_id = cast.participant
    assert told(send(trainer, page, scan(card_of(twin)))) == [("Siti Aminah", "tercatat")]


def test_a_correction_made_meanwhile_stands(trainer: Client, cast: Cast, page: str, time: Time) -> None:
    time.forward(minutes=30)
    note(1, part_of(cast.participant, cast.bimtek), "tidak", time.now)
    time.forward(minutes=5)
    assert told(send(trainer, page, scan(card_of(cast.participant), age=20 * MINUTE))) == [("Siti Aminah", "sudah")]
    assert [row[1] for row in noted(1)] == ["tidak"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"pindaian": {}},
        {"pindaian": [scan("0" * 64)] * 101},
    ],
)
def test_anything_else_is_refused_whole(trainer: Client, page: str, body: Any) -> None:
    headers = {"X-CSRFToken": trainer.token(), "Referer": "https://sinau.test/"}
    response = trainer.post(page, json=body, headers=headers)
    assert response.status_code == 400
    assert response.mimetype == "application/json"
    assert noted(1) == []


def test_each_scan_is_judged_alone(trainer: Client, cast: Cast, page: str) -> None:
    card = card_of(cast.participant)
    ages: list[Any] = [8 * 24 * 60 * MINUTE, -1, 2**70, "1", 1.5, None]
    wrong = [{**scan(card, number), "umur": age} for number, age in enumerate(ages)]
    hashes: list[Any] = ["x" * 64, "", None, []]
    cards = [{**scan(card, number), "sidik": other} for number, other in enumerate(hashes, 10)]
    nameless: list[Any] = [None, [], {}, {**scan(card), "id": "x"}, {**scan(card), "id": None}]
    assert told(send(trainer, page, *wrong, *cards, *nameless, scan(card, 20))) == [
        *[("Siti Aminah", "di luar jam")] * len(wrong),
        *[("", "tak dikenal")] * len(cards),
        ("Siti Aminah", "tercatat"),
    ]
    assert len(noted(1)) == 1


def test_a_closed_bimtek_says_so_to_the_script(trainer: Client, cast: Cast, page: str) -> None:
    close(cast.bimtek)
    response = send(trainer, page, scan(card_of(cast.participant)))
    assert response.status_code == 409
    assert response.json is not None
    assert response.json["text"].startswith("Bimtek ini sudah ditutup.")


def test_each_scan_costs_one_statement(trainer: Client, cast: Cast, page: str) -> None:
    people = [add_person(f"Orang {number}") for number in range(12)]
    for person in people:
        add_member(person, cast.bimtek)
    trainer.token()
    costs = []
    for part in (people[:1], people[1:]):
        with statements() as sent:
            send(trainer, page, *(scan(card_of(person), person) for person in part))
        costs.append(len(sent) - len(part))
    assert costs[0] == costs[1] <= 8
