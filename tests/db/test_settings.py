"""Settings: every fault at once and in Indonesian, secrets for their owner only, documents that keep up."""

import base64
import re
import stat
from pathlib import Path

import click
import pytest

from lms.boot.cli import main
from lms.db.settings import ROOT, Settings, SettingsError, load_settings, settings_table

SECRET = base64.b64encode(bytes(range(32))).decode()
SECRETS = {"SECRET_KEY": SECRET, "CARD_KEY": SECRET, "SIGNING_KEY": SECRET}
DOCUMENT = ROOT / "docs" / "pengaturan.md"
COMMANDS = ROOT / "docs" / "perintah.md"


def load(tmp_path: Path, **environ: str) -> Settings:
    return load_settings({"LMS_DATA": str(tmp_path / "data"), **environ})


def faults(tmp_path: Path, **environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, **environ)
    assert str(caught.value) == "\n".join(caught.value.faults)
    return caught.value.faults


def test_every_fault_is_said_at_once_with_its_name_and_remedy(tmp_path: Path) -> None:
    bad = {
        "PORT": "delapan", "LMS_THREADS": "0", "LMS_PRODUCTION": "ya", "LMS_URL": "sinau.go.id/",
        "LMS_TRUSTED_PROXY": "-1", "SECRET_KEY": "pendek", "CARD_KEY": "é", "LMS_CARD_DAYS": "396",
    }  # fmt: skip
    found = faults(tmp_path, **bad)
    assert {fault.partition(":")[0] for fault in found} == set(bad)
    for fault in found:
        assert re.search(r"\b(tulis|harus|buat dengan)\b", fault, re.IGNORECASE), fault
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["0", "65536", "99999", "1e3", "8000.0", "٨٠٠٠", "-8000", "8 0"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    assert [fault.partition(":")[0] for fault in faults(tmp_path, PORT=port)] == ["PORT"]


@pytest.mark.parametrize("url", ["ftp://a", "https://", "sinau.go.id", "https://a/", "http:///x", "https://[::1"])
def test_an_address_that_can_not_be_printed_is_refused(tmp_path: Path, url: str) -> None:
    assert [fault.partition(":")[0] for fault in faults(tmp_path, LMS_URL=url)] == ["LMS_URL"]


@pytest.mark.parametrize(
    "url",
    ["foo", "postgres://a@b/c", "mysql://a@b/c", "postgresql+foo://a@b/c", "postgresql+psycopg://a@b:x/c", "://"],
)
def test_a_database_that_can_not_be_is_refused(tmp_path: Path, url: str) -> None:
    assert [fault.partition(":")[0] for fault in faults(tmp_path, DATABASE_URL=url)] == ["DATABASE_URL"]


def test_a_postgresql_database_is_taken(tmp_path: Path) -> None:
    url = "postgresql+psycopg://sinau@/sinau?host=/tmp"
    assert load(tmp_path, DATABASE_URL=url).sqlalchemy_url == url


def test_a_data_folder_that_can_not_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("bukan folder")
    with pytest.raises(SettingsError) as caught:
        load_settings({"LMS_DATA": str(tmp_path / "berkas" / "data")})
    assert caught.value.faults[0].startswith(f"LMS_DATA: folder {tmp_path / 'berkas' / 'data'} tidak dapat dipakai")


def test_production_does_not_start_without_its_secrets_and_an_https_address(tmp_path: Path) -> None:
    found = faults(tmp_path, LMS_PRODUCTION="1")
    assert {fault.partition(":")[0] for fault in found} == {"SECRET_KEY", "CARD_KEY", "SIGNING_KEY", "LMS_URL"}
    found = faults(tmp_path, LMS_PRODUCTION="1", LMS_URL="http://sinau.go.id", **SECRETS)
    assert [fault.partition(":")[0] for fault in found] == ["LMS_URL"]
    assert load(tmp_path, LMS_PRODUCTION="1", LMS_URL="https://sinau.go.id", **SECRETS).is_https
    assert not (tmp_path / "data").exists()


def test_development_makes_its_secrets_once_for_its_owner_only(tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)
    assert first == second
    secrets = {first.secret_key, first.card_key, first.signing_key}
    assert len(secrets) == 3
    assert all(len(secret) == 32 for secret in secrets)
    files = sorted((tmp_path / "data").iterdir())
    assert [path.name for path in files] == ["card_key.key", "secret_key.key", "signing_key.key"]
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_given_secret_goes_before_a_kept_one(tmp_path: Path) -> None:
    load(tmp_path)
    given = load(tmp_path, CARD_KEY=SECRET)
    assert given.card_key == bytes(range(32))
    assert given.secret_key != given.card_key


def test_settings_are_read_from_the_env_file_and_the_environment_goes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(f"PORT=8123\nLMS_THREADS=3\nLMS_DATA={tmp_path / 'data'}\nLMS_URL=\nHOST\n")
    monkeypatch.setattr("lms.db.settings.ROOT", tmp_path)
    for name in ("PORT", "LMS_DATA", "LMS_URL", "HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LMS_THREADS", "5")
    found = load_settings()
    assert (found.port, found.threads, found.data, found.host) == (8123, 5, tmp_path / "data", "127.0.0.1")
    assert found.public_url == "http://127.0.0.1:8123"


def test_an_empty_value_is_none(tmp_path: Path) -> None:
    assert load(tmp_path, PORT=" ", LMS_URL="", LMS_PRODUCTION="").port == 8000


def test_a_secret_shows_in_no_text(tmp_path: Path) -> None:
    assert str(load(tmp_path, SECRET_KEY=SECRET).secret_key) not in repr(load(tmp_path, SECRET_KEY=SECRET))


def test_the_document_of_settings_is_the_table_of_the_command() -> None:
    assert DOCUMENT.read_text(encoding="utf-8").endswith("\n\n" + settings_table())


def test_a_setting_that_is_not_in_the_document_is_red() -> None:
    table = settings_table() + "| `LMS_BARU` | – | Belum ditulis. |\n"
    assert not DOCUMENT.read_text(encoding="utf-8").endswith("\n\n" + table)


def undocumented(group: click.Group, text: str) -> list[str]:
    """Commands and options that the document does not name."""
    found = []
    for name, command in group.commands.items():
        line = next((line for line in text.splitlines() if line.startswith(f"| `lms {name}")), None)
        if line is None:
            found.append(name)
            continue
        options = [option for part in command.params if isinstance(part, click.Option) for option in part.opts]
        found += [f"{name} {option}" for option in options if option not in line]
    return found


def test_every_command_and_option_is_in_the_document_of_commands() -> None:
    text = COMMANDS.read_text(encoding="utf-8")
    assert undocumented(main, text) == []
    named = set(re.findall(r"^\| `lms ([a-z-]+)", text, re.MULTILINE))
    assert named == set(main.commands)


def test_a_command_without_a_line_is_red() -> None:
    group = click.Group(commands={**main.commands, "baru": click.Command("baru")})
    assert undocumented(group, COMMANDS.read_text(encoding="utf-8")) == ["baru"]


def test_every_command_says_in_indonesian_what_it_does() -> None:
    for name, command in main.commands.items():
        assert command.help, name
        assert command.help[0].isupper()
        assert not re.search(r"\b(the|and|database)\b", command.help), name
