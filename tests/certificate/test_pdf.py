import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pypdf
import pypdfium2  # type: ignore[import-untyped] # It brings no types.
import pypdfium2.raw as pdfium  # type: ignore[import-untyped] # It brings no types.
import pytest
import typst
import zxingcpp

from lms.certificate import pdf
from lms.certificate.qr import encode, short_id
from lms.certificate.snapshot import TTE, Snapshot, State, Subject, canonical, new_key, public_key
from lms.esign.signed_pdf import BOX_TOP
from lms.paper import child, typesetting
from lms.people.signatory import Signatory
from tests.certificate.qr_reading import read
from tests.certificate.samples import BIMTEK, ONLINE
from tests.conftest import KEY

TEMPLATE = typesetting.TEMPLATES / pdf.TEMPLATE
POINTS_A_MM = 72 / 25.4
# The inner line of the frame, in points from each edge of the paper.
FRAME = 17 * POINTS_A_MM

LONG_NAME = (
    "Prof. Dr. Ir. H. Raden Mas Notonegoro Kusumaningrat Wijayakusuma "
    "Adiputra Suryadiningrat Prawirodirdjo, S.Sos., M.Si.120"
)
ACCENTED = ("Željko Čapčić-Šušnjarić Ötztürk Świętosława D’Angelo Łukasz Ñandú Ţăranu Ğülşen Åström Ýmir " * 2)[:120]
LONG_SUBJECTS = tuple(
    Subject(
        f"Materi {number}: pendekatan awal, asesmen, dan rencana pelayanan bagi keluarga penerima manfaat di desa",
        f"Prof. Dr. Endang Lestari Kusumaningrum {number}, M.Si., M.Pd.",
        1,
        number % 4,
    )
    for number in range(1, 16)
)
HOSTILE = r"""#panic("x") $x$ *a* _b_ <l> @r \ " </svg> #{1+1} ]] // `c`"""


@cache
def printed_from(facts: tuple[bytes, ...]) -> bytes:
    return pdf.render([Snapshot.from_dict(json.loads(fact)) for fact in facts])


def printed(*snapshots: Snapshot) -> bytes:
    """Printed from the bytes that are signed and stored; the same sheet is printed once for all tests."""
    return printed_from(tuple(canonical(snapshot) for snapshot in snapshots))


def opened(*snapshots: Snapshot) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(printed(*snapshots))


def text_of(page: pypdfium2.PdfPage) -> str:
    """The words of a page in reading order, with one space between them."""
    return " ".join(page.get_textpage().get_text_range().replace("\u200b", "").split())


def pages(*snapshots: Snapshot) -> list[str]:
    return [text_of(page) for page in opened(*snapshots)]


def letters(page: pypdfium2.PdfPage) -> Iterator[tuple[str, float, tuple[float, ...]]]:
    """Each visible letter with its size in points and its box (left, bottom, right, top)."""
    textpage = page.get_textpage()
    for index in range(textpage.count_chars()):
        letter = chr(pdfium.FPDFText_GetUnicode(textpage, index))
        if letter.isprintable() and letter != " ":
            yield letter, pdfium.FPDFText_GetFontSize(textpage, index), textpage.get_charbox(index)


def reader(*snapshots: Snapshot) -> Any:
    return pypdf.PdfReader(BytesIO(printed(*snapshots)))


def test_a_certificate_is_two_landscape_pages_of_a4() -> None:
    document = opened(BIMTEK)
    assert len(document) == 2
    for page in document:
        assert [round(side / POINTS_A_MM) for side in page.get_size()] == [297, 210]


