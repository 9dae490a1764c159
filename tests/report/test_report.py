"""The report of a bimtek: what it lacks is said, it says what the pages say, and its files can be read."""

import hashlib
import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from PIL import Image
from pypdf import PdfReader

from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Blob, Cohort, Job, Membership, Office, Person
from lms.report.event_report import moved
from tests.certificate.test_batch import PAGE as SHEETS
from tests.certificate.test_batch import exempt, issue, sheets
from tests.conftest import START, Cast, Client, Time, add_member, sign_in
from tests.effort import often
from tests.learn.test_queries_count import counted
from tests.quiz.test_rulings import a_certificate
from tests.report.conftest import PAGE, PEOPLE, Event, bimtek

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DESK = "/pelatih/B1MTEK"


def word_text(data: bytes) -> str:
    """All words of a .docx whose every part is well-formed."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    trees = {name: ElementTree.fromstring(part) for name, part in parts.items() if name.endswith((".xml", ".rels"))}  # noqa: S314 - The program's own file.
    paragraphs = trees["word/document.xml"].iter(f"{W}p")
    return " ".join("".join(text.text or "" for text in each.iter(f"{W}t")) for each in paragraphs)


def pdf_text(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


READERS: dict[str, Callable[[bytes], str]] = {"docx": word_text, "pdf": pdf_text}


def text_of(event: Event, extension: str) -> str:
    """The downloaded report in words."""
    response = event.client.send(f"{PAGE}.{extension}")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == f'attachment; filename="laporan-b1mtek.{extension}"'
    assert response.headers["Cache-Control"] == "private, no-store"
    return READERS[extension](response.get_data())


def test_an_empty_bimtek_is_told_what_is_missing_and_where_to_put_it_right(client: Client, cast: Cast) -> None:
    text = sign_in(client, cast.trainer).page(PAGE)
    for place in ("acara/isian", "acara", "tes", "survei", "rtl"):
        assert f'href="{DESK}/{place}">Lengkapi' in text, place
    assert "Penanda tangan</span><span>Belum diatur" in text
    assert "Laporannya siap" not in text
    assert client.send(f"{PAGE}.pdf").status_code == 409


@pytest.mark.parametrize("extension", READERS)
def test_names_stand_with_their_titles(event: Event, extension: str) -> None:
    with writing():
        db.session.query(Person).filter_by(name="Orang 003").one().title_after = "S.Sos."
    event.gather()
    assert "Orang 003, S.Sos." in text_of(event, extension)


def test_an_empty_bimtek_gives_a_report_that_says_so(client: Client, cast: Cast) -> None:
    event = Event(cast, sign_in(client, cast.trainer), [])
    event.gather()
    text = text_of(event, "docx")
    for words in (
        "Jadwal pertemuan tidak dicatat",
        "Kehadiran tidak dicatat",
        "Survei tidak diadakan",
        "Ketua panitia",
    ):
        assert words in text
    assert "1 (satu) orang" in text


def test_its_numbers_are_those_of_the_pages(event: Event) -> None:
    event.gather()
    pages = [event.client.page(f"{DESK}/{name}") for name in ("tes?bagian=peningkatan", "survei", "rtl")]
    for extension in READERS:
        assert_same(text_of(event, extension), *pages)


def assert_same(text: str, gain: str, survey: str, plans: str) -> None:
    """The words of a report say what the pages of both tests, of the survey and of the plans say."""
    of_means, mean = re.findall(r"<dd><b>([\d,]+)</b>", gain)
    means = re.search(r"dari rata-rata ([\d,]+) menjadi ([\d,]+)", gain)
    assert means
    assert f"dari {means[1]} menjadi {means[2]}: gain rata-rata kelas {of_means} (sedang)" in text
    assert f"rata-rata gain perorangan {mean} dari" in text
    passed = re.search(r"<b>(\d+) dari (\d+)</b> lulus tes akhir \(([\d,]+%)\)", gain)
    assert passed
    assert f"{passed[1]} dari {passed[2]} peserta lulus tes akhir ({passed[3]})" in text
    for title, n, pre, post in re.findall(
        r'"Materi">([^<]+)</td><td data-label="Orang \(n\)">(\d+)</td>'
        r'<td data-label="Awal">([\d,]+)</td><td data-label="Akhir">([\d,]+)',
        gain,
    ):
        assert f"{title} {n} {pre} {post}" in text
    index = re.search(r"Indeks <b>([\d,]+)</b>: ([a-z ]+)\.", survey)
    assert index
    assert f"Penyelenggaraan {index[1]} C ({index[2]})" in text
    assert "<b>1 orang</b> menulis 1 rencana. Terlaksana 1" in plans
    assert "1 peserta menulis 1 rencana tindak lanjut. Terlaksana 1" in text


def test_it_says_of_the_kecamatan_of_its_people_what_the_page_of_coverage_says(event: Event) -> None:
    with writing():
        db.session.get_one(Person, event.cast.other).region = "33.12.01.2002"
        a_certificate(event.cast.other)
    event.gather()
    page = event.client.page("/pelatih/jangkauan")
    rows = {name: reached(page, name) for name in ("Giritontro", "Pracimantoro")}
    assert rows["Pracimantoro"][0].startswith("1: ")
    assert rows["Pracimantoro"][1] == "1: Sumberagung"
    counts = [[int(cell.partition(":")[0].replace("–", "0")) for cell in row] for row in rows.values()]
    trained, learning, without = map(sum, zip(*counts, strict=True))
    told = f"{trained} dari {trained + learning + without} desa dan kelurahan di 2 kecamatan asal peserta"
    for extension in READERS:
        text = text_of(event, extension)
        assert f"{told} sudah punya PSM terlatih, {learning} sedang belajar, dan {without} belum ada" in text
        annex = text.partition("Lampiran 6. Jangkauan desa")[2]
        for (name, row), sums in zip(rows.items(), counts, strict=True):
            assert f"{name} {sums[0]} dari {sum(sums)} {row[1]} {row[2]}" in annex, extension
        assert "Selogiri" not in annex


def reached(page: str, district: str) -> list[str]:
    """Villages of a kecamatan that have, are getting, have not, as the page of coverage words them."""
    row = page.partition(f'<tr id="{district.lower()}">')[2].partition("</tr>")[0]
    return [re.sub("<[^>]*>", "", cell).strip() for cell in row.split("</td>")[1:4]]


def test_it_tells_the_whole_day_in_the_order_of_the_office(event: Event) -> None:
    event.gather()
    for extension in READERS:
        assert_whole(text_of(event, extension), event)


def assert_whole(text: str, event: Event) -> None:
    """Chapters, facts and names are all there."""
    chapters = re.findall(r"\b([A-K])\. (?=[A-Z][a-z])", text.partition("Lampiran 1. Daftar")[0])
    assert [each for at, each in enumerate(chapters) if each not in chapters[:at]] == list("ABCDEFGHIJK")
    for words in (
        "PEMERINTAH KABUPATEN WONOGIRI",
        "LAPORAN KEGIATAN",
        "Surat Keputusan Kepala Dinas Sosial Nomor 400.9/11/2026",
        "Asesmen <awal> & lanjut",
        "Sri Hartini, S.Sos.",
        "Kunjungan (dibatalkan)",
        f"{PEOPLE} (dua belas) orang",
        "6 laki-laki dan 6 perempuan",
        "Bantuan sosial 10 1 0 1 0",
        "6 dari 12 peserta mengirim survei tanpa nama",
        "Narasumber: Drs. Wiyono – kurang dari 5 jawaban",
        "Wonogiri, 24 November 2026",
        "Drs. H. Contoh, M.Si.",
        "NIP 19700101 199001 1 001",
        "Saran 3",
        "Dasar 1?",
    ):
        assert words in text, words
    for member in event.members:
        assert db.session.get_one(Person, db.session.get_one(Membership, member).person_id).name in text


def test_nobody_has_a_phone_in_it_and_the_work_keeps_no_names(event: Event) -> None:
    event.gather()
    assert not any("0812345678" in text_of(event, extension) for extension in READERS)
    kept = json.dumps(db.session.query(Job).filter_by(kind="laporan").one().outcome)
    assert "0812345678" not in kept
    assert "Orang 0" not in kept
    assert "Saran 3" not in kept


def test_who_was_erased_since_is_not_named(event: Event, time: Time) -> None:
    event.gather()
    assert "Orang 004" in text_of(event, "docx")
    with writing():
        person = db.session.get_one(Person, db.session.get_one(Membership, event.members[4]).person_id)
        person.erased_at, person.name = time.now, ""
    text = text_of(event, "docx")
    assert "Orang 004" not in text
    assert "(data sudah dihapus)" in text
    assert f"{PEOPLE} (dua belas) orang" in text
    assert "5 laki-laki dan 6 perempuan, 1 belum tercatat" in text


def test_the_emblem_of_the_office_heads_it(event: Event) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (120, 140), "#0e5a43").save(picture, "PNG")
    data = picture.getvalue()
    with writing():
        blob = Blob(hash=hashlib.sha256(data).hexdigest(), data=data)
        db.session.add(blob)
        db.session.query(Office).one().emblem_hash = blob.hash
    event.gather()
    with zipfile.ZipFile(io.BytesIO(event.client.send(f"{PAGE}.docx").get_data())) as book:
        assert book.read("word/media/gambar1.png") == data
        assert 'descr="Lambang daerah"' in book.read("word/document.xml").decode()
    first = PdfReader(io.BytesIO(event.client.send(f"{PAGE}.pdf").get_data())).pages[0]
    assert any(image.image and image.image.size == (120, 140) for image in first.images)


def test_figures_of_another_shape_are_gathered_again(event: Event, time: Time) -> None:
    event.gather()
    with writing():
        job = db.session.query(Job).filter_by(kind="laporan").one()
        job.told, job.outcome = {"bentuk": 0}, {}
    assert "Laporannya siap" not in event.client.page(PAGE)
    assert event.client.send(f"{PAGE}.pdf").status_code == 409
    time.forward(minutes=1)
    event.gather()
    assert "Laporannya siap" in event.client.page(PAGE)


def test_what_is_written_is_kept_and_printed_also_after_closing(event: Event, cast: Cast, time: Time) -> None:
    event.gather()
    with writing():
        db.session.get_one(Cohort, cast.bimtek).closed_at = time.now
    text = "Listrik padam satu jam.\r\n- Sinyal lemah di aula\r\n- Peserta datang 行"
    response = event.client.send(PAGE, aksi="simpan", hambatan=text)
    assert "Tulisan Anda tersimpan" in event.client.page(response.location)
    assert bimtek(cast).report == {"hambatan": text.replace("\r", "")}
    assert "Sinyal lemah di aula Peserta datang 行 Saran" in text_of(event, "docx")
    assert "Listrik padam satu jam. – Sinyal lemah di aula – Peserta datang ? Saran" in text_of(event, "pdf")


def test_what_is_left_as_offered_follows_the_facts(event: Event, cast: Cast) -> None:
    page = event.client.page(PAGE)
    offered = dict(re.findall(r'<textarea class="text" id="(\w+)"[^>]*>([^<]*)<', page))
    assert len(offered) == 5
    event.client.send(PAGE, aksi="simpan", **{key: html.unescape(text) for key, text in offered.items()})
    assert bimtek(cast).report == {}
    with writing():
        db.session.get_one(Cohort, cast.bimtek).basis = "Surat Tugas Nomor 7"
    assert ">- Surat Tugas Nomor 7</textarea>" in event.client.page(PAGE)


@pytest.mark.parametrize(("typed", "said"), [("x" * 4_001, "Terlalu panjang"), ("3312010101900001", "nomor KTP")])
def test_what_can_not_be_kept_comes_back(event: Event, cast: Cast, typed: str, said: str) -> None:
    response = event.client.send(PAGE, aksi="buat", saran=typed, hambatan="Hujan")
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert said in text
    assert ">Hujan</textarea>" in text
    assert typed in text
    assert bimtek(cast).report == {}
    assert event.client.send(PAGE, aksi="lain").status_code == 400


def test_a_survey_that_is_open_is_not_told(event: Event, cast: Cast) -> None:
    with writing():
        db.session.execute(db.text("update period set closes_at = null"))
    event.gather()
    text = text_of(event, "docx")
    assert "Survei belum ditutup" in text
    assert "3,50" not in text
    assert "Saran 3" not in text


@pytest.mark.walk
def test_the_signature_is_never_alone_on_a_page(event: Event) -> None:
    event.gather()
    for lines in range(0, 44, often(12, 4)):
        event.client.send(
            PAGE, aksi="simpan", hambatan="\n".join(["- Hujan"] * lines) or "Hujan", penutup="Demikianlah."
        )
        pages = PdfReader(io.BytesIO(event.client.send(f"{PAGE}.pdf").get_data())).pages
        signed = [text for page in pages if "Drs. H. Contoh, M.Si." in (text := page.extract_text())]
        assert ["Demikianlah." in text for text in signed] == [True], lines
    with zipfile.ZipFile(io.BytesIO(event.client.send(f"{PAGE}.docx").get_data())) as book:
        assert (
            '<w:keepNext/></w:pPr><w:r><w:t xml:space="preserve">Demikianlah.'
            in book.read("word/document.xml").decode()
        )


def test_a_mean_that_stayed_is_not_said_to_rise() -> None:
    group = {"awal": "23,44", "akhir": "23,44", "turun": False}
    assert moved(group) == "tetap 23,44"
    assert moved(group | {"akhir": "30"}) == "naik dari 23,44 menjadi 30"
    assert moved(group | {"akhir": "20", "turun": True}) == "turun dari 23,44 menjadi 20"


def test_nobody_is_counted_as_man_or_woman_where_none_is_known(event: Event) -> None:
    with writing():
        db.session.execute(db.text("update person set sex = ''"))
    event.gather()
    text = text_of(event, "pdf")
    assert "Laki-laki" not in text
    assert "Belum tercatat" not in text
    assert "Kecamatan Jumlah" in text


def test_a_basis_written_for_the_report_is_not_asked_again(event: Event, cast: Cast) -> None:
    with writing():
        db.session.get_one(Cohort, cast.bimtek).basis = ""
    assert f'href="{DESK}/acara/isian">Lengkapi' in event.client.page(PAGE)
    event.client.send(PAGE, aksi="simpan", dasar="Surat Tugas Nomor 7")
    text = event.client.page(PAGE)
    assert "Dasar</span><span>Ditulis di bawah</span>" in text
    assert f'href="{DESK}/acara/isian">Lengkapi' not in text


def test_few_people_are_called_nothing(event: Event) -> None:
    with writing():
        for member in event.members[5:]:
            db.session.get_one(Membership, member).left_at = db.session.get_one(Membership, member).joined_at
    event.gather()
    text = text_of(event, "docx")
    assert "Kurang dari 10 orang: angka saja, tanpa kategori." in text
    assert "Orang 007" not in text


def test_every_download_is_noted(event: Event, cast: Cast) -> None:
    event.gather()
    for path in (f"{PAGE}.docx", f"{PAGE}.pdf", f"{DESK}/semua.xlsx"):
        assert event.client.send(path).status_code == 200
    noted = db.session.query(AuditEntry).filter_by(action="berkas diunduh", object=f"cohort:{cast.bimtek}").all()
    assert [entry.reason for entry in noted] == ["laporan-b1mtek.docx", "laporan-b1mtek.pdf", "semua-b1mtek.xlsx"]


def test_the_page_asks_little_however_much_there_is(event: Event) -> None:
    assert len(counted(event.client, PAGE)) <= 11
    event.gather()
    assert len(counted(event.client, PAGE)) <= 11


def test_selfstudy_has_no_report_but_all_its_data(client: Client, cast: Cast) -> None:
    add_member(cast.trainer, role="pelatih")
    code = db.session.query(Cohort).filter_by(kind="mandiri").one().code
    assert sign_in(client, cast.trainer).get(f"/pelatih/{code}/laporan").status_code == 404
    assert client.send(f"/pelatih/{code}/semua.xlsx").data.startswith(b"PK")


def test_the_register_has_the_names_on_the_sheets_and_counts_what_holds(event: Event) -> None:
    with writing():
        cohort = db.session.get_one(Cohort, event.cast.bimtek)
        cohort.starts_on = cohort.ends_on = START.date()
    assert "0 sertifikat" in event.client.page(PAGE)
    exempt(event, *event.members[3:6])
    issue(event)
    corrected, revoked, _ = sheets(event)
    with writing():
        db.session.query(Person).filter_by(name="Orang 003").one().name = "Orang Baru"
    for sheet, asked in ((corrected, "betulkan"), (revoked, "cabut")):
        assert event.client.send(f"{SHEETS}/{sheet.id}", aksi=asked, alasan="Keliru.").status_code == 303
    assert "2 berlaku, 1 dicabut" in event.client.page(PAGE)
    event.gather()
    for extension in READERS:
        annex = text_of(event, extension).partition("Lampiran 4. Register sertifikat")[2]
        annex = annex.partition("Lampiran 5.")[0]
        assert "001/2026 Orang 003" in annex
        assert "001/2026 (revisi 1) Orang Baru" in annex
