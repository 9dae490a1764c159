"""How often a thing may be tried in a stretch of time: counted in the database, so every process and restart agrees."""

from datetime import datetime

from sqlalchemy import delete, func, select

from lms.database import db, insert_for
from lms.models import LimitCount

KEPT_SECONDS = 2 * 86_400


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
    held = select(func.coalesce(func.sum(LimitCount.count), 0)).where(LimitCount.key == key, LimitCount.window == start)
    return db.session.scalar(held) or 0
