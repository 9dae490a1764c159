"""How often a thing may be tried in a stretch of time: counted in the database, so every process and restart agrees."""

from datetime import UTC, datetime

from sqlalchemy import bindparam, delete, func, select

from lms.db.engine import db, insert_for, read
from lms.db.tables import LimitCount

KEPT_SECONDS = 2 * 86_400

# Who guesses asks these all the time, so they are built once.
_TRIED = select(LimitCount.count).where(LimitCount.key == bindparam("key"), LimitCount.window == bindparam("window"))
_TRIED_SINCE = select(func.sum(LimitCount.count), func.min(LimitCount.window)).where(
    LimitCount.key == bindparam("key"), LimitCount.window > bindparam("window"), LimitCount.count > 0
)


def count_try(key: str, seconds: int, now: datetime, amount: int = 1) -> int:
    """Add to the count of `key` in the present window and give the sum; -1 takes a try back."""
    start = int(now.timestamp()) // seconds * seconds
    insert = insert_for(LimitCount).values(key=key, window=start, count=amount)
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=[LimitCount.key, LimitCount.window], set_={"count": LimitCount.count + amount}
        )
    )
    db.session.execute(delete(LimitCount).where(LimitCount.window < start - KEPT_SECONDS))
    return tried(key, seconds, now)


def tried(key: str, seconds: int, now: datetime) -> int:
    """How often in the present window."""
    start = int(now.timestamp()) // seconds * seconds
    return read(_TRIED, {"key": key, "window": start}).scalar() or 0


def tried_since(key: str, start: datetime) -> tuple[int, datetime | None]:
    """How often in all windows that begin after a moment, and when the first of them began."""
    count, first = read(_TRIED_SINCE, {"key": key, "window": int(start.timestamp())}).one()
    return count or 0, None if first is None else datetime.fromtimestamp(first, UTC)
