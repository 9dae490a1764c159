"""The notice says what is really kept: the same times as the labels, the rights there are, its version."""

import re
from collections.abc import Iterator

from lms.db.engine import db, writing
from lms.db.labels import TABLES
from lms.db.tables import Office
from lms.people.actions import NOTICE_VERSION
from lms.people.held import HOURS
from lms.people.processing import personal_columns
from tests.conftest import Client


def times() -> Iterator[str]:
    """How long what is not kept for ever is kept, as the labels word it."""
    for name in TABLES:
        for _, label in personal_columns(db.metadata.tables[name]):
            if label.retention.days is not None:
                yield re.findall(r"\d+ (?:hari|tahun)", label.retention.words)[0]


def unsaid(notice: str) -> set[str]:
    """Times of the labels that the notice does not give."""
    part = notice.partition("Berapa lama disimpan")[2].partition("<h2>")[0]
    return {time for time in times() if not re.search(rf"\b{time}\b", part)}


def test_every_time_of_the_labels_is_in_the_notice(client: Client) -> None:
    assert set(times()) == {"90 hari", "30 hari", "2 hari", "1 tahun", "2 tahun", "5 tahun"}
    notice = client.page("/privasi")
    assert unsaid(notice) == set()
    assert unsaid(notice.replace("1 tahun", "6 bulan")) == {"1 tahun"}


def test_it_has_a_version_says_what_changed_and_what_is_not_promised(client: Client) -> None:
    notice = client.page("/privasi")
    assert f"Pemberitahuan versi {NOTICE_VERSION}" in notice
    assert f"<li>Versi {NOTICE_VERSION}: " in notice
    assert f"{HOURS} jam" in notice
    outside = notice.partition("Yang di luar janji ini")[2].partition("<h2>")[0]
    assert "Cadangan" in outside
    assert "Pengelola server" in outside


def test_it_names_the_office_once_one_is_set(client: Client) -> None:
    assert "Pengendali data: Dinas Sosial." in client.page("/privasi")
    with writing():
        names = {"government": "PEMERINTAH", "name": "DINSOS", "address": "", "place": "Wonogiri"}
        db.session.add(Office(organiser="Dinas Sosial Kabupaten Rekaan", **names))
    assert "Pengendali data: Dinas Sosial Kabupaten Rekaan." in client.page("/privasi")