def test_the_front_says_everything_in_reading_order() -> None:
    front = pages(BIMTEK)[0]
    expected = [
        "PEMERINTAH KABUPATEN WONOGIRI",
        "DINAS SOSIAL",
        "Jalan Contoh Nomor 1, Wonogiri 57612",
        "SERTIFIKAT",
        "Nomor: 400.9/027/PSM-BIMTEK/2026",
        "Diberikan kepada",
        "SITI AMINAH, S.Pd.",
        "Pekerja Sosial Masyarakat Desa Sumberagung, Kecamatan Pracimantoro",
        "sebagai PESERTA pada",
        "Bimbingan Teknis Dasar Pekerja Sosial Masyarakat Tahun 2026",
        "yang diselenggarakan oleh Dinas Sosial Kabupaten Wonogiri di Pendopo Kecamatan Pracimantoro "
        "pada hari Selasa, 9 Juni 2026, secara daring mandiri dan tatap muka, "
        "dengan beban belajar seluruhnya 12 (dua belas) jam pelajaran dan predikat BAIK.",
        "7K2M-QW0R-ZT4B",
        "Pindai untuk mencocokkan nama, nomor, kegiatan, dan status sertifikat ini.",
        "Wonogiri, 16 Juni 2026",
        "Kepala Dinas Sosial Kabupaten Wonogiri,",
        "Drs. Contoh Penanda Tangan, M.Si.",
        "Pembina Utama Muda",
        "NIP 19700101 199503 1 001",
        "Nomor 400.9/027/PSM-BIMTEK/2026 – halaman 1 dari 2",
    ]
    places = [front.find(part) for part in expected]
    assert -1 not in places, expected[places.index(-1)]
    assert places == sorted(places)


def test_the_back_lists_the_subjects_with_hours_and_total() -> None:
    back = pages(BIMTEK)[1]
    for part in (
        "DAFTAR MATERI",
        "No Materi Narasumber Daring (JP) Tatap muka (JP) Jumlah",
        "1 Konsep dasar Pekerja Sosial Masyarakat Dra. Endang Lestari, M.Si. 1 1 2",
        "5 Asesmen: pendekatan awal dan jarak jauh Ratna Wulandari, S.ST. 1 2 3",
        "Jumlah 5 7 12",
        "Dasar: Keputusan Kepala Dinas Sosial Kabupaten Wonogiri Nomor 400.9/12 Tahun 2026",
        "Nomor 400.9/027/PSM-BIMTEK/2026 – halaman 2 dari 2",
    ):
        assert part in back


def test_columns_nobody_has_anything_in_are_dropped() -> None:
    back = pages(ONLINE)[1]
    assert "No Materi Daring (JP) Jumlah 1 Konsep dasar Pekerja Sosial Masyarakat 1 1" in back
    assert "Jumlah 5 5" in back
    assert "Narasumber" not in back
    assert "Tatap muka" not in back
    assert "Dasar:" not in back


def test_self_study_says_whose_word_the_name_is_and_names_no_place() -> None:
    front = pages(ONLINE)[0]
    assert "nama menurut isian peserta" in front
    assert "Wonogiri pada tanggal 4 s.d. 21 Mei 2026, secara daring mandiri, dengan" in front
    assert "predikat" not in front


def test_the_register_is_that_of_a_sertifikat() -> None:
    both = " ".join(pages(BIMTEK)).lower()
    assert "sttp" not in both
    assert "lulus" not in both


def test_a_deputy_signs_on_behalf() -> None:
    signer = replace(BIMTEK.signer, title="Sekretaris", on_behalf="a.n. Kepala Dinas Sosial", rank="", nip="")
    front = pages(replace(BIMTEK, signer=signer))[0]
    assert "a.n. Kepala Dinas Sosial Sekretaris, Drs. Contoh Penanda Tangan, M.Si. Nomor 400.9/027" in front


@pytest.mark.parametrize("dpi", [100, 150])
@pytest.mark.parametrize("sample", [False, True])
def test_a_scanner_reads_the_address_of_the_check(dpi: int, sample: bool) -> None:
    picture = opened(replace(BIMTEK, sample=sample))[0].render(scale=dpi / 72).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == BIMTEK.check_url
    box = code.position
    assert (box.top_right.x - box.top_left.x) / dpi * 25.4 == pytest.approx(30, abs=0.6)
    assert box.bottom_left.x / dpi * 25.4 < 40
    assert box.top_left.y / dpi * 25.4 > 130


