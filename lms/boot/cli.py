"""The `lms` command. Thin: each command reads its arguments and calls an action."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import click
from flask import Flask

from lms.boot.app import create_app
from lms.boot.backup import BackupError, Manifest, back_up, where_keys_are
from lms.boot.backup import restore as restore_backup
from lms.boot.demo import NotForDemo, fill
from lms.boot.key_commands import keys_group
from lms.boot.server import CannotServe, check_port, only_server, serve
from lms.boot.setup import admin_link, initialise, new_admin_link, publish_draft
from lms.boot.site import fail, reachable_database, say, site
from lms.certificate.office import OfficeFault, set_office
from lms.certificate.prints import sweep
from lms.cohort.queries import cohort_coded
from lms.course import actions as content
from lms.course import queries
from lms.course.bank import read_blueprint
from lms.course.changes import FileChange, changes
from lms.course.folder import FolderError, as_json, check_path, read_folder, write_folder
from lms.course.problems import stops_publishing
from lms.db.engine import db, writing
from lms.db.exports import past
from lms.db.migrations import MigrationError
from lms.db.settings import VERSION, Settings, SettingsError, load_settings, settings_table
from lms.db.tables import Course
from lms.people.processing import data_register
from lms.people.retention import let_files_go, let_go, past_its_time
from lms.quiz.exam_cohort_queries import sat_in
from lms.quiz.exam_report import NOBODY, GroupGain
from lms.web.clock import now, today
from lms.web.rounding import desimal

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")

REFUSALS = (BackupError, CannotServe, FolderError, MigrationError, NotForDemo, OfficeFault, SettingsError)
"""What a command ends with, saying in Indonesian why."""


class Commands(click.Group):
    """Commands that say in words what can't be done, and end with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it refuses is said on standard error."""
        try:
            return super().invoke(ctx)
        except REFUSALS as error:
            fail(str(error))
        except click.UsageError as error:
            called = error.ctx.command_path if error.ctx else "lms"
            fail(f"{_misuse(error)} Lihat cara memakainya: {called} --help", code=2)


def _misuse(error: click.UsageError) -> str:
    """Return the fault of a command's arguments, which click tells in English."""
    given = error.param if isinstance(error, click.BadParameter) else None
    if given is None:
        return "Perintah atau pilihannya tidak dikenal."
    name = given.human_readable_name
    if isinstance(error, click.MissingParameter):
        return f"{name} belum diisi."
    if isinstance(given.type, click.Path):
        return f"{name}: berkas atau folder itu tidak ada, atau tidak dapat dibaca. Periksa namanya."
    return f"{name}: isinya tidak dapat dipakai di sini."


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, message="Sinau PSM %(version)s", help="Tunjukkan versinya, lalu selesai.")
def main() -> None:
    """Sinau PSM: situs belajar Pekerja Sosial Masyarakat."""


main.add_command(keys_group)


def _course(slug: str) -> Course:
    course = queries.course_by_slug(slug)
    if course is None:
        fail(f"Tidak ada kursus “{slug}”. Lihat namanya dengan: lms editions")
    return course


@main.command()
def init() -> None:
    """Siapkan basis data dan terbitkan kursus bawaan."""
    _initialised(load_settings())


def _initialised(settings: Settings) -> Flask:
    app = create_app(settings)
    try:
        with reachable_database():
            for line in initialise(app, settings):
                say(line)
    except content.NotPublishable as error:
        fail("\n".join(map(str, error.problems)))
    return app


@main.command(name="serve")
def serve_command() -> None:
    """Siapkan lalu jalankan situs."""
    settings = load_settings()
    check_port(settings)
    with only_server(settings):
        app = _initialised(settings)
        say(f"Sinau PSM siap di {settings.public_url}")
        with app.app_context():
            if link := admin_link(settings):
                say(f"Buat pengelola pertama (berlaku sekali): {link}")
        serve(app, settings)


@main.command(name="admin-link")
def admin_link_command() -> None:
    """Buat tautan sekali pakai untuk membuat pengelola."""
    with site() as settings:
        say(new_admin_link(settings))


@main.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_data", is_flag=True, help="Cetak sebagai JSON.")
def check(path: Path, as_data: bool) -> None:
    """Periksa satu pelajaran, folder, atau kursus; keluar 1 bila ada galat."""
    report = check_path(path, today())
    if as_data:
        say(json.dumps(as_json(report), ensure_ascii=False, indent=2))
    else:
        for problem in report.problems:
            say(str(problem))
        if not report.problems:
            say("Tidak ada galat maupun peringatan.")
    sys.exit(1 if stops_publishing(report.problems) else 0)


