"""Writes of what comes in: an archive that waits for its yes, one lesson. Nothing here commits."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, insert

from lms.authoring.single import Single, with_lesson
from lms.course import queries as content
from lms.course.actions import DraftChanged, fingerprint, hash_files, save_file, save_files
from lms.course.outline import COURSE_FILE
from lms.db.engine import db
from lms.db.tables import Blob, Course

WAITING = "titipan-"


def keep_waiting(data: bytes, now: datetime) -> str:
    """Keep an archive until its owner says yes or no; its name. What has waited for two days is cleared away."""
    oldest = f"{WAITING}{now - timedelta(days=1):%Y-%m-%d}"
    db.session.execute(delete(Blob).where(Blob.hash.startswith(WAITING), Blob.hash < oldest))
    name = f"{WAITING}{now:%Y-%m-%d}-{secrets.token_hex(16)}"
    db.session.execute(insert(Blob).values(hash=name, data=data))
    return name


def forget_waiting(name: str) -> bool:
    """It was taken in or called off; False when it was already. Of two presses at once only one gets True."""
    gone = delete(Blob).where(Blob.hash == name, Blob.hash.startswith(WAITING)).returning(Blob.hash)
    return db.session.execute(gone).first() is not None


def replace_draft(course_id: int, before: str, files: Mapping[str, bytes], person_id: int, now: datetime) -> None:
    """Make these files the whole draft; what is the same stays untouched. Raises DraftChanged."""
    db.session.get_one(Course, course_id, with_for_update=True)
    draft = content.draft_hashes(course_id)
    if fingerprint(draft) != before:
        raise DraftChanged
    changed = {path: files[path] for path, blob in hash_files(files).items() if draft.get(path) != blob}
    save_files(course_id, {**dict.fromkeys(draft.keys() - files.keys()), **changed}, person_id, now)


def save_single(course_id: int, single: Single, person_id: int, now: datetime) -> None:
    """Save one text; a new lesson is listed in its module. Raises EditedMeanwhile."""
    save_file(course_id, single.path, single.data, single.base, person_id, now)
    blob = content.draft_hash(course_id, COURSE_FILE)
    if single.module is not None and blob:
        held = content.blobs({blob})[blob]
        listed = with_lesson({COURSE_FILE: held}, single)[COURSE_FILE]
        if listed != held:
            save_files(course_id, {COURSE_FILE: listed}, person_id, now)
