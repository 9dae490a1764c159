"""What most commands begin with: the settings, the site they speak of, and one line where there is none."""

import re
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

# All but tab and line feed: a lesson must not retitle the terminal of who checks it, nor turn its letters around.
COMMANDS_OF_TERMINALS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def say(text: str, *, nl: bool = True, err: bool = False) -> None:
    """Print a text whose letters may be anybody's; what would command a terminal is shown as a sign."""
    click.echo(COMMANDS_OF_TERMINALS.sub("\ufffd", text), nl=nl, err=err)


def fail(text: str, code: int = 1) -> NoReturn:
    """Say one thing on standard error and end with this code."""
    say(text, err=True)
    sys.exit(code)


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
