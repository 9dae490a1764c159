"""The papers of a bimtek: both files of each say the same, what is typed is kept, and sums stand in words."""

import html
import io
import re
import zipfile

import pytest
from pypdf import PdfReader

from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Cohort, Membership, Office, Person
from lms.report.forms import LETTERS, mark_of
from tests.conftest import START, Cast, Client, add_person, sign_in
from tests.report.conftest import PEOPLE, Event, bimtek
from tests.report.test_report import READERS

DESK = "/pelatih/B1MTEK"
PAGE = f"{DESK}/laporan"
WIYONO = mark_of("Drs. Wiyono")


def paper(client: Client, name: str, extension: str = "docx", **typed: str) -> str:
    """A downloaded paper in words."""
    response = client.send(f"{DESK}/surat/{name}.{extension}", **typed)
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}-b1mtek.{extension}"'
    return " ".join(READERS[extension](response.get_data()).split())


@pytest.fixture
def planned(event: Event) -> Event:
    """The bimtek with a day, a place, a committee, and one speaker with an account."""
    speaker = add_person("Ani Wulandari")
    with writing():
        cohort = db.session.get_one(Cohort, event.cast.bimtek)
        cohort.starts_on = cohort.ends_on = START.date()
        cohort.place, cohort.bring = "Pendopo <Praci> & sekitarnya", "Kartu masuk"
        cohort.committee = "Ketua: Sri Sumarni, S.Sos.\nBudi Santoso"
        db.session.get_one(Person, speaker).position = "Penyuluh Sosial"
        db.session.add(
            Membership(person_id=speaker, cohort_id=cohort.id, role="narasumber", joined_at=START, trial=False)
        )
    return event


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("extension", READERS)
def test_a_paper_of_a_bare_bimtek_has_lines_to_write_on(client: Client, cast: Cast, name: str, extension: str) -> None:
    text = paper(sign_in(client, cast.trainer), name, extension)
    assert "Bimtek Angkatan I".casefold() in text.casefold()
    assert "………" in text
    assert "None" not in text
    assert "Undefined" not in text


@pytest.mark.parametrize("extension", READERS)
def test_the_invitation_names_day_place_and_everybody_by_kecamatan(planned: Event, extension: str) -> None:
    typed = {"nomor": "400.9/27 & <28>", "tanggal": "7/12/2026", "yth": "Camat", "tembusan": "Bupati\r\nArsip"}
    text = paper(planned.client, "undangan", extension, **{f"undangan-{key}": value for key, value in typed.items()})
    for words in (
        "PEMERINTAH KABUPATEN WONOGIRI",
        "Wonogiri, 7 Desember 2026",
        "400.9/27 & <28>",
        "Undangan Bimtek Angkatan I",
        "Yth. Camat",
        "Selasa, 24 November 2026",
        "Pukul 09.14 s.d. 11.04 WIB",
        "Pendopo <Praci> & sekitarnya",
        "Kartu masuk",
        "NIP 19700101 199001 1 001",
        "1. Bupati",
        "2. Arsip",
        "Kecamatan Giritontro (1 orang)",
        f"Kecamatan Pracimantoro ({PEOPLE - 1} orang)",
        '=HYPERLINK("https://jahat.test")',
    ):
        assert words in text, words
    assert "0812345678" not in text
    assert text.index("Kecamatan Giritontro") < text.index("Kecamatan Pracimantoro")


def test_the_order_to_serve_names_speakers_and_committee_once(planned: Event) -> None:
    for extension in READERS:
        text = paper(planned.client, "tugas", extension, **{f"nip-{WIYONO}": "19700101 199001 1 001"})
        for name in ("Ani Wulandari", "Drs. Wiyono", "Sri Hartini, S.Sos.", "Sri Sumarni, S.Sos.", "Budi Santoso"):
            assert text.count(name) == 1, (name, extension)
        assert "sebagai narasumber dan panitia" in text
        assert "Drs. Wiyono 19700101 199001 1 001" in text
        assert "Penyuluh Sosial Narasumber" in text
        assert "Sri Sumarni, S.Sos. Ketua Panitia" in text
        assert "Kunjungan" not in text


def test_each_speaker_has_a_letter_and_a_biodata_of_their_own(planned: Event) -> None:
    typed = {f"jabatan-{WIYONO}": "Kepala Bidang", f"instansi-{WIYONO}": "Dinsos", f"pangkat-{WIYONO}": "Pembina"}
    pages = PdfReader(io.BytesIO(planned.client.send(f"{DESK}/surat/permohonan.pdf", **typed).get_data())).pages
    texts = [" ".join(page.extract_text().split()) for page in pages]
    assert [re.findall(r"Yth\. (.*?) di Tempat", text) for text in texts] == [
        ["Ani Wulandari"],
        ["Drs. Wiyono"],
        ["Sri Hartini, S.Sos."],
    ]
    assert "Saudara, Kepala Bidang Dinsos, sebagai narasumber" in texts[1]
    assert "Asesmen <awal> & lanjut" in texts[1]
    assert "Asesmen" not in texts[2]
    text = paper(planned.client, "biodata")
    assert text.count("BIODATA NARASUMBER") == 3
    assert "Pangkat, golongan : Pembina" in text
    assert text.count("Nama bank, nomor rekening : ………") == 3


