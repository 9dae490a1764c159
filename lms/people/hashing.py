"""Passwords and PINs: argon2id, at most two hashes at once, because each holds 19 MB while it runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lms.db.engine import Busy, not_while_writing

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_at_once = threading.Semaphore(2)
WAIT_SECONDS = 1

# Checked when there is no such account, so that the answer takes as long.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c2luYXVwc21zaW5hdQ$AYzqmULsIZy4+4NN2KUlQDk2cSlcuEbJAgNZvgEjyVg"


@contextmanager
def _alone() -> Iterator[None]:
    """Wait for one of two places to hash; Busy when that takes long, so that hashing never holds every thread."""
    not_while_writing("hash")
    if not _at_once.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _at_once.release()


def hash_password(password: str) -> str:
    """The encoded argon2id hash; slow on purpose, so never inside a write."""
    with _alone():
        return _hasher.hash(password)


def password_matches(encoded: str, password: str) -> bool:
    """Whether the password is the one; an empty or unreadable hash matches nothing and takes as long."""
    with _alone():
        try:
            return _hasher.verify(encoded or NOBODY, password) and bool(encoded)
        except (VerificationError, InvalidHashError):
            return False
