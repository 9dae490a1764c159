"""A bimtek takes no more people than there is room for."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from lms.db.engine import db, writing
from lms.db.tables import Cohort, Membership
from tests.bimtek.hall import close
from tests.cohort.test_join import GOOD
from tests.conftest import Cast, Client, add_person, sign_in

PAGE = "/ikut/B1MTEK"


@pytest.fixture
def full(cast: Cast) -> int:
    """The cohort, whose one seat is taken."""
    with writing():
        db.session.get_one(Cohort, cast.bimtek).quota = 1
    return cast.bimtek


def count(cohort_id: int) -> int:
    db.session.rollback()
    return db.session.query(Membership).filter_by(cohort_id=cohort_id, role="peserta", left_at=None).count()


def test_who_comes_too_late_reads_what_to_do(client: Client, full: int) -> None:
    assert "Kuota bimtek ini sudah penuh" in client.page(PAGE)
    response = client.send(PAGE, **GOOD)
    assert response.status_code == 409
    assert "Kuota bimtek ini sudah penuh" in response.get_data(as_text=True)
    assert count(full) == 1


def test_the_same_for_somebody_who_is_signed_in(client: Client, cast: Cast, full: int) -> None:
    sign_in(client, cast.stranger)
    assert client.send(PAGE).status_code == 409
    assert count(full) == 1


def test_who_is_in_it_stays_and_a_trainer_may_try_it(client: Client, cast: Cast, full: int) -> None:
    assert sign_in(client, cast.participant).send(PAGE).status_code == 303
    assert sign_in(client, cast.trainer).send(PAGE).status_code == 303
    assert "Kuota" not in client.page(PAGE)


def test_a_seat_that_was_left_is_free_again(client: Client, cast: Cast, full: int) -> None:
    with writing():
        part = db.session.query(Membership).filter_by(cohort_id=full, role="peserta").one()
        part.left_at = part.joined_at
    assert sign_in(client, cast.stranger).send(PAGE).status_code == 303
    assert sign_in(client, cast.participant).send(PAGE).status_code == 409


def test_many_at_once_never_share_the_last_seat(browser: Callable[[], Client], cast: Cast) -> None:
    with writing():
        db.session.get_one(Cohort, cast.bimtek).quota = 3
    clients = [sign_in(browser(), add_person(f"Orang {number}")) for number in range(6)]
    tokens = [client.token() for client in clients]

    def press(each: tuple[Client, str]) -> int:
        client, token = each
        client.lint = False
        with client.application.app_context():
            return client.post(PAGE, data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(press, zip(clients, tokens, strict=True)))
    assert sorted(answers) == [303, 303, 409, 409, 409, 409]
    assert count(cast.bimtek) == 3


def test_nobody_joins_a_closed_bimtek(client: Client, cast: Cast) -> None:
    close(cast.bimtek)
    assert client.get(PAGE).status_code == 404
    assert client.send(PAGE, **GOOD).status_code == 404