@pytest.mark.walk
@pytest.mark.parametrize("dpi", [150, 300])
@pytest.mark.parametrize("sample", [False, True])
def test_a_scanner_reads_the_signed_facts_behind_the_address(dpi: int, sample: bool) -> None:
    """The longest of them too, in the thirty millimetres that the code has."""
    longest = replace(BIMTEK, name=LONG_NAME, activity="Bimbingan teknis " * 20, revision=12)
    for snapshot in (replace(BIMTEK, sample=sample), replace(longest, sample=sample)):
        page = pypdfium2.PdfDocument(pdf.render([snapshot], signing_key=KEY))[0]
        (code,) = zxingcpp.read_barcodes(page.render(scale=dpi / 72).to_pil())
        assert code.text == encode(snapshot, KEY)
        assert read(code.text, {short_id(public_key(KEY)): public_key(KEY)})[0] == "benar"
        box = code.position
        assert (box.top_right.x - box.top_left.x) / dpi * 25.4 == pytest.approx(30, abs=0.6)


def test_the_address_stands_alone_where_it_leaves_no_room() -> None:
    far = replace(BIMTEK, check_url=f"https://{'x' * 150}.id/cek/{BIMTEK.token}")
    assert pdf.document([far], signing_key=KEY)["sheets"][0]["qr"] == far.check_url


def test_an_old_sheet_is_signed_by_the_key_of_today_and_by_the_same_one_alike() -> None:
    today = new_key()
    assert pdf.render([BIMTEK], signing_key=today) == pdf.render([BIMTEK], signing_key=today)
    assert f"#1;{short_id(public_key(today))};" in pdf.document([BIMTEK], signing_key=today)["sheets"][0]["qr"]


def test_every_font_is_embedded() -> None:
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for page in reader(BIMTEK).pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts)


def roles(element: Any) -> Iterator[str]:
    node = element.get_object()
    if isinstance(node, pypdf.generic.ArrayObject):
        for part in node:
            yield from roles(part)
    elif isinstance(node, pypdf.generic.DictionaryObject):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from roles(node["/K"])


def test_the_file_is_tagged_for_readers_and_archives() -> None:
    root = reader(BIMTEK).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "id"
    found = list(roles(root["/StructTreeRoot"]["/K"]))
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure"} <= set(found)
    assert found.count("/TH") >= 6
    assert found.count("/Figure") == 1
    claims = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in claims
    assert "<pdfuaid:part>1</pdfuaid:part>" in claims


def test_the_file_is_dated_by_the_day_of_issue_and_titled_by_what_it_is() -> None:
    metadata = reader(BIMTEK).metadata
    assert metadata is not None
    assert metadata.creation_date is not None
    assert metadata.creation_date.date() == date(2026, 6, 16)
    assert "400.9/027/PSM-BIMTEK/2026: SITI AMINAH, S.Pd." in str(metadata.title)


@pytest.mark.walk
def test_the_same_facts_give_the_same_bytes_here_and_in_another_process() -> None:
    first = pdf.render([BIMTEK])
    assert pdf.render([replace(BIMTEK)]) == first
    assert pdf.render([replace(BIMTEK, name="SITI AMINAH")]) != first
    code = (
        "import hashlib; from lms.certificate import pdf; from tests.certificate.samples import BIMTEK;"
        "print(hashlib.sha256(pdf.render([BIMTEK])).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "America/Lima", "LANG": "C"}
    other = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert other.stdout.decode().strip() == hashlib.sha256(first).hexdigest()


def test_several_threads_print_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: pdf.render([BIMTEK]), range(8)))
    assert set(results) == {printed(BIMTEK)}


