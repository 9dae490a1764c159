"""Every edition with who, when and why; what is other in it; going back, and back again."""

import re

import pytest

from lms.course import actions
from lms.course.folder import read_folder
from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Publication
from tests.authoring.publishing import HOME, ONE, PUBLISH, WHY, bundled, mend, publish, published
from tests.conftest import COURSE, SLUG, Cast, Client, publish_course, sign_in
from tests.learn.test_queries_count import counted, course_of

EDITIONS, LIST = f"{HOME}/terbitan", f"{HOME}/terbitkan"


@pytest.fixture
def second(retno: Client, cast: Cast) -> str:
    """Edition 2, published by Retno; its address."""
    mend(ONE, "pembuka", "pertama", cast.trainer)
    return publish(retno, retno.page(PUBLISH)).partition("?")[0]


def go_back(client: Client, number: int, **more: str) -> int:
    sent = {"alasan": "Angkanya keliru.", "berlaku": "2", **more}
    return client.send(f"{EDITIONS}/{number}/kembali", **sent).status_code


def test_the_list_tells_number_time_person_and_reason(retno: Client, second: str) -> None:
    text = retno.page(LIST)
    assert re.findall(r"(Terbitan \d|Kembali ke terbitan \d)</a>", text) == ["Terbitan 2", "Terbitan 1"]
    assert text.index("dibaca peserta") < text.index("Terbitan 1")
    for said in (WHY, "Retno Wulandari", "24 November 2026", "pengurus situs (lewat server)"):
        assert said in text


def test_an_edition_shows_its_difference_with_words_marked(retno: Client, second: str) -> None:
    text = retno.page(second)
    assert "Bedanya dari terbitan 1" in text
    assert re.search(r"<del><span[^>]*>[^<]*</span>pembuka</del> *<ins><span[^>]*>[^<]*</span>pertama</ins>", text)
    assert "paragraf sama" in text
    assert WHY in text


def test_an_older_edition_is_compared_with_the_current_one(retno: Client, second: str) -> None:
    text = retno.page(f"{EDITIONS}/1")
    assert "Ini terbitan pertama" in text
    text = retno.page(f"{EDITIONS}/1?banding=berlaku")
    assert "Bedanya dari terbitan 2 yang sekarang dibaca" in text
    assert re.search(r"<del><span[^>]*>[^<]*</span>pertama</del>", text)
    assert "Kembalikan ke terbitan 1" in text


def test_questions_and_files_are_listed(retno: Client, cast: Cast) -> None:
    files = read_folder(COURSE)
    files[ONE] = files[ONE].replace(b"### Warna daun?", b"### Apa warna daun?")
    files["dasar/media/baru.svg"] = b"<svg/>"
    publish_course(SLUG, files)
    text = retno.page(f"{EDITIONS}/2")
    assert "Soal dihapus: Warna daun?" in text
    assert "Soal baru: Apa warna daun?" in text
    assert "dasar/media/baru.svg" in text


def test_going_back_is_done_once_noted_and_undone_again(retno: Client, cast: Cast, second: str) -> None:
    assert [go_back(retno, 1), go_back(retno, 1)] == [303, 303]
    assert published() == bundled()
    text = retno.page(f"{EDITIONS}/1?kembali=1")
    assert "Sudah dikembalikan" in text
    assert "bukan terbitan 2. Alasan Anda: “Angkanya keliru.”" in text
    assert re.search(r"<dt>Dibaca lagi</dt><dd>[^<]*dikembalikan Retno Wulandari: Angkanya keliru\.</dd>", text)
    assert "Kembalikan ke terbitan 2" in text
    listed = retno.page(LIST)
    assert "Kembali ke terbitan 1" in listed
    assert "Angkanya keliru." in listed
    entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert entry is not None
    assert (entry.action, entry.fields, entry.reason) == ("terbitan dikembalikan", ["edition:1"], "Angkanya keliru.")
    assert db.session.query(AuditEntry).count() == 2
    assert go_back(retno, 2, berlaku="1") == 303
    assert b"pertama" in published()[ONE]
    assert db.session.query(Publication).count() == 4


def test_going_back_asks_why(retno: Client, second: str) -> None:
    answer = retno.send(f"{EDITIONS}/1/kembali", alasan=" ", berlaku="2")
    assert answer.status_code == 422
    assert "mengapa kembali" in answer.get_data(as_text=True)
    assert published() != bundled()


def test_nobody_undoes_unseen_what_was_published_meanwhile(retno: Client, cast: Cast, second: str) -> None:
    mend(ONE, "pertama", "kesatu", cast.trainer)
    publish(retno, retno.page(PUBLISH))
    answer = retno.send(f"{EDITIONS}/1/kembali", alasan="Kembali saja.", berlaku="2")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "terbitan 3 mulai berlaku" in text
    assert 'value="Kembali saja."' in text
    assert b"kesatu" in published()[ONE]


@pytest.mark.parametrize("number", ["9", "0", "x", "9" * 30])
def test_an_edition_that_is_not_there_is_404(retno: Client, number: str) -> None:
    assert retno.get(f"{EDITIONS}/{number}").status_code == 404
    assert retno.send(f"{EDITIONS}/{number}/kembali", alasan="x").status_code == 404


def test_the_editions_of_a_course_one_may_not_edit_are_404(retno: Client, second: str, cast: Cast) -> None:
    sign_in(retno, cast.other_trainer)
    for way in (LIST, f"{EDITIONS}/1"):
        assert retno.get(way).status_code == 404
    assert go_back(retno, 1) == 404


def test_a_course_never_published_has_an_honest_list(client: Client, cast: Cast) -> None:
    with writing():
        actions.import_draft("baru", dict(bundled()))
    sign_in(client, cast.admin)
    assert "Belum pernah diterbitkan" in client.page("/pelatih/kursus/baru/terbitkan")


def test_more_than_a_page_of_texts_is_compared_one_by_one(retno: Client, cast: Cast) -> None:
    files = read_folder(COURSE)
    words = " ".join(f"kata{number}" for number in range(18_000))
    names = ", ".join(f'"p{number}.md"' for number in range(3))
    files["kursus.toml"] = files["kursus.toml"].replace(b'"dasar/dua.md"', f'"dasar/dua.md", {names}'.encode())
    files |= {f"p{number}.md": f"# Panjang {number}\n\n{words}\n".encode() for number in range(3)}
    publish_course(SLUG, files)
    text = retno.page(f"{EDITIONS}/2")
    ways = re.findall(r'href="([^"]*berkas=[^"]*)"', text)
    assert len(ways) >= 1
    assert "Teksnya panjang" in text
    assert "Teksnya panjang" not in retno.page(ways[0].replace("&amp;", "&"))


@pytest.mark.walk
def test_the_pages_ask_the_same_however_many_lessons(retno: Client, cast: Cast) -> None:
    def asked(count: int) -> tuple[int, int]:
        files = course_of(count)
        publish_course(SLUG, files)
        number = publish_course(SLUG, {path: data.replace(b"Anda tahu", b"Anda paham") for path, data in files.items()})
        return len(counted(retno, LIST)), len(counted(retno, f"{EDITIONS}/{number}"))

    assert asked(3) == asked(100)
