"""The version: kept in one place beside pyproject.toml, told by the command and in the foot of each page."""

import tomllib

from click.testing import CliRunner

from lms.boot import cli
from lms.db.settings import ROOT, VERSION
from tests.conftest import Client


def test_the_project_and_the_program_have_one_version() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_the_newest_release_in_the_changelog_is_this_version() -> None:
    headings = [line for line in (ROOT / "CHANGELOG.md").read_text().splitlines() if line.startswith("## ")]
    releases = [line for line in headings if line != "## Belum dirilis"]
    assert releases[0].split()[1] == VERSION
    assert headings[-len(releases) :] == releases, "what is not released yet stands above"


def test_the_command_tells_the_version() -> None:
    assert CliRunner().invoke(cli.main, ["--version"]).output == f"Sinau PSM {VERSION}\n"


def test_the_foot_of_each_page_tells_the_version_also_where_a_notice_has_its_own(client: Client) -> None:
    for path in ("/", "/privasi"):
        assert client.page(path).count(f"<small>versi {VERSION}</small>") == 1