def test_a_batch_keeps_the_order_given() -> None:
    names = ["ZUBAIDAH", "AGUS", "MARYATI"]
    texts = pages(*(replace(BIMTEK, name=name, number=f"{row}/2026") for row, name in enumerate(names, 1)))
    assert len(texts) == 6
    for row, name in enumerate(names):
        assert f"Diberikan kepada {name} Pekerja" in texts[2 * row]
        assert f"Nomor {row + 1}/2026 – halaman 2 dari 2" in texts[2 * row + 1]


def name_letters(page: pypdfium2.PdfPage, name: str) -> list[tuple[str, float, tuple[float, ...]]]:
    """The letters printed between the words before the name and the words after it."""
    shown = list(letters(page))
    text = "".join(letter for letter, *_ in shown)
    start = text.index("Diberikankepada") + len("Diberikankepada")
    return shown[start : start + len(name.replace(" ", ""))]


@pytest.mark.walk
@pytest.mark.parametrize(
    "name",
    ["A", LONG_NAME, "W" * 120, "W" * 100 + " " + "W" * 19, "Wulan " * 19 + "Wulan.", ACCENTED, "i" * 120],
)
def test_a_name_of_any_length_stays_whole_readable_and_inside(name: str) -> None:
    page = opened(replace(BIMTEK, name=name))[0]
    shown = name_letters(page, name)
    assert "".join(letter for letter, *_ in shown) == name.replace(" ", "")
    assert min(size for _, size, _ in shown) >= 9
    assert max(size for _, size, _ in shown) <= 32
    assert_inside(page)


def assert_inside(page: pypdfium2.PdfPage) -> None:
    width, height = page.get_size()
    for letter, _, (left, bottom, right, top) in letters(page):
        inside = left >= FRAME and bottom >= FRAME and right <= width - FRAME and top <= height - FRAME
        assert inside, (letter, left, bottom, right, top)


def overlapping(page: pypdfium2.PdfPage) -> list[tuple[str, str]]:
    """Pairs of letters of which one stands on the other by more than a point both ways."""
    boxes = sorted(((box, letter) for letter, _, box in letters(page)), key=lambda entry: entry[0])
    found = []
    for at, (first, a) in enumerate(boxes):
        for second, b in boxes[at + 1 :]:
            if second[0] > first[2] - 1:
                break
            if min(first[3], second[3]) - max(first[1], second[1]) > 1 and second[2] > second[0] + 1:
                found.append((a, b))
    return found


FULL = replace(
    BIMTEK,
    name="W" * 120,
    name_note="nama menurut isian peserta",
    revision=3,
    activity="Bimbingan Teknis Lanjutan Asesmen dan Pendampingan bagi Pekerja Sosial Masyarakat Kecamatan "
    "Pracimantoro, Giritontro, Giriwoyo, dan Paranggupito Kabupaten Wonogiri Tahun Anggaran 2026",
    subjects=LONG_SUBJECTS,
    legal_basis="Keputusan Kepala Dinas Sosial Kabupaten Wonogiri Nomor 400.9/12 Tahun 2026 tentang " * 3,
    signer=Signatory(
        title="Sekretaris Dinas Sosial Kabupaten Wonogiri selaku Penanggung Jawab Kegiatan Bimbingan Teknis",
        on_behalf="a.n. Kepala Dinas Sosial Kabupaten Wonogiri",
        name="Dra. Contoh Penanda Tangan Yang Panjang Sekali Namanya, M.Si.",
        rank="Pembina Tingkat I",
        nip="19700101 199503 1 001",
    ),
)


def test_letters_on_a_sample_mark_are_seen_to_overlap() -> None:
    assert overlapping(opened(replace(BIMTEK, sample=True))[0])


SCORES = (("Tes awal", "45"), ("Tes akhir", "85"), ("Kehadiran", "100%"))
MARK = re.compile(r"Nomor ((?:(?!Nomor).)+) – halaman (\d+) dari (\d+)")


