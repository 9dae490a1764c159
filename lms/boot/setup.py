"""`lms init`: tables, bundled courses, their self-study cohorts; safe to run again and by several at once."""

from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from lms.certificate import keys
from lms.cohort.actions import open_selfstudy
from lms.course import actions, queries
from lms.course.check import check_course
from lms.course.folder import read_folder
from lms.db.engine import db, writing
from lms.db.migrations import migrate, one_at_a_time, set_journal
from lms.db.settings import ROOT, Settings
from lms.people import actions as accounts
from lms.people.queries import has_admin
from lms.web.clock import now, today

COURSES = ROOT / "courses"


def initialise(app: Flask, settings: Settings) -> list[str]:
    """Bring everything up to date and say in Indonesian what was done; nothing said means nothing to do."""
    with one_at_a_time(settings.data), app.app_context():
        set_journal(db.engine)
        copy = migrate(db.engine, settings.data)
        done = [f"Basis data dimutakhirkan; salinan sebelumnya: {copy}"] if copy else []
        for folder in sorted(path for path in COURSES.iterdir() if (path / "kursus.toml").is_file()):
            done += _bundled(folder)
        done += keep_present_key(settings)
    return done


def keep_present_key(settings: Settings) -> list[str]:
    """Keep the public half of the key that signs from now on, whose sheets must stay checkable when it is gone."""
    try:
        with writing():
            keys.keep(settings.signing_key, now())
    except keys.KeyEnded as ended:
        return [f"Kunci tanda tangan {ended.name} sudah diakhiri; sertifikat tidak dapat terbit. Ganti: lms keys new"]
    return []


def _bundled(folder: Path) -> Iterator[str]:
    """Publish the folder when it changed, unless somebody edited the draft since; whole or not at all."""
    slug, files = folder.name, read_folder(folder)
    hashes = actions.hash_files(files)
    fresh = actions.fingerprint(hashes)
    course = queries.course_by_slug(slug)
    if course is not None:
        if course.bundled_fingerprint == fresh:
            return
        draft = queries.draft_hashes(course.id)
        if draft and actions.fingerprint(draft) not in (course.bundled_fingerprint, fresh):
            yield f"Rancangan kursus {slug} sudah disunting. Untuk memakai isi folder: lms import {folder} --terbitkan"
            return
    report = check_course(files, today())
    with writing():
        course = actions.import_draft(slug, files)
        course.bundled_fingerprint = fresh
        line = _publish(actions.Checked(course.id, hashes, report, hashes, is_whole=True), slug, "")
    yield line


def publish_draft(course_id: int, slug: str, why: str = "") -> str:
    """Check and publish the draft; raises NotPublishable on galat."""
    checked = actions.check_draft(course_id, today())
    with writing():
        return _publish(checked, slug, why)


def _publish(checked: actions.Checked, slug: str, why: str) -> str:
    """Within a write: the next edition, and the course's self-study cohort; says in Indonesian what is current."""
    edition = actions.publish(checked, now(), why=why)
    title = checked.report.title or slug
    open_selfstudy(checked.course_id, f"{title}, belajar mandiri", self_issue=True)
    if edition is None:
        return f"Kursus {slug}: isinya sama dengan terbitan yang berlaku; tidak ada yang diterbitkan."
    return f"Kursus {slug}: terbitan {edition.number} berlaku."


def admin_link(settings: Settings) -> str | None:
    """A fresh single-use link that makes the first admin; None when there is one."""
    return None if has_admin() else new_admin_link(settings)


def new_admin_link(settings: Settings) -> str:
    """A fresh single-use link that makes an admin."""
    with writing():
        secret = accounts.new_admin_code(now())
    return f"{settings.public_url}/awal#{secret}"
