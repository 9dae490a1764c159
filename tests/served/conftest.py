"""A served site with the small test course, closed whatever happens."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.baked import shared
from tests.served.site import COURSE, Served


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Served]:
    """A server on an empty folder, not started."""
    served = Served(tmp_path / "data")
    yield served
    served.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site with the bundled courses and the small test course, made by the commands."""
    return shared(tmp_path_factory, "served", _fill)


def _fill(folder: Path) -> None:
    site = Served(folder)
    for words in (("init",), ("import", str(COURSE), "--kursus", "kursus", "--terbitkan")):
        done = site.lms(*words)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def served(empty: Served, filled: Path) -> Served:
    """A running server with the small test course."""
    shutil.copytree(filled, empty.data)
    empty.start()
    return empty


@pytest.fixture
def code(served: Served) -> str:
    """The join code of the test course's self-study cohort."""
    statement = "select c.code from cohort c join course k on k.id = c.course_id where k.slug = 'kursus'"
    found: str = served.rows(statement)[0][0]
    return found
