"""`lms init`: tables, bundled courses, their self-study cohorts; safe to run again and by several at once."""

from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from lms.accounts import actions as accounts
from lms.accounts.queries import has_admin
from lms.cohorts.actions import open_selfstudy
from lms.content import actions, queries
from lms.content.folder import read_folder
from lms.database import db, writing
from lms.migrations import migrate, one_at_a_time
from lms.settings import ROOT, Settings
from lms.web.clock import now, today

COURSES = ROOT / "courses"


def initialise(app: Flask, settings: Settings) -> list[str]:
    """Bring everything up to date and say in Indonesian what was done; nothing said means nothing to do."""
    with one_at_a_time(settings.data), app.app_context():
        copy = migrate(db.engine, settings.data)
        done = [f"Basis data dimutakhirkan; salinan sebelumnya: {copy}"] if copy else []
        for folder in sorted(path for path in COURSES.iterdir() if (path / "kursus.toml").is_file()):
            done += _bundled(folder)
    return done


def _bundled(folder: Path) -> Iterator[str]:
    files = read_folder(folder)
    slug = folder.name
    fresh = actions.fingerprint(actions.hash_files(files))
    course = queries.course_by_slug(slug)
    if course is not None and course.folder_fingerprint == fresh:
        return
    if course is not None and course.origin == "browser":
        yield f"Kursus {slug} disunting di peramban; untuk memakai isi folder: lms import courses/{slug} --terbitkan"
        return
    yield from take_in(slug, files)


def take_in(slug: str, files: dict[str, bytes]) -> Iterator[str]:
    """Import, check and publish a folder, and open the course's self-study cohort."""
    with writing():
        course_id = actions.import_draft(slug, files).id
    yield from publish_draft(course_id, slug)


def publish_draft(course_id: int, slug: str, why: str = "") -> Iterator[str]:
    """Check and publish the draft; raises NotPublishable on galat."""
    checked = actions.check_draft(course_id, today())
    with writing():
        edition = actions.publish(checked, now(), why=why)
        number = edition.number if edition else None
        title = checked.report.course.title if checked.report.course else slug
        open_selfstudy(course_id, f"{title}, belajar mandiri", self_issue=True)
    if number is None:
        yield f"Kursus {slug}: isinya sama dengan terbitan yang berlaku; tidak ada yang diterbitkan."
    else:
        yield f"Kursus {slug}: terbitan {number} berlaku."


def admin_link(settings: Settings) -> str | None:
    """A fresh single-use link that makes the first admin; None when there is one."""
    return None if has_admin() else new_admin_link(settings)


def new_admin_link(settings: Settings) -> str:
    """A fresh single-use link that makes an admin."""
    with writing():
        secret = accounts.new_admin_code(now())
    return f"{settings.public_url}/awal/{secret}"