def marks(document: pypdfium2.PdfDocument) -> list[tuple[str, int, int]]:
    """(number, page, of how many) as the foot of each page says."""
    found = [MARK.findall(text_of(page)) for page in document]
    return [(number, int(page), int(of)) for number, page, of in (each[-1] if each else ("", 0, 0) for each in found)]


def assert_readable(document: pypdfium2.PdfDocument) -> None:
    """Nothing is smaller than nine points, runs off the paper or stands on something else, but for the tail of a j."""
    for page in document:
        assert min(size for _, size, _ in letters(page)) >= 9
        assert_inside(page)
        assert [pair for pair in overlapping(page) if "j" not in pair] == []


def test_the_fullest_sheet_goes_on_on_a_third_page_in_letters_of_nine_points() -> None:
    document = opened(FULL)
    assert marks(document) == [("400.9/027/PSM-BIMTEK/2026 (revisi 3)", page, 3) for page in (1, 2, 3)]
    assert_readable(document)
    backs = [text_of(page) for page in document][1:]
    assert ["DAFTAR MATERI (lanjutan)" in back for back in backs] == [False, True]
    for subject in LONG_SUBJECTS:
        assert sum(subject.title in back for back in backs) == 1
    assert ["Jumlah 15 24 39" in back for back in backs] == [False, True]


MOST = replace(
    FULL,
    name=LONG_NAME,
    subjects=LONG_SUBJECTS * 2,
    predicate="SANGAT BAIK",
    scores=SCORES,
    second_signer=FULL.signer,
)


@pytest.mark.walk
@pytest.mark.parametrize("changed", [{}, {"name": "W" * 120}, {"activity": "Bimbingan teknis " * 11}])
def test_thirty_long_subjects_scores_and_two_signers_are_in_letters_of_nine_points(changed: dict[str, Any]) -> None:
    document = opened(replace(MOST, **changed))
    assert [page for _, page, of in marks(document)] == list(range(1, len(document) + 1))
    assert {of for *_, of in marks(document)} == {len(document)}
    assert_readable(document)
    last = text_of(document[len(document) - 1])
    assert "Jumlah 30 48 78" in last
    assert "Tes awal Tes akhir Kehadiran 45 85 100%" in last
    assert FULL.signer.name in last
    numbers = [number for page in list(document)[1:] for number in re.findall(r"(\d+) Materi \d+:", text_of(page))]
    assert numbers == [str(number) for number in range(1, 31)]


def room_above(page: pypdfium2.PdfPage, name: str) -> tuple[float, float]:
    """(bottom, top) in points of the empty room in which the bearer of this name signs."""
    textpage = page.get_textpage()
    at, _ = textpage.search(name).get_next()
    left, _, _, bottom = textpage.get_charbox(at)
    above = [box[1] for _, _, box in letters(page) if box[1] > bottom + 3 and box[0] >= left - 1]
    return bottom, min(above)


SECOND = Signatory(
    title="Ketua Panitia", on_behalf="", name="Sri Wahyuni, S.Sos.", rank="Penata", nip="198001012005012001"
)
SHORT_BACKS = {"one subject": {"subjects": BIMTEK.subjects[:1]}, "none": {"subjects": (), "role": "PANITIA"}}


@pytest.mark.parametrize("changed", [{}, *SHORT_BACKS.values()], ids=["five subjects", *SHORT_BACKS])
def test_the_room_of_both_electronic_signatures_lies_where_boxes_are_let_in(changed: dict[str, Any]) -> None:
    """However short the back is: else its signer would put a box where it belongs, and the file would be refused."""
    sheet = replace(BIMTEK, second_signer=SECOND, signing=TTE, **changed)
    for page, name in zip(opened(sheet), (BIMTEK.signer.name, SECOND.name), strict=True):
        bottom, top = room_above(page, name)
        assert top - bottom > 25 * POINTS_A_MM
        assert top < BOX_TOP
        assert [pair for pair in overlapping(page) if not {"f", "j"} & set(pair)] == [], "but for tails of letters"


