"""People, the browsers they signed in with, and what keeps sign-in from being guessed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.database import Model, UtcTime

RANDOM_ID = String(32)


class Person(Model):
    """Somebody who learns, teaches or runs the site. Phones are not unique: families share one.

    `card_since` is when the card of this serial was given, None for the first one. Who is deactivated signs in by no
    way; who is merged into another signs in as that one; who is erased is a tombstone without name, kept so that counts
    and certificates stand.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    title_before: Mapped[str] = mapped_column(String(40), default="")
    title_after: Mapped[str] = mapped_column(String(40), default="")
    region: Mapped[str | None] = mapped_column(String(13))
    phone: Mapped[str] = mapped_column(String(20), default="")
    login: Mapped[str | None] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    pin_hash: Mapped[str] = mapped_column(String(200), default="")
    is_admin: Mapped[bool] = mapped_column(default=False)
    card_serial: Mapped[int] = mapped_column(default=1)
    card_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    card_since: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    deactivated_at: Mapped[datetime | None] = mapped_column(UtcTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcTime)

    __table_args__ = (Index(None, "phone"),)


class Device(Model):
    """A signed-in browser; its id is random, and worth nothing outside the signed session cookie.

    `last_seen_at` moves with what its person sends, at most once a day: a page that is only read writes nothing.
    """

    id: Mapped[str] = mapped_column(RANDOM_ID, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcTime)
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


class PersonChange(Model):
    """What a person's name, village or phone was before it was corrected; gone with erasure and retention."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(20))
    old: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)


class ErasureRequest(Model):
    """A person asked to be forgotten; the office has 72 hours. Their certificates stay checkable or are withdrawn."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    keep_certificates: Mapped[bool]
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class OneTimeCode(Model):
    """A secret that works once; only its hash is kept. Its purpose says what it opens:

    admin: a link that makes the first admin. sandi: a link with which a member of staff sets a new password. bantu:
    eight digits that a trainer shows and that sign their person in. tunjuk: eight digits that a browser shows, which
    a trainer confirms by naming the person; `claim` is the hash of the secret that only that browser has.
    """

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    claim: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)

    __table_args__ = (CheckConstraint("purpose in ('admin', 'sandi', 'bantu', 'tunjuk')", name="purpose"),)


class LimitCount(Model):
    """How often something was tried in one window of time; `window` is the start, in seconds since 1970."""

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index(None, "window"),)
