"""A trainer's browser beside a participant's, and the member's address on the desk."""

from collections.abc import Callable

import pytest

from tests.conftest import Cast, Client, membership_of, sign_in


@pytest.fixture
def trainer(cast: Cast, client: Client) -> Client:
    """The trainer of the participant's bimtek."""
    return sign_in(client, cast.trainer, "Retno Wulandari")


@pytest.fixture
def siti(browser: Callable[[], Client], cast: Cast) -> Client:
    """The participant's own phone."""
    return sign_in(browser(), cast.participant)


@pytest.fixture
def home(cast: Cast) -> str:
    """The participant's page on the desk."""
    return f"/pelatih/B1MTEK/anggota/{membership_of(cast.participant, cast.bimtek).id}"