def test_ink_may_stand_anywhere() -> None:
    _, top = room_above(opened(replace(BIMTEK, second_signer=SECOND, **SHORT_BACKS["one subject"]))[1], SECOND.name)
    assert top > BOX_TOP


def test_letters_below_nine_points_are_seen(tmp_path: Path) -> None:
    """A template that may set smaller type does, and then everything fits two pages: the bound is what adds pages."""
    shutil.copytree(TEMPLATE.parent, tmp_path, dirs_exist_ok=True)
    template = tmp_path / TEMPLATE.name
    template.write_text(TEMPLATE.read_text().replace("#let least = 9pt", "#let least = 3pt"))
    compiler = typst.Compiler(
        input=str(template),
        root=str(tmp_path),
        font_paths=typesetting.fonts(),
        sys_inputs=typesetting.inputs(pdf.document([MOST])),
    )
    document = pypdfium2.PdfDocument(compiler.compile(format="pdf"))
    assert len(document) == 2
    with pytest.raises(AssertionError):
        assert_readable(document)


@pytest.mark.walk
@pytest.mark.parametrize("count", [1, 2, 8, 14, 15, 16, 28, 29, 30, 45])
def test_any_number_of_subjects_is_printed_once_each(count: int) -> None:
    document = opened(replace(BIMTEK, subjects=(LONG_SUBJECTS * 3)[:count]))
    assert [mark[1:] for mark in marks(document)] == [(page, len(document)) for page in range(1, len(document) + 1)]
    backs = [text_of(page) for page in document][1:]
    assert sum(back.count("Prof. Dr. Endang") for back in backs) == count
    assert all("Prof. Dr. Endang" in back for back in backs)
    assert_inside(document[len(document) - 1])


def test_few_subjects_never_need_a_third_page() -> None:
    assert [len(opened(replace(BIMTEK, subjects=LONG_SUBJECTS[:count]))) for count in (1, 6, 10)] == [2, 2, 2]


