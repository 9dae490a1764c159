"""Courses: the draft that is edited, the immutable editions that are read, and the bytes of both."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.engine import Model
from lms.db.labels import RIGHT, STAFF

PATH = String(200)
HASH = String(64)


class Blob(Model):
    """Bytes under their SHA-256; never changed, so whatever is derived from them can be cached for ever."""

    hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    data: Mapped[bytes]


class Course(Model):
    """A course. `bundled_fingerprint` is that of the bundled folder as it was published last: while the draft still
    has it, nobody edited the draft since, and a newer folder may take its place."""

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    bundled_fingerprint: Mapped[str] = mapped_column(HASH, default="")
    current_edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id", use_alter=True))


class CourseEditor(Model):
    """The right to edit a course."""

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True, info=RIGHT("Kursus"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(info=RIGHT("Sejak"))


class DraftFile(Model):
    """One file of a course as it is being edited, and who saved it last in the browser.

    Without a blob it was taken out of the draft, which a publication has yet to follow.
    """

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    path: Mapped[str] = mapped_column(PATH, primary_key=True)
    blob_hash: Mapped[str | None] = mapped_column(ForeignKey("blob.hash"))
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=STAFF("Disunting oleh"))
    changed_at: Mapped[datetime | None] = mapped_column(info=STAFF("Disunting pada"))


class Edition(Model):
    """A published state of a course; `fingerprint` is the SHA-256 over its list of paths and hashes."""

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(HASH)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("course_id", "number"),)


class EditionFile(Model):
    """One file of an edition."""

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    path: Mapped[str] = mapped_column(PATH, primary_key=True)
    blob_hash: Mapped[str] = mapped_column(ForeignKey("blob.hash"), index=True)


class Publication(Model):
    """An edition became the current one: by publishing or by rolling back."""

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=STAFF("Diterbitkan oleh"))
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(500), default="")


class Reread(Model):
    """A publication asks everybody to read this lesson again: what was finished before it no longer counts."""

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    lesson: Mapped[str] = mapped_column(PATH, primary_key=True)