def test_what_each_gets_is_summed_and_said_in_words(planned: Event) -> None:
    typed = {"transport-peserta": "Rp 100.000,00", "harian-peserta": "25.000", "konsumsi-narasumber": "1500000"}
    for extension in READERS:
        text = paper(planned.client, "terima", extension, **typed)
        assert "Transport (Rp) Uang harian (Rp) Jumlah (Rp)" in text
        assert "100.000 25.000 125.000" in text
        assert "1.200.000 300.000 1.500.000" in text
        assert "Terbilang: satu juta lima ratus ribu rupiah" in text
        assert "Terbilang: empat juta lima ratus ribu rupiah" in text
        assert "TANDA TERIMA PANITIA" in text
        assert text.count("Bahan (Rp)") == 1  # The committee gets nothing yet, so its columns wait for a hand.
    assert bimtek(planned.cast).report == {
        "transport-peserta": "100000",
        "harian-peserta": "25000",
        "konsumsi-narasumber": "1500000",
    }


def test_who_signs_has_a_row_with_its_number_on_either_side(planned: Event) -> None:
    with zipfile.ZipFile(io.BytesIO(planned.client.send(f"{DESK}/surat/hadir.docx").get_data())) as book:
        rows = re.findall(r"<w:tr>.*?</w:tr>", book.read("word/document.xml").decode(), re.DOTALL)
    cells = [re.findall(r"<w:tc>.*?</w:tc>", row, re.DOTALL) for row in rows]
    signs = [["".join(re.findall(r"<w:t [^>]*>([^<]*)", cell)) for cell in row[4:]] for row in cells if len(row) == 6]
    assert signs[1:] == [["1.", ""], ["", "2."], ["3.", ""], ["", "4."], ["5.", ""]]


def test_the_programme_is_large_and_leaves_out_what_was_cancelled(planned: Event) -> None:
    response = planned.client.send(f"{DESK}/surat/acara.pdf")
    sizes: list[float] = []
    PdfReader(io.BytesIO(response.get_data())).pages[0].extract_text(
        visitor_text=lambda text, _cm, _tm, _font, size: sizes.append(size) if text.strip() else None
    )
    assert min(size for size in sizes) > 14
    text = paper(planned.client, "acara")
    assert "09.14–10.04 Asesmen <awal> & lanjut Drs. Wiyono" in text
    assert "Kunjungan" not in text


def test_what_is_typed_is_kept_and_another_form_leaves_it(planned: Event) -> None:
    paper(planned.client, "undangan", **{"undangan-nomor": "  7 /  A  ", "undangan-tembusan": "a\r\n\r\nb "})
    paper(planned.client, "tugas", **{"tugas-nomor": "8"})
    planned.client.send(PAGE, aksi="simpan", hambatan="Hujan")
    assert bimtek(planned.cast).report == {
        "undangan-nomor": "7 / A",
        "undangan-tembusan": "a\n\nb",
        "tugas-nomor": "8",
        "hambatan": "Hujan",
    }
    page = planned.client.page(PAGE)
    assert 'name="undangan-nomor" type="text" value="7 / A"' in page
    paper(planned.client, "undangan", **{"undangan-nomor": ""})
    assert "undangan-nomor" not in bimtek(planned.cast).report


@pytest.mark.parametrize(
    ("name", "key", "typed", "said"),
    [
        ("undangan", "undangan-tanggal", "besok", "Tulis tanggalnya"),
        ("undangan", "undangan-nomor", "x" * 201, "paling panjang 200 huruf"),
        ("undangan", "undangan-tembusan", "3312010101900001", "nomor KTP"),
        ("terima", "transport-peserta", "banyak", "Tulis rupiahnya"),
        ("terima", "transport-peserta", "1.50", "Tulis rupiahnya"),
        ("terima", "transport-peserta", "٣", "Tulis rupiahnya"),
        ("terima", "bahan-panitia", "100.000.001", "Tulis rupiahnya"),
        ("biodata", f"nip-{WIYONO}", "123", "18 angka"),
    ],
)
def test_what_is_wrong_comes_back_in_its_open_part(planned: Event, name: str, key: str, typed: str, said: str) -> None:
    response = planned.client.send(f"{DESK}/surat/{name}.pdf", **{key: typed, "undangan-hal": "Tetap ada"})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert re.search(rf'<p class="fault" id="{key}-salah">[^<]*{said}', text)
    assert html.escape(typed) in text
    assert 'value="Tetap ada"' in text
    assert f"<details open><summary>{LETTERS[name].title}</summary>" in text
    assert bimtek(planned.cast).report == {}


def test_an_unknown_paper_is_none_and_each_download_is_noted(planned: Event) -> None:
    assert planned.client.send(f"{DESK}/surat/lain.pdf").status_code == 404
    paper(planned.client, "acara", "pdf")
    noted = db.session.query(AuditEntry).filter_by(action="berkas diunduh").one()
    assert noted.reason == "acara-b1mtek.pdf"


def test_without_an_office_nothing_of_one_is_printed(planned: Event) -> None:
    with writing():
        db.session.delete(db.session.query(Office).one())
    text = paper(planned.client, "undangan")
    assert "Ketua panitia," in text
    assert "PEMERINTAH" not in text
    assert "NIP" not in text