@main.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
def blueprint(path: Path) -> None:
    """Cetak kisi-kisi tes: tujuan tiap materi dan soalnya, dengan lubangnya; keluar 1 bila ada lubang."""
    report = read_blueprint(read_folder(path))
    if isinstance(report, str):
        fail(report)
    for line in report.lines:
        say(line)
    sys.exit(1 if report.holes else 0)


@main.command(name="import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--kursus", "slug", help="Nama kursus; bawaannya nama folder.")
@click.option("--terbitkan", "publish", is_flag=True, help="Langsung terbitkan setelah diperiksa.")
def import_command(folder: Path, slug: str | None, publish: bool) -> None:
    """Jadikan isi folder rancangan sebuah kursus."""
    slug = slug or folder.resolve().name
    if not SLUG.fullmatch(slug):
        fail("Nama kursus hanya boleh berisi huruf kecil, angka, dan tanda hubung.")
    with site():
        files = read_folder(folder)
        with writing():
            course_id = content.import_draft(slug, files).id
        say(f"Rancangan {slug} berisi {len(files)} berkas.")
        if publish:
            _publish(course_id, slug, "")


@main.command()
@click.argument("slug")
@click.option("--sebab", "why", default="", help="Alasan, tercatat di riwayat.")
def publish(slug: str, why: str) -> None:
    """Periksa rancangan dan terbitkan."""
    with site():
        _publish(_course(slug).id, slug, why)


def _publish(course_id: int, slug: str, why: str) -> None:
    try:
        say(publish_draft(course_id, slug, why))
    except content.NotPublishable as error:
        fail("\n".join(map(str, error.problems)) + "\nBelum diterbitkan: perbaiki galatnya dulu.")
    except content.DraftChanged:
        fail("Rancangan baru saja berubah. Ulangi perintahnya.")


@main.command()
@click.argument("slug", required=False)
def editions(slug: str | None) -> None:
    """Daftar terbitan sebuah kursus, yang terbaru dulu."""
    with site():
        if slug is None:
            for ref in queries.read_editions(None, today()):
                say(ref.slug)
            return
        course = _course(slug)
        for edition_id, number, created in queries.editions(course.id):
            mark = " (berlaku)" if edition_id == course.current_edition_id else ""
            say(f"{number}\t{created:%Y-%m-%d %H:%M} UTC{mark}")


@main.command()
@click.argument("slug")
@click.argument("old", type=int)
@click.argument("new", type=int)
def diff(slug: str, old: int, new: int) -> None:
    """Apa yang berbeda antara dua terbitan."""
    with site():
        numbers = {number: edition_id for edition_id, number, _ in queries.editions(_course(slug).id)}
        if old not in numbers or new not in numbers:
            fail(f"Terbitan yang ada: {', '.join(map(str, sorted(numbers)))}")
        before, after = (queries.files_of(queries.edition_hashes(numbers[number])) for number in (old, new))
        for change in changes(before, after):
            say(_in_words(change))


def _in_words(change: FileChange) -> str:
    """A line for the file, and one for each of its questions."""
    lines = [f"berkas {change.what}: {change.path}"]
    if change.was != change.path:
        lines = [f"berkas berganti nama: {change.was} → {change.path}"]
    return "\n".join([*lines, *(f"  soal {each.what}: {change.path}#{each.slug}" for each in change.questions)])


@main.command()
@click.argument("slug")
@click.argument("number", type=int)
@click.option("--sebab", "why", default="", help="Alasan, tercatat di riwayat.")
def rollback(slug: str, number: int, why: str) -> None:
    """Kembalikan terbitan lama menjadi yang berlaku."""
    with site():
        course = _course(slug)
        try:
            with writing():
                changed = content.roll_back(course.id, number, now(), why=why)
        except LookupError:
            fail(f"Kursus {slug} tidak punya terbitan {number}.")
        current = queries.edition_number(queries.current_edition_id(course.id) or 0)
        say(f"Terbitan {current} berlaku." if changed else f"Terbitan {current} memang sedang berlaku.")


@main.command()
@click.argument("slug")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--terbitan", "number", type=int, help="Nomor terbitan; bawaannya rancangan.")
def export(slug: str, folder: Path, number: int | None) -> None:
    """Tulis rancangan atau terbitan ke folder, sama persis bita demi bita."""
    with site():
        course = _course(slug)
        numbers = {found: edition_id for edition_id, found, _ in queries.editions(course.id)}
        if number is not None and number not in numbers:
            fail(f"Kursus {slug} tidak punya terbitan {number}.")
        hashes = queries.draft_hashes(course.id) if number is None else queries.edition_hashes(numbers[number])
        write_folder(folder, queries.files_of(hashes))
        say(f"{len(hashes)} berkas ditulis ke {folder}.")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def office(file: Path) -> None:
    """Atur kantor, penanda tangan, dan nomor sertifikat dari berkas TOML."""
    with site():
        with writing():
            set_office(file.read_bytes(), now())
        say("Kantor, penanda tangan, dan nomor sertifikat sudah diatur.")


