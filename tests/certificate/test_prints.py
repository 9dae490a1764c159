"""The print file and the files of a whole batch: made part by part on a page with a bar, then kept for an hour."""

import io
import os
import shutil
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from pypdf import PdfReader

from lms.boot.cli import main
from lms.certificate import pdf, prints
from lms.db.settings import Settings
from lms.paper.child import ChildFailed
from tests.certificate.test_batch import PAGE, exempt, issue, sheets
from tests.certificate.test_batch import last_day as last_day
from tests.conftest import settings_for
from tests.report.conftest import PEOPLE, Event
from tests.report.conftest import event as event
from tests.report.conftest import exams as exams

PRINT, FILES = f"{PAGE}/cetak.pdf", f"{PAGE}/berkas.zip"


@pytest.fixture(autouse=True)
def issued(event: Event, last_day: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody has a sheet, and two are set at once."""
    monkeypatch.setattr(pdf, "SET_AT_ONCE", 2)
    exempt(event)
    issue(event)


@pytest.fixture
def folder(app: Flask) -> Path:
    """Where the files are kept, without what other tests made there."""
    found = Path(app.config["DATA"]) / prints.FOLDER
    shutil.rmtree(found, ignore_errors=True)
    return found


def begun(event: Event, address: str) -> str:
    """Press the button; where the work goes on."""
    answer = event.client.send(address)
    assert answer.status_code == 303
    return str(answer.location)


def worked(event: Event, work: str) -> str:
    """Press "Lanjutkan" until the work is done, as without a script; where it leads on."""
    while event.client.get(work).status_code == 200:
        assert event.client.send(work).location == work
    return str(event.client.get(work).location)


def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be set in type any more."""

    def refuse(*_: object) -> bytes:
        raise AssertionError("made again")

    monkeypatch.setattr(pdf, "long_pdf", refuse)
    monkeypatch.setattr(pdf, "_made_apart", refuse)


def test_a_bar_shows_how_far_it_is_and_a_second_press_leads_to_the_same_work(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.people.job_views.SLICE_SECONDS", 0)
    monkeypatch.setattr("time.monotonic", iter(range(10**6)).__next__)
    parts = -(-PEOPLE // 2)
    work = begun(event, PRINT)
    assert f"<b>0</b> dari {parts + 1} selesai" in event.client.page(work)
    assert begun(event, PRINT) == work
    assert begun(event, FILES) != work
    assert begun(event, PRINT) == work


def test_what_was_made_is_offered_and_taken_again_without_work(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    for address, words in ((PRINT, "Berkas cetak sudah jadi"), (FILES, "Berkas per orang sudah jadi")):
        onward = worked(event, begun(event, address))
        assert words in event.client.page(onward)
        assert f'action="{address}"' in event.client.page(onward)
    assert "sudah jadi" not in event.client.page(PAGE)
    nothing_is_set(monkeypatch)
    first, second = event.client.send(PRINT), event.client.send(PRINT)
    assert first.status_code == 200
    assert first.data == second.data
    assert 'filename="sertifikat-b1mtek.pdf"' in first.headers["Content-Disposition"]
    assert len(PdfReader(io.BytesIO(first.data)).pages) == 2 * PEOPLE
    with zipfile.ZipFile(io.BytesIO(event.client.send(FILES).data)) as packed:
        assert [name[:3] for name in packed.namelist()] == [f"{place:03}" for place in range(1, PEOPLE + 1)]


def test_after_an_hour_it_is_made_anew_and_what_lay_there_is_deleted(event: Event, folder: Path) -> None:
    worked(event, begun(event, PRINT))
    (kept,) = folder.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    past = kept.stat().st_mtime - prints.KEPT_SECONDS
    os.utime(kept, (past, past))
    begun(event, FILES)
    assert not list(folder.iterdir())
    worked(event, begun(event, PRINT))
    assert [each.name for each in folder.iterdir()] == [kept.name], "the same sheets, the same name"


def test_the_command_that_cleans_deletes_what_is_past_its_hour_alone(
    event: Event, folder: Path, monkeypatch: pytest.MonkeyPatch, app: Flask, tmp_path: Path
) -> None:
    worked(event, begun(event, PRINT))

    @contextmanager
    def site() -> Iterator[Settings]:
        with app.app_context():
            yield settings_for(tmp_path)

    monkeypatch.setattr("lms.boot.cli.site", site)
    assert CliRunner().invoke(main, ["retention"]).exit_code == 0
    (kept,) = folder.iterdir()
    past = kept.stat().st_mtime - prints.KEPT_SECONDS
    os.utime(kept, (past, past))
    assert CliRunner().invoke(main, ["retention", "--dry-run"]).exit_code == 0
    assert kept.exists()
    assert CliRunner().invoke(main, ["retention"]).exit_code == 0
    assert not kept.exists()


def test_another_sheet_makes_another_file(event: Event) -> None:
    worked(event, begun(event, PRINT))
    event.client.send(f"{PAGE}/{sheets(event)[0].id}", aksi="cabut", alasan="Keliru orang.")
    assert len(PdfReader(io.BytesIO(event.client.taken(PRINT).data)).pages) == 2 * (PEOPLE - 1)


def test_a_part_that_is_missing_at_the_end_is_made_again(event: Event, folder: Path) -> None:
    whole = event.client.taken(PRINT).data
    for each in folder.iterdir():
        each.unlink()
    work = begun(event, PRINT)
    make = prints._part

    def forgetful(job: object, part: int) -> Path:
        path = make(job, part)  # type: ignore[arg-type] # A job.
        if job.position < job.total - 1:  # type: ignore[attr-defined] # A job.
            path.unlink()
        return path

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prints, "_part", forgetful)
        worked(event, work)
    assert event.client.send(PRINT).data == whole


def test_what_cannot_be_made_says_so_and_may_be_begun_again(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise ChildFailed("memory")

    work = begun(event, PRINT)
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "long_pdf", fail)
        event.client.send(work)
    assert "terlalu besar untuk disusun" in event.client.page(work)
    assert begun(event, PRINT) != work


def test_the_page_says_that_the_print_file_is_not_for_screen_readers_which_is_so(event: Event) -> None:
    assert "Berkas cetak hanya untuk dicetak" in event.client.page(PAGE)
    whole = event.client.taken(PRINT).data
    assert "/StructTreeRoot" not in PdfReader(io.BytesIO(whole)).trailer["/Root"]  # type: ignore[operator] # A dict.
    with zipfile.ZipFile(io.BytesIO(event.client.taken(FILES).data)) as packed:
        single = packed.read(packed.namelist()[0])
    assert "/StructTreeRoot" in PdfReader(io.BytesIO(single)).trailer["/Root"]  # type: ignore[operator] # A dict.