@pytest.mark.walk
@pytest.mark.parametrize("at_once", [1, 2, 75])
def test_in_the_print_file_each_sheet_begins_on_paper_of_its_own(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(pdf, "SET_AT_ONCE", at_once)
    short, long = replace(BIMTEK, number="1/2026"), replace(FULL, number="2/2026", revision=0)
    sheets = [long, short, replace(long, number="3/2026"), replace(short, number="4/2026")]
    document = pypdfium2.PdfDocument(pdf.print_file(sheets))
    wanted = [(number, page, of) for number, of in (("2", 3), ("1", 2), ("3", 3), ("4", 2)) for page in range(1, 5)]
    found = [
        (f"{number}/2026", page, of) if page <= of else ("", 0, 0) for number, page, of in wanted if page < 3 or of > 2
    ]
    assert marks(document) == found
    assert "sengaja dikosongkan" in text_of(document[3])
    assert len(opened(long)) == 3


def test_who_spoke_is_printed_as_such_with_the_subjects_and_hours_given() -> None:
    given = tuple(replace(each, speaker="", online_jp=0) for each in BIMTEK.subjects[2:4])
    spoke = replace(BIMTEK, role="NARASUMBER", subjects=given, identity="", predicate="")
    front, back = pages(spoke)
    assert "sebagai NARASUMBER pada" in front
    assert "dengan materi yang dibawakan seluruhnya 3 (tiga) jam pelajaran." in front
    assert "MATERI YANG DIBAWAKAN" in back
    assert "No Materi Tatap muka (JP) Jumlah" in back
    assert "Jumlah 3 3" in back
    assert "beban belajar" not in front


@pytest.mark.parametrize("role", ["PANITIA", "NARASUMBER"])
def test_who_has_no_hours_by_their_role_gets_a_back_that_says_so(role: str) -> None:
    helped = replace(BIMTEK, role=role, subjects=(), identity="", predicate="", second_signer=BIMTEK.signer)
    front, back = pages(helped)
    assert "secara daring mandiri dan tatap muka." in front
    assert "jam pelajaran" not in front
    assert f"Sertifikat ini menerangkan peran sebagai {role}, tanpa jam pelajaran." in back
    assert f"Dasar: {BIMTEK.legal_basis}" in back
    assert BIMTEK.signer.name in back
    assert "Jumlah" not in back
    assert marks(opened(helped)) == [(BIMTEK.number, 1, 2), (BIMTEK.number, 2, 2)]


def test_scores_stand_on_the_back_where_the_snapshot_has_them() -> None:
    assert "Tes awal Tes akhir Kehadiran 45 85 100%" in pages(replace(BIMTEK, scores=SCORES))[1]
    assert "Tes awal" not in " ".join(pages(BIMTEK))


def test_a_word_without_end_is_broken_and_nothing_is_lost() -> None:
    word = "Panjang" * 17
    everywhere = replace(BIMTEK, identity=word, activity=word, subjects=(Subject(word, word, 1, 1),), legal_basis=word)
    document = opened(everywhere)
    for page in document:
        assert_inside(page)
    assert "".join(text_of(document[1]).split()).count(word) == 4


def test_without_breaking_such_a_word_runs_off_the_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "LONG_WORD", re.compile("(x)y^"))
    page = pypdfium2.PdfDocument(pdf.render([replace(BIMTEK, activity="Panjang" * 17)]))[0]
    with pytest.raises(AssertionError):
        assert_inside(page)


def test_a_sample_says_so_across_both_pages_and_takes_no_number() -> None:
    front, back = pages(replace(BIMTEK, sample=True, number=None))
    assert "CONTOH – TIDAK BERLAKU" in front
    assert "CONTOH – TIDAK BERLAKU" in back
    assert "Nomor: – Diberikan" in front
    assert "Tanpa nomor – halaman 2 dari 2" in back


@pytest.mark.parametrize("stands", ["diganti", "dicabut", "ditolak"])
def test_a_sheet_that_holds_no_longer_says_so_across_every_page_and_stays_readable(stands: State) -> None:
    document = pypdfium2.PdfDocument(pdf.render([BIMTEK], signing_key=KEY, stands=stands))
    for page in document:
        assert f"{stands.upper()} – TIDAK BERLAKU" in text_of(page)
        assert_inside(page)
    (code,) = zxingcpp.read_barcodes(document[0].render(scale=150 / 72).to_pil())
    assert code.text == encode(BIMTEK, KEY)


def test_a_real_certificate_bears_no_such_mark() -> None:
    assert not any("TIDAK BERLAKU" in page for page in pages(BIMTEK))


def test_a_revision_is_printed_on_both_pages() -> None:
    front, back = pages(replace(BIMTEK, revision=1))
    assert "Nomor: 400.9/027/PSM-BIMTEK/2026 (revisi 1)" in front
    assert "Nomor 400.9/027/PSM-BIMTEK/2026 (revisi 1) – halaman 2 dari 2" in back


def test_what_a_person_typed_is_text_and_never_code() -> None:
    subject = Subject(HOSTILE, HOSTILE, 1, 1)
    hostile = replace(BIMTEK, name=HOSTILE, identity=HOSTILE, activity=HOSTILE, subjects=(subject,))
    front, back = pages(hostile)
    assert front.count(HOSTILE) == 3
    assert back.count(HOSTILE) == 3


