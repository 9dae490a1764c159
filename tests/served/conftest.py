"""A served site with the small test course, closed whatever happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served.site import COURSE, Served


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Served]:
    """A server on an empty folder, not started."""
    served = Served(tmp_path / "data")
    yield served
    served.close()


@pytest.fixture
def served(empty: Served) -> Served:
    """A running server with the small test course."""
    done = empty.lms("init")
    assert done.returncode == 0, done.stderr
    done = empty.lms("import", str(COURSE), "--kursus", "kursus", "--terbitkan")
    assert done.returncode == 0, done.stderr
    empty.start()
    return empty


@pytest.fixture
def code(served: Served) -> str:
    """The join code of the test course's self-study cohort."""
    statement = "select c.code from cohort c join course k on k.id = c.course_id where k.slug = 'kursus'"
    found: str = served.rows(statement)[0][0]
    return found