@main.command()
@click.argument("code")
def gain(code: str) -> None:
    """Cetak kemajuan sebuah angkatan antara tes awal dan tes akhir."""
    with site():
        cohort = cohort_coded(code.strip().upper())
        if cohort is None:
            fail(f"Tidak ada angkatan dengan kode {code}.")
        report = sat_in(cohort, with_answers=False).report
        gains = {group.after_learning: group.gain for group in report.groups}
        say(f"{cohort.name}, gain = (akhir - awal) / (100 - awal), rata-rata peserta:")
        say(_group("tes awal sebelum belajar", gains.get(False, NOBODY)))
        say(_group("tes awal setelah belajar daring", gains.get(True, NOBODY)))


def _group(title: str, group: GroupGain) -> str:
    told = {"gain rata-rata kelas": group.of_means, "rata-rata gain perorangan": group.mean}
    gains = "".join(f", {name} {desimal(gain, 2)}" for name, gain in told.items() if gain is not None)
    full = f"; {group.n - group.told} di antaranya sudah 100 pada tes awal" if group.told < group.n else ""
    return f"  {title}: n = {group.n}{gains}{full}"


@main.command()
def demo() -> None:
    """Isi basis data peragaan dengan orang rekaan pada semua tahap belajar."""
    settings = load_settings()
    if not settings.demo:
        fail("Peragaan butuh tempat tersendiri. Jalankan: LMS_DEMO=1 LMS_DATA=data-demo lms demo   (atau: make demo)")
    with _initialised(settings).app_context():
        for line in fill(settings, now()):
            say(line)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Cadangkan seluruh basis data ke satu berkas; situs boleh tetap berjalan."""
    with site() as settings:
        manifest = back_up(db.engine, file, now())
        say(f"Cadangan {file} berisi {_rows(manifest)}.")
        say("Kunci tidak ikut di dalamnya. Simpan ketiganya di tempat lain, terpisah dari cadangan:")
        for line in where_keys_are(settings):
            say(f"  {line}")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--timpa", "replace", is_flag=True, help="Ganti basis data yang ada; yang lama disimpan sebagai salinan.")
def restore(file: Path, replace: bool) -> None:
    """Pulihkan basis data dari cadangan. Hentikan situsnya dulu."""
    manifest, copy, unfit = restore_backup(file, load_settings(), replace=replace)
    say(f"Dipulihkan dari cadangan {manifest.made_at}: {_rows(manifest)}.")
    if copy:
        say(f"Basis data sebelumnya disimpan di {copy}")
    for name in unfit:
        say(f"Perhatian: {name} bukan kunci milik basis data ini. Kembalikan kunci yang lama.")


def _rows(manifest: Manifest) -> str:
    counts = {"person": "orang", "attempt": "percobaan kuis", "answer": "jawaban", "certificate": "sertifikat"}
    named = ", ".join(f"{manifest.counts.get(table, 0)} {word}" for table, word in counts.items())
    return f"{named}; seluruhnya {sum(manifest.counts.values())} baris dalam {len(manifest.counts)} tabel"


@main.command()
def settings() -> None:
    """Cetak tabel pengaturan untuk docs/pengaturan.md."""
    say(settings_table(), nl=False)


@main.command(name="data-register")
def data_register_command() -> None:
    """Cetak catatan pemrosesan data pribadi untuk docs/data-pribadi.md."""
    say(data_register(db.metadata), nl=False)


@main.command()
@click.option("--dry-run", "only_says", is_flag=True, help="Hanya sebutkan yang akan dihapus.")
def retention(only_says: bool) -> None:
    """Hapus atau kosongkan data pribadi yang lewat waktunya; banyaknya tercatat."""
    with site() as settings:
        files, will = past(settings.data, today()), "akan " if only_says else ""
        counts = past_its_time(now()) if only_says else let_go(now())
        if not only_says:
            sweep()
            let_files_go(files, now())
        for title, count in counts.items():
            say(f"{title}: {count} {will}dihapus atau dikosongkan")
        for file in files:
            say(f"Berkas {file}: {will}dihapus")
        if not counts and not files:
            say("Tidak ada yang lewat waktunya.")