@pytest.mark.parametrize("letter", ["王", "😀", "\n", "\u200b", "\u202e", "\u00ad", "\x00", "ꦱ", "\ud800"])
def test_a_letter_no_font_draws_is_refused_by_field_and_letter(letter: str) -> None:
    assert pdf.missing_glyphs(replace(BIMTEK, name=f"SITI {letter}{letter}")) == [("Nama", letter)]
    with pytest.raises(pdf.Unprintable, match=rf"^Nama memuat huruf .*U\+{ord(letter):04X}"):
        pdf.render([BIMTEK, replace(BIMTEK, name=letter)])


def test_every_field_is_looked_at() -> None:
    wrong = replace(
        BIMTEK,
        subjects=(*BIMTEK.subjects, Subject("王", "王", 1, 1)),
        place="王",
        mode="王",
        organiser="王",
        legal_basis="王",
        office=replace(BIMTEK.office, address="王"),
        signer=replace(BIMTEK.signer, name="王", rank="王"),
    )
    assert [field for field, _ in pdf.missing_glyphs(wrong)] == [
        "Alamat dinas",
        "Penyelenggara",
        "Tempat kegiatan",
        "Cara belajar",
        "Nama penanda tangan",
        "Pangkat penanda tangan",
        "Dasar hukum",
        "Materi 6",
        "Narasumber 6",
    ]


def test_ordinary_names_are_printable() -> None:
    assert pdf.missing_glyphs(BIMTEK) == pdf.missing_glyphs(ONLINE) == []
    assert pdf.missing_glyphs(replace(BIMTEK, name=ACCENTED + "“’–”")) == []


def test_what_counts_as_printable_is_what_the_fonts_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    known = "".join(sorted(typesetting.printable_letters()))
    assert len(known) > 500
    parts = [known[start : start + 60] for start in range(0, len(known), 60)]
    pdf.render([replace(BIMTEK, subjects=tuple(Subject(part, part, 1, 1) for part in parts))])
    monkeypatch.setattr(pdf, "missing_glyphs", lambda _: [])
    with pytest.raises(typst.TypstError, match="王"):
        pdf.render([replace(BIMTEK, name="王")])


def warnings_of(template: Path, *snapshots: Snapshot) -> list[str]:
    compiler = typst.Compiler(
        input=str(template),
        root=str(template.parent),
        font_paths=typesetting.fonts(),
        sys_inputs=typesetting.inputs(pdf.document(snapshots)),
    )
    _, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=[*typesetting.STANDARDS])
    return [warning.message for warning in warnings]


def test_the_template_compiles_without_a_warning() -> None:
    assert warnings_of(TEMPLATE, BIMTEK, ONLINE, FULL, replace(BIMTEK, sample=True)) == []


def test_a_font_that_is_not_shipped_would_be_warned_about(tmp_path: Path) -> None:
    shutil.copytree(TEMPLATE.parent, tmp_path, dirs_exist_ok=True)
    template = tmp_path / TEMPLATE.name
    template.write_text(TEMPLATE.read_text() + '\n#text(font: ("Tiada", "Source Serif 4"))[x]')
    assert any("tiada" in warning for warning in warnings_of(template, BIMTEK))


@pytest.mark.walk
@pytest.mark.child
def test_files_of_their_own_are_made_in_parts_of_which_each_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an emblem of 237 KB those of 300 people are 89 MB, and no child may answer more than 64."""
    sheets = [replace(BIMTEK, name=f"Orang {number}") for number in range(5)]
    monkeypatch.setattr(pdf, "SET_AT_ONCE", 2)

    def made() -> bytes:
        with pdf.single_files(sheets) as file:
            return file.read()

    data = made()
    with ZipFile(BytesIO(data)) as archive:
        assert [name[:11] for name in archive.namelist()] == [f"00{number + 1}-orang-{number}" for number in range(5)]
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    monkeypatch.setattr(child, "MOST_ANSWER", len(data) // 2)
    assert made() == data
    monkeypatch.setattr(pdf, "SET_AT_ONCE", 5)
    with pytest.raises(child.ChildFailed):
        made()
