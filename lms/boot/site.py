"""What most commands begin with: the settings, the site they speak of, and one line where there is none."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from sqlalchemy.exc import OperationalError

from lms.boot.app import create_app
from lms.db.engine import db
from lms.db.migrations import refusal, revision_of
from lms.db.settings import Settings, load_settings


def fail(text: str) -> NoReturn:
    """Say one thing on standard error and end with 1."""
    click.echo(text, err=True)
    sys.exit(1)


@contextmanager
def site() -> Iterator[Settings]:
    """The site that was set up, with its settings."""
    settings = load_settings()
    with create_app(settings).app_context():
        with reachable_database():
            revision = revision_of(db.engine)
        if revision is None:
            fail("Basis data ini belum disiapkan. Jalankan dulu: lms init")
        if why := refusal(revision):
            fail(why)
        yield settings


@contextmanager
def reachable_database() -> Iterator[None]:
    """What first asks the database; where it can't be opened the command ends."""
    try:
        yield
    except OperationalError as error:
        why, _, _ = str(error.orig).partition("\n")
        fail(f"Basis data tidak dapat dibuka ({why}). Periksa LMS_DATA dan DATABASE_URL.")
