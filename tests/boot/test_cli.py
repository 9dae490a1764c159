"""The `lms` command: what it prints, what it refuses, and with which exit code."""

import json
import re
import runpy
import shutil
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from lms.boot import cli, setup
from lms.boot import site as cli_site
from lms.boot.app import create_app
from lms.certificate.snapshot import key_id, new_key, public_key
from lms.course.folder import read_folder, write_folder
from lms.db.engine import close_all
from lms.db.settings import ROOT, Settings
from tests.certificate.test_take import OFFICE
from tests.conftest import COURSE, forget_editions, settings_for
from tests.quiz.exam_course import exam_files

Lms = Callable[..., Result]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path / "data")


@pytest.fixture
def ready(settings: Settings, set_up: Path) -> None:
    """`lms init` was run."""
    shutil.copytree(set_up, settings.data)


def given(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Let commands find these settings."""
    for module in (cli, cli_site):
        monkeypatch.setattr(module, "load_settings", lambda: settings)


@pytest.fixture
def lms(settings: Settings, monkeypatch: pytest.MonkeyPatch, time: object) -> Iterator[Lms]:
    """Run a command, which must end with the exit code `code`, as if in a process of its own."""
    given(monkeypatch, settings)
    forget_editions()
    apps: list[Flask] = []

    def remember(found: Settings) -> Flask:
        apps.append(create_app(found))
        return apps[-1]

    for module in (cli, cli_site):
        monkeypatch.setattr(module, "create_app", remember)

    def run(*arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(cli.main, list(map(str, arguments)), catch_exceptions=False)
        while apps:
            with apps.pop().app_context():
                close_all()
        assert result.exit_code == code, result.output
        return result

    yield run
    forget_editions()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path / "kursus-uji", read_folder(COURSE))
    return tmp_path / "kursus-uji"


def edit(folder: Path, old: str, new: str, name: str = "dasar/satu.md") -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.walk
def test_init_publishes_the_bundled_courses_once(lms: Lms) -> None:
    both = ("bimtek-dasar-psm", "panduan-pelatih")
    assert lms("init").output == "".join(f"Kursus {slug}: terbitan 1 berlaku.\n" for slug in both)
    assert lms("init").output == ""
    assert lms("editions").output == "".join(f"{slug}\n" for slug in both)


@pytest.mark.usefixtures("ready")
def test_import_publish_and_list_editions(lms: Lms, folder: Path) -> None:
    assert "Rancangan kursus-uji berisi 5 berkas." in lms("import", folder).output
    assert "terbitan 1 berlaku" in lms("publish", "kursus-uji").output
    assert "tidak ada yang diterbitkan" in lms("publish", "kursus-uji").output
    edit(folder, "Kalimat pembuka", "Kalimat kedua")
    assert "terbitan 2 berlaku" in lms("import", folder, "--terbitkan").output
    lines = lms("editions", "kursus-uji").output.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["2", "1"]
    assert lines[0].endswith("2026-11-24 02:14 UTC (berlaku)")


@pytest.mark.usefixtures("ready")
def test_diff_rollback_and_export(lms: Lms, folder: Path, tmp_path: Path) -> None:
    lms("import", folder, "--terbitkan")
    first = read_folder(folder)
    edit(folder, "### Warna daun?", "### Apa warna daun?")
    lms("import", folder, "--terbitkan")
    assert "  soal baru: dasar/satu.md#apa-warna-daun" in lms("diff", "kursus-uji", 1, 2).output
    assert lms("diff", "kursus-uji", 1, 1).output == ""
    assert "Terbitan yang ada: 1, 2" in lms("diff", "kursus-uji", 1, 3, code=1).stderr
    assert lms("rollback", "kursus-uji", 1, "--sebab", "Salah").output == "Terbitan 1 berlaku.\n"
    assert "memang sedang berlaku" in lms("rollback", "kursus-uji", 1).output
    assert "tidak punya terbitan 7" in lms("rollback", "kursus-uji", 7, code=1).stderr
    lms("export", "kursus-uji", tmp_path / "satu", "--terbitan", 1)
    lms("export", "kursus-uji", tmp_path / "rancangan")
    assert read_folder(tmp_path / "satu") == first
    assert read_folder(tmp_path / "rancangan") == read_folder(folder)
    assert "sudah berisi" in lms("export", "kursus-uji", tmp_path / "satu", code=1).stderr
    assert "tidak punya terbitan 9" in lms("export", "kursus-uji", tmp_path / "x", "--terbitan", 9, code=1).stderr


@pytest.mark.usefixtures("ready")
def test_a_galat_stops_publishing_with_its_place(lms: Lms, folder: Path) -> None:
    edit(folder, "- [x] KUNCI-BENAR", "- [ ] KUNCI-BENAR")
    result = lms("import", folder, "--terbitkan", code=1)
    assert re.search(
        r'^dasar/satu\.md:\d+: galat: soal "Ibu kota kabupaten\?" tidak punya', result.stderr, re.MULTILINE
    )
    assert "Belum diterbitkan: perbaiki galatnya dulu." in result.stderr
    assert "kursus-uji" not in lms("editions").output


@pytest.mark.usefixtures("ready")
def test_unknown_courses_folders_and_names_are_refused(lms: Lms, folder: Path, tmp_path: Path) -> None:
    for command in (["publish"], ["editions"], ["rollback", "tidak-ada", 1]):
        arguments = command if len(command) > 1 else [*command, "tidak-ada"]
        assert "Tidak ada kursus “tidak-ada”" in lms(*arguments, code=1).stderr
    assert "huruf kecil" in lms("import", folder, "--kursus", "Huruf Besar", code=1).stderr
    assert "tidak ada kursus.toml" in lms("import", tmp_path, "--kursus", "a", code=1).stderr
    lms("import", tmp_path / "tidak-ada", code=2)


def test_check_says_everything_and_ends_with_one_on_galat(lms: Lms, folder: Path) -> None:
    assert lms("check", COURSE).exit_code == 0
    edit(folder, "  > UMPAN-SALAH itu kota lain.\n", "")
    assert "peringatan" in lms("check", folder).output
    edit(folder, "- [x] KUNCI-BENAR", "- [v] KUNCI-BENAR")
    edit(folder, "Jawaban: 60 | enam puluh", "Jawaban:", "dasar/dua.md")
    output = lms("check", folder, code=1).output
    assert output.count(": galat: ") >= 2
    assert {line.partition(":")[0] for line in output.splitlines()} >= {"dasar/satu.md", "dasar/dua.md"}


def test_blueprint_prints_the_grid_and_ends_with_1_for_a_hole(lms: Lms, folder: Path, tmp_path: Path) -> None:
    assert "belum punya tes" in lms("blueprint", folder, code=1).output
    write_folder(tmp_path / "bertes", exam_files())
    assert lms("blueprint", tmp_path / "bertes").output.endswith("Tidak ada lubang.\n")
    edit(tmp_path / "bertes", "Tujuan: 2\n", "", "tes.md")
    output = lms("blueprint", tmp_path / "bertes", code=1).output
    assert "Dasar: tujuan 2 belum punya soal (Menjawab)" in output


def test_check_of_one_lesson_and_of_several_courses(lms: Lms, folder: Path, tmp_path: Path) -> None:
    edit(folder, "- [x] KUNCI-BENAR", "- [v] KUNCI-BENAR")
    assert "dasar/satu.md" in lms("check", folder / "dasar/satu.md", code=1).output
    assert "galat" not in lms("check", folder / "dasar/dua.md").output
    write_folder(tmp_path / "kursus-lain", read_folder(COURSE))
    lines = lms("check", tmp_path, code=1).output.splitlines()
    assert any(line.startswith("kursus-uji/dasar/satu.md:") for line in lines)
    lms("check", tmp_path / "tidak-ada", code=2)


def test_check_as_json_has_its_fixed_form_and_no_key(lms: Lms, folder: Path) -> None:
    data = json.loads(lms("check", "--json", folder).output)
    assert set(data) == {"problems", "lessons"}
    assert all(set(problem) == {"path", "line", "level", "text"} for problem in data["problems"])
    one, two = data["lessons"]
    assert set(one) == {"path", "title", "words", "pools"}
    assert (one["path"], one["title"]) == ("dasar/satu.md", "Pelajaran satu")
    kinds = [question["kind"] for question in two["pools"][0]["questions"]]
    assert kinds == ["pilihan-ganda", "isian", "urutan", "jodoh", "bebas"]
    assert set(one["pools"][1]["questions"][0]) == {"kind", "line", "choices", "right"}
    edit(folder, "- [x] KUNCI-BENAR", "- [ ] KUNCI-BENAR")
    problems = json.loads(lms("check", "--json", folder, code=1).output)["problems"]
    assert any(problem["level"] == "galat" and problem["line"] > 0 for problem in problems)


@pytest.mark.usefixtures("ready")
def test_office_is_set_from_its_file_or_every_fault_is_said(lms: Lms, tmp_path: Path) -> None:
    file = tmp_path / "kantor.toml"
    file.write_bytes(OFFICE)
    assert "sudah diatur" in lms("office", file).output
    file.write_bytes(OFFICE.replace(b"tempat", b"tmpat").replace(b"jabatan", b"jbatan"))
    assert len(lms("office", file, code=1).stderr.splitlines()) == 4


@pytest.mark.usefixtures("ready")
def test_backup_and_restore_speak_of_counts_and_keys(lms: Lms, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "cadangan.zip"
    output = lms("backup", file).output
    assert "0 orang" in output
    assert "Kunci tidak ikut" in output
    assert output.count("di pengaturan") == 3
    assert "sudah ada" in lms("backup", file, code=1).stderr
    assert "--timpa" in lms("restore", file, code=1).stderr
    output = lms("restore", "--timpa", file).output
    assert "Dipulihkan dari cadangan 2026-11-24T02:14:00+00:00: 0 orang" in output
    assert f"disimpan di {settings.data / 'salinan'}" in output
    assert "bukan cadangan" in lms("restore", "--timpa", COURSE / "kursus.toml", code=1).stderr
    assert lms("init").output == ""


def test_a_demonstration_wants_its_own_place(lms: Lms) -> None:
    assert "LMS_DATA=data-demo" in lms("demo", code=1).stderr


@pytest.mark.usefixtures("ready")
def test_an_admin_link_is_made_anew_each_time(lms: Lms) -> None:
    links = [lms("admin-link").output.strip() for _ in range(2)]
    assert all(link.startswith("https://sinau.test/awal#") for link in links)
    assert links[0] != links[1]


@pytest.mark.parametrize(
    "command",
    [
        "admin-link",
        "import {}",
        "publish a",
        "editions",
        "export a {}",
        "office {}",
        "keys",
        "gain X",
        "retention",
        "backup {}",
    ],
)
def test_before_it_is_set_up_a_command_says_which_one_comes_first(
    lms: Lms, settings: Settings, folder: Path, command: str
) -> None:
    settings.data.mkdir()
    file = folder / "kursus.toml"
    words = [word.format(folder if command.startswith("import") else file) for word in command.split()]
    assert lms(*words, code=1).stderr == "Basis data ini belum disiapkan. Jalankan dulu: lms init\n"


def test_a_database_that_can_not_be_opened_is_said_in_a_line(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    away = replace(settings, database_url="postgresql+psycopg://sinau@127.0.0.1:1/sinau")
    given(monkeypatch, away)
    for command in ("init", "editions"):
        result = CliRunner().invoke(cli.main, [command])
        assert (result.exit_code, result.stdout) == (1, "")
        assert re.fullmatch(
            r"Basis data tidak dapat dibuka \(.+\)\. Periksa LMS_DATA dan DATABASE_URL\.\n", result.stderr
        )


def test_bad_settings_are_said_before_anything_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "banyak")
    result = CliRunner().invoke(cli.main, ["init"])
    assert result.exit_code == 1
    assert "PORT" in result.stderr


def test_every_command_says_in_a_line_what_it_does() -> None:
    for name, command in cli.main.commands.items():
        assert command.help, name
        assert command.help.strip().endswith("."), name


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of bundled courses with the small test course in it."""
    monkeypatch.setattr(setup, "COURSES", tmp_path / "bawaan")
    write_folder(tmp_path / "bawaan" / "kursus", read_folder(COURSE))
    return tmp_path / "bawaan" / "kursus"


def test_a_bundled_folder_that_changed_is_published_anew(lms: Lms, bundled: Path) -> None:
    lms("init")
    edit(bundled, "Kalimat pembuka", "Kalimat kedua")
    assert lms("init").output == "Kursus kursus: terbitan 2 berlaku.\n"
    assert lms("init").output == ""


@pytest.mark.walk
@pytest.mark.parametrize("command", ["init", "keys"])
def test_a_database_of_a_step_before_the_base_is_refused_in_one_line(
    lms: Lms, settings: Settings, command: str
) -> None:
    lms("init")
    with closing(sqlite3.connect(settings.data / "sinau.db")) as connection:
        connection.execute("update alembic_version set version_num = '0012'")
        connection.commit()
    refused = lms(command, code=1)
    assert refused.stdout == ""
    assert re.fullmatch(r"Basis data ini ada di langkah 0012, .* lalu kembali ke versi ini\.\n", refused.stderr)


def test_a_draft_that_was_edited_since_is_left_alone_and_the_command_named(
    lms: Lms, bundled: Path, folder: Path
) -> None:
    lms("init")
    edit(folder, "Kalimat pembuka", "Kalimat kantor")
    lms("import", folder, "--kursus", "kursus", "--terbitkan")
    assert lms("init").output == ""
    edit(bundled, "Kalimat pembuka", "Kalimat pabrik")
    assert f"lms import {bundled} --terbitkan" in lms("init").output
    assert [line.split("\t")[0] for line in lms("editions", "kursus").output.splitlines()] == ["2", "1"]


def test_a_bundled_course_with_a_fault_is_said_and_taken_in_when_mended(lms: Lms, bundled: Path) -> None:
    edit(bundled, "- [x] KUNCI", "- [ ] KUNCI")
    assert "tidak punya jawaban benar" in lms("init", code=1).output
    edit(bundled, "- [ ] KUNCI", "- [x] KUNCI")
    assert lms("init").output == "Kursus kursus: terbitan 1 berlaku.\n"


def key_lines(lms: Lms) -> list[str]:
    return lms("keys").output.splitlines()


@pytest.mark.usefixtures("ready")
def test_a_key_of_the_settings_is_listed_once_the_site_was_set_up(lms: Lms, settings: Settings) -> None:
    (line,) = key_lines(lms)
    assert line.startswith(key_id(public_key(settings.signing_key)))
    assert "menandatangani sekarang; 0 sertifikat" in line


@pytest.mark.usefixtures("ready")
def test_a_key_of_the_settings_is_kept_also_where_another_server_starts_the_site(
    lms: Lms, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It signs the codes of sheets that are printed, before it signed any sheet."""
    later = replace(settings, signing_key=new_key())
    monkeypatch.setattr("lms.db.settings.load_settings", lambda: later)
    with runpy.run_path(str(ROOT / "wsgi.py"))["app"].app_context():
        close_all()
    assert any(line.startswith(key_id(public_key(later.signing_key))) for line in key_lines(lms))


@pytest.mark.usefixtures("ready")
def test_a_new_key_is_printed_for_the_settings_and_the_old_one_ended_after(
    lms: Lms, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = key_id(public_key(settings.signing_key))
    assert f"Kunci {old} masih menandatangani" in lms("keys", "end", old, code=1).stderr
    fresh = b64decode(lms("keys", "new").output.partition("SIGNING_KEY=")[2].split()[0])
    later = replace(settings, signing_key=fresh)
    given(monkeypatch, later)
    assert "diakhiri hari ini" in lms("keys", "end", old).output
    states = {line.split()[0]: line for line in key_lines(lms)}
    assert "sampai 24 November 2026" in states[old]
    assert "menandatangani sekarang" in states[key_id(public_key(fresh))]
    assert "BOCOR sejak 20 November 2026" in lms("keys", "end", old, "--bocor-sejak", "2026-11-20").output + "".join(
        key_lines(lms)
    )
    assert "Tidak ada kunci xyz" in lms("keys", "end", "xyz", code=1).stderr
    assert "hari depan" in lms("keys", "end", old, "--bocor-sejak", "2027-01-01", code=1).stderr


@pytest.mark.usefixtures("ready")
def test_a_key_kept_in_a_file_is_replaced_there_and_the_old_one_laid_aside(
    lms: Lms, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = key_id(public_key(settings.signing_key))
    file = settings.data / "signing_key.key"
    file.write_bytes(b64encode(settings.signing_key))
    file.chmod(0o600)
    lms("keys", "new")
    fresh = b64decode(file.read_bytes())
    assert fresh != settings.signing_key
    assert file.stat().st_mode & 0o777 == 0o600
    assert b64decode((settings.data / f"signing_key.{old}.lama").read_bytes()) == settings.signing_key
    assert any(key_id(public_key(fresh)) in line for line in key_lines(lms))


@pytest.mark.usefixtures("ready")
def test_a_site_whose_key_was_ended_says_so_at_every_start(
    lms: Lms, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = replace(settings, signing_key=new_key())
    given(monkeypatch, later)
    lms("keys", "end", key_id(public_key(settings.signing_key)))
    given(monkeypatch, settings)
    assert "sudah diakhiri" in lms("init").output
    assert "sudah diakhiri" in lms("keys", "end", key_id(public_key(later.signing_key)), code=1).stderr
