"""Terms explained in the lesson, and the page of all of them."""

import re

import pytest
from flask import Flask

from lms.course.folder import read_folder
from lms.db.engine import db
from lms.db.tables import Cohort
from tests.conftest import COURSE, SLUG, Cast, Client, add_bimtek, add_member, add_person, publish_course, sign_in
from tests.learn.test_queries_count import counted

LESSON = "/belajar/kursus/dasar/satu"
ALL = "/istilah/kursus"


def publish(glossary: str | None, lesson: str | None = None) -> int:
    """Publish the test course with another glossary, or none, and other words in its first lesson."""
    files = read_folder(COURSE)
    del files["glosarium.md"]
    if glossary is not None:
        files["glosarium.md"] = glossary.encode()
    if lesson:
        files["dasar/satu.md"] = files["dasar/satu.md"].replace(b"Kalimat pembuka", lesson.encode())
    return publish_course(SLUG, files)


def test_the_first_use_leads_to_the_explanation_at_the_end_of_the_lesson(client: Client) -> None:
    text = client.page(LESSON)
    assert text.count('class="istilah"') == 1
    assert '<a class="istilah" href="#istilah-desa">desa</a>' in text
    section = text.partition("Istilah dalam pelajaran ini")[2].partition("</section>")[0]
    assert section.count("<dt") == 1
    assert 'id="istilah-desa"' in section
    assert "Tempat tinggal warga" in section
    assert 'href="/istilah/kursus#istilah-desa"' in section
    assert "istilah.css" in text
    assert "istilah.js" in text


def test_a_lesson_without_terms_loads_nothing_for_them(client: Client) -> None:
    text = client.page("/belajar/kursus/dasar/dua")
    assert "istilah.css" not in text
    assert "istilah.js" not in text
    assert "Istilah dalam pelajaran ini" not in text
    assert 'href="/istilah/kursus"' in text


def test_a_course_without_glossary_speaks_of_none(client: Client) -> None:
    publish(None)
    for path in (LESSON, "/belajar/kursus"):
        assert "stilah" not in client.page(path)
    assert "Kursus ini belum punya daftar istilah" in client.page(ALL)


def test_another_glossary_explains_a_lesson_that_did_not_change(client: Client) -> None:
    client.page(LESSON)
    publish("## Kalimat\n\nRangkaian kata.\n")
    text = client.page(LESSON)
    assert "Rangkaian kata" in text
    assert "#istilah-desa" not in text


def test_what_is_asked_is_never_marked(client: Client) -> None:
    publish("".join(f"## {name}\n\nX.\n\n" for name in ("Hijau", "Warna", "Aturan", "Rumah", "Pelajaran", "Bagian")))
    text = client.page(LESSON)
    assert re.findall(r'class="istilah" href="#istilah-(.*?)"', text) == ["pelajaran"]
    assert "Setelah <a" in text


def test_a_link_to_the_glossary_leads_to_the_page_of_all_terms(client: Client) -> None:
    publish("## Kota\n\nX.\n", "[Kota](../glosarium.md#kota), [semua](../glosarium.md)")
    text = client.page(LESSON)
    assert 'href="/istilah/kursus#istilah-kota"' in text
    assert '<a href="/istilah/kursus">semua</a>' in text


def test_the_page_of_all_terms_is_open_alphabetical_and_sets_no_cookie(client: Client) -> None:
    response = client.get(ALL)
    text = response.get_data(as_text=True)
    assert "Set-Cookie" not in response.headers
    names = re.findall(r"<dt[^>]*>([^<]+?)(?: <|<)", text)
    assert names == ["Desa", "kelurahan", "PKH", "Program Keluarga Harapan"]
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", text) == ["D", "K", "P"]
    assert 'lihat <a href="#istilah-desa">Desa</a>' in text
    assert 'href="/belajar/kursus/dasar/dua"' in text
    assert 'href="/istilah/kursus"' in client.page("/belajar/kursus")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("PKH", ["PKH"]), ("  KELURAHAN ", ["Desa"]), ("bersyarat", ["PKH"]), ("b", ["PKH"]), ("xyz", []), ("<b>", [])],
)
def test_a_search_without_script_finds_terms_aliases_and_texts(client: Client, wanted: str, found: list[str]) -> None:
    response = client.get(ALL, query_string={"cari": wanted})
    text = response.get_data(as_text=True)
    assert re.findall(r"<dt[^>]*>([^<]+?)(?: <|<)", text) == found
    said = text.partition('role="status">')[2].partition("</p>")[0]
    assert said.startswith(f"{len(found)} istilah memuat" if found else "Tidak ada istilah")
    assert "Tampilkan semua istilah" in text


@pytest.mark.parametrize(
    "wanted", ["terlantar", "ANAK  TERLANTAR", "anak telantar", "aktifitas", "assesmen", "e warong"]
)
def test_a_search_knows_other_names_and_other_spellings(client: Client, wanted: str) -> None:
    publish("## Anak telantar | anak terlantar\n\nAktivitas, asesmen, e-warong.\n\n## Lain\n\nX.\n")
    text = client.get(ALL, query_string={"cari": wanted}).get_data(as_text=True)
    assert re.findall(r"<dt[^>]*>([^<]+?)(?: <|<)", text) == ["Anak telantar"]


def test_an_empty_search_shows_all(client: Client) -> None:
    assert client.page(f"{ALL}?cari=+").count("<dt") == 4


def test_who_is_in_a_bimtek_reads_the_terms_of_its_edition(client: Client, app: Flask) -> None:
    person, bimtek = add_person(), add_bimtek()
    add_member(person, bimtek)
    publish("## Kota\n\nX.\n")
    assert ">Kota" in client.page(ALL)
    text = sign_in(client, person).page(ALL)
    assert ">Desa" in text
    assert ">Kota" not in text
    assert db.session.get_one(Cohort, bimtek).edition_id == 1


def test_an_unknown_course_is_not_found(client: Client) -> None:
    assert client.get("/istilah/tidak-ada").status_code == 404


def test_the_page_of_all_terms_costs_two_statements(client: Client, cast: Cast) -> None:
    client.lint = False
    assert len(counted(client, ALL)) <= 1
    sign_in(client, cast.participant)
    assert len(counted(client, ALL)) <= 2
