"""The trainer of a bimtek."""

import pytest

from tests.conftest import Cast, Client, sign_in


@pytest.fixture
def trainer(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.trainer, "Retno Wulandari")
