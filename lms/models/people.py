"""People, the browsers they signed in with, and what keeps sign-in from being guessed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.database import Model, UtcTime

RANDOM_ID = String(32)


class Person(Model):
    """Somebody who learns, teaches or runs the site. Phones are not unique: families share one."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    title_before: Mapped[str] = mapped_column(String(40), default="")
    title_after: Mapped[str] = mapped_column(String(40), default="")
    region: Mapped[str | None] = mapped_column(String(13))
    phone: Mapped[str] = mapped_column(String(20), default="")
    login: Mapped[str | None] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    is_admin: Mapped[bool] = mapped_column(default=False)
    card_serial: Mapped[int] = mapped_column(default=1)
    card_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Device(Model):
    """A signed-in browser; its id is random, and worth nothing outside the signed session cookie."""

    id: Mapped[str] = mapped_column(RANDOM_ID, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class NoticeAgreement(Model):
    """Which version of the privacy notice a person was shown, and when."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    version: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcTime)


class Joining(Model):
    """A join form that was sent: the same form id again gives the same person."""

    form_id: Mapped[str] = mapped_column(RANDOM_ID, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)


class OneTimeCode(Model):
    """A link that works once; only the hash of its secret is kept."""

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)

    __table_args__ = (CheckConstraint("purpose in ('admin')", name="purpose"),)


class LimitCount(Model):
    """How often something was tried in one window of time; `window` is the start, in seconds since 1970."""

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index(None, "window"),)
