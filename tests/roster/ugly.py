"""Lists as offices make them, each with what must be understood of it: (name, village, phone, L/P, state)."""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook

OLD = Path(__file__).parent.parent / "data" / "daftar.xls"
"""The list with the letterhead as LibreOffice wrote it down."""
Person = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Ugly:
    """A file and the people in it; `left_out` are headings whose columns are not taken."""

    file_name: str
    data: bytes
    people: Sequence[Person]
    left_out: Sequence[str] = field(default=())


def book(sheets: dict[str, list[list[object]]], *merged: str) -> bytes:
    """An .xlsx; `merged` are ranges of its first sheet."""
    made = Workbook()
    made.remove(made.active)  # type: ignore[arg-type] # A new book has a sheet.
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for each in merged:
        made.worksheets[0].merge_cells(each)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def opendocument(body: str, name: str = "Data") -> bytes:
    """An .ods whose sheet has this XML."""
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="{name}">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return target.getvalue()


def _cell(text: str, more: str = "") -> str:
    return f"<table:table-cell{more}><text:p>{text}</text:p></table:table-cell>"


def _letterhead() -> Ugly:
    rows: list[list[object]] = [
        ["PEMERINTAH KABUPATEN WONOGIRI"],
        ["DINAS SOSIAL"],
        ["DAFTAR NAMA PESERTA BIMTEK PSM"],
        [],
        ["NO", "NAMA LENGKAP", "JENIS KELAMIN", None, "ALAMAT", None, "NIK", "NO. HP", "UNSUR"],
        [None, None, "L", "P", "DUSUN", "DESA"],
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, "HJ. SITI AMINAH, S.SOS", None, "V", "Krajan", "SUMBERAGUNG", 3312010101800001, 81234567890, "PSM"],
        [2, "Drs. Suparno", "√", None, "Ngrejo", "Ds. Sumberagug", "3312010101800002", "0813-1111-2222", "Ketua RT"],
        [None, "JUMLAH", 2],
        [],
        [None, None, None, None, None, None, "Wonogiri, 12 Juni 2026"],
        [None, "Mengetahui,", None, None, None, None, "Kepala Dinas Sosial"],
        [None, "BUDI SANTOSO, S.H."],
        [None, "NIP. 19660101 199001 1 001"],
    ]
    people = [
        ("Hj. Siti Aminah, S.Sos.", "Sumberagung", "081234567890", "P", "siap"),
        ("Drs. Suparno", "Sumberagung", "081311112222", "L", "siap"),
    ]
    return Ugly("kop.xlsx", book({"Pracimantoro": rows}, "A3:I3", "A5:A6", "B5:B6", "C5:D5"), people, ("NIK",))


def _sheet_each() -> Ugly:
    def rows(*names: str) -> list[list[object]]:
        return [["No", "Nama", "Desa/Kelurahan"], *([1, *name.split("|")] for name in names)]

    sheets: dict[str, list[list[object]]] = {
        "REKAP": [["Kecamatan", "Jumlah PSM"], ["Selogiri", 2]],
        "1. Selogiri": rows("Sugeng|Pule", "Wati|Kel. Kaliancar"),
        "KEC. WURYANTORO": rows("Slamet|Sumberejo"),
        "Batuwarno": rows("Ngatmi|SUMBER REJO"),
    }
    people = [
        ("Sugeng", "Pule", "", "", "siap"),
        ("Wati", "Kaliancar", "", "", "siap"),
        ("Slamet", "Sumberejo", "", "", "siap"),
        ("Ngatmi", "Sumberejo", "", "", "siap"),
    ]
    return Ugly("per-kecamatan.xlsx", book(sheets), people)


def _sections() -> Ugly:
    head: list[object] = ["No.", "Nama Peserta", "Desa", "L/P"]
    rows: list[list[object]] = [
        ["DAFTAR HADIR"],
        ["KECAMATAN : SELOGIRI"],
        head,
        [1, "Sugeng", "Pule", "L"],
        [2, "Wati", None, "P"],
        ["Jumlah", 2],
        ["KECAMATAN WURYANTORO"],
        head,
        [1, "Slamet", "Sumberejo", "l"],
        [2, None, None, None],
        [3, None, "Sumberejo", None],
        ["Catatan: dikirim sebelum tanggal 3"],
    ]
    people = [
        ("Sugeng", "Pule", "", "L", "siap"),
        ("Wati", "Pule", "", "P", "siap"),
        ("Slamet", "Sumberejo", "", "L", "siap"),
        ("", "Sumberejo", "", "", "tolak"),
    ]
    return Ugly("bagian.xlsx", book({"Sheet1": rows}, "C4:C5"), people)


def _eaten_phones() -> Ugly:
    text = (
        "Nama;Kecamatan;Desa;No WA\n"
        "Ani Lestari;Selogiri;Pule;8,1234567890E+10\n"
        "Budi Hartono;Selogiri;Pule;8.12E+09\n"
        "Cahyo Utomo;Selogiri;Pule;81234567891\n"
        "Dewi Anggraini;Selogiri;Pule;6281234567892\n"
        "Eko Prasetyo;Selogiri;Pule;+62 (0)812-3456-7893 / 0856 1111 2222\n"
        "Fitri Handayani;Selogiri;Pule;tidak punya\n"
    )
    phones = ("081234567890", "", "081234567891", "081234567892", "081234567893", "")
    names = ("Ani Lestari", "Budi Hartono", "Cahyo Utomo", "Dewi Anggraini", "Eko Prasetyo", "Fitri Handayani")
    return Ugly(
        "hp.csv", text.encode(), [(name, "Pule", phone, "", "siap") for name, phone in zip(names, phones, strict=True)]
    )


def _numbers() -> Ugly:
    rows: list[list[object]] = [
        ["Nama", "Nomor", "Keterangan", "No KK", "Tgl Lahir", "Desa", "Kecamatan"],
        ["Sugeng 3312010101800001", 3312010101800003, "x", 3312010101800004, "1 Mei 1980", "Pule", "Selogiri"],
        ["Wati", "3312010101800002", "3312010101800005", "3312010101800006", "1 Mei 1981", "Pule", "Selogiri"],
        ["Narti", "", "", "", "", "Pule", "Selogiri"],
    ]
    people = [
        ("Sugeng", "Pule", "", "", "siap"),
        ("Wati", "Pule", "", "", "siap"),
        ("Narti", "Pule", "", "", "siap"),
    ]
    return Ugly("nik.xlsx", book({"Data": rows}), people, ("Nomor", "No KK", "Tgl Lahir"))


def _disguised_numbers() -> Ugly:
    rows: list[list[object]] = [
        ["Nama (sesuai KTP) / NIK", "Identitas", "No. KTP", "Alamat KTP", "Kecamatan", "HP", "Data lain"],
        ["SUGENG / NIK. 3312010101800001", "3312 0101 0180 0001", 1, "Pule", "Selogiri", 81234567890, "a"],
        ["3312010101800002 Wati", "331201-010180-0002", 2, "Pule NIK 3312010101800002", "Selogiri", None, "b"],
        ["Narti, S.Sos. (3312010101800003)", "NIK: 3312010101800003", 3, "Pule", "Selogiri", 3312010101800003, "c"],
        ["Slamet", "3,31201010180E+15", 4, "Pule", "Selogiri", None, "331201010180000"],
        ["Sri", "33120101018000011", 5, "Pule", "Selogiri", None, "d"],
    ]
    people = [
        ("Sugeng", "Pule", "081234567890", "", "siap"),
        ("Wati", "Pule", "", "", "siap"),
        ("Narti, S.Sos.", "Pule", "", "", "siap"),
        ("Slamet", "Pule", "", "", "siap"),
        ("Sri", "Pule", "", "", "siap"),
    ]
    return Ugly("identitas.xlsx", book({"3312010101800009": rows}), people, ("Identitas", "No. KTP"))


def _places() -> Ugly:
    text = (
        "NAMA,DESA,KECAMATAN\n"
        "Satu Orang,Sumberejo,\n"
        'Dua Orang,"Sumberejo, Kec. Wuryantoro",\n'
        "Tiga Orang,Desa Antah Berantah,Selogiri\n"
        "Empat Orang,KELURAHAN GIRIWONO,WONOGRI\n"
        "Lima Orang,,Selogiri\n"
    )
    people = [
        ("Satu Orang", "", "", "", "ragu"),
        ("Dua Orang", "Sumberejo", "", "", "siap"),
        ("Tiga Orang", "", "", "", "ragu"),
        ("Empat Orang", "Giriwono", "", "", "siap"),
        ("Lima Orang", "", "", "", "siap"),
    ]
    return Ugly("desa.csv", b"\xef\xbb\xbf" + text.encode(), people)


def _twice() -> Ugly:
    text = (
        "Nama;Desa;Kecamatan;HP\n"
        "SITI AMINAH;Pule;Selogiri;081234567890\n"
        "Siti Aminah, S.Sos.;Pule;Selogiri;\n"
        "Siti Aminnah;Pule;Selogiri;081234567891\n"
        "Siti Aminah;Pule;Selogiri;089999999999\n"
    )
    people = [
        ("Siti Aminah", "Pule", "081234567890", "", "siap"),
        ("Siti Aminah, S.Sos.", "Pule", "", "", "ragu"),
        ("Siti Aminnah", "Pule", "081234567891", "", "ragu"),
        ("Siti Aminah", "Pule", "089999999999", "", "ragu"),
    ]
    return Ugly("ganda.csv", text.encode(), people)


def _titles() -> Ugly:
    names = {
        "Drs.H.SUPARNO,MM": "Drs. H. Suparno, M.M.",
        "dr. budi setiawan": "dr. Budi Setiawan",
        "Ibu SRI WAHYUNI S.Pd": "Sri Wahyuni, S.Pd.",
        "YOHANES SH": "Yohanes, S.H.",
        "M. Ridwan, SE, MM": "M. Ridwan, S.E., M.M.",
        "Dwi Ma": "Dwi Ma",
        "NUR'AINI, A.Ma.Pd": "Nur'aini, A.Ma.Pd.",
    }
    text = "Nama Lengkap dan Gelar\tDesa\tKecamatan\n" + "".join(f"{name}\tPule\tSelogiri\n" for name in names)
    return Ugly(
        "gelar.txt",
        text.encode("utf-16"),
        [(name, "Pule", "", "P" if "Sri" in name else "", "siap") for name in names.values()],
    )


def _html() -> Ugly:
    text = (
        "<html><head><style>td {mso-number-format:x}</style></head><body><p>Kop</p><table>"
        "<tr><td rowspan=2>No<td rowspan=2>Nama Peserta<td colspan=2>Asal<td rowspan=2>Telp</tr>"
        "<tr><th>Desa<th>Kec</tr>"
        "<tr><td>1<td>Sugeng<td rowspan=2>Pule<td rowspan=2>Selogiri<td>0812&nbsp;3456&nbsp;7890</tr>"
        "<tr><td>2<td>Wati<td>-</tr></table>"
    )
    people = [("Sugeng", "Pule", "081234567890", "", "siap"), ("Wati", "Pule", "", "", "siap")]
    return Ugly("lama.xls", text.encode(), people)


def _xml_2003() -> Ugly:
    def row(*cells: str, index: str = "") -> str:
        return (
            f"<Row{index}>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in cells) + "</Row>"
        )

    text = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Selogiri"><Table>'
        + row("DAFTAR")
        + row("Nama", "Desa", index=' ss:Index="3"')
        + row("Sugeng", "Pule")
        + '<Row><Cell ss:Index="2"><Data>Pule</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    return Ugly("2003.xls", text.encode(), [("Sugeng", "Pule", "", "", "siap"), ("", "Pule", "", "", "tolak")])


SPANNED = ' table:number-rows-spanned="2"'


def _open_document() -> Ugly:
    body = (
        f"<table:table-row>{_cell('Daftar nama')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        f"<table:table-row>{_cell('Nama')}{_cell('Kelurahan')}{_cell('Telepon')}</table:table-row>"
        f"<table:table-row>{_cell('Sugeng')}"
        f"{_cell('Pule', SPANNED)}"
        '<table:table-cell xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" o:value-type="float" '
        'o:value="81234567890"><text:p>8,12E+10</text:p></table:table-cell></table:table-row>'
        f"<table:table-row>{_cell('Wati')}<table:covered-table-cell/></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048560">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    people = [("Sugeng", "Pule", "081234567890", "", "siap"), ("Wati", "Pule", "", "", "siap")]
    return Ugly("daftar.ods", opendocument(body, "Selogiri"), people)


def _two_headings() -> Ugly:
    sheets: dict[str, list[list[object]]] = {
        "Selogiri": [["Nama", "Desa", "HP"], ["Sugeng", "Pule", "081234567890"]],
        "Wuryantoro": [["No", "NAMA LENGKAP", "L/P", "KELURAHAN/DESA"], [1, "Slamet", "L", "Sumberejo"]],
    }
    people = [("Sugeng", "Pule", "081234567890", "", "siap"), ("Slamet", "Sumberejo", "", "L", "siap")]
    return Ugly("dua-bentuk.xlsx", book(sheets), people)


def _old_windows() -> Ugly:
    text = "sep=;\r\nNama;Desa;Kecamatan\r\nRené Sugeng;Pule;Selogiri\r\n;;\r\n"
    return Ugly("excel.csv", text.encode("cp1252"), [("René Sugeng", "Pule", "", "", "siap")])


def _renamed(name: str, of: Callable[[], Ugly]) -> Callable[[], Ugly]:
    return lambda: Ugly(name, of().data, of().people, of().left_out)


UGLY: dict[str, Callable[[], Ugly]] = {
    "letterhead, two-row heading, ticks in L and P, numbering, signatures": _letterhead,
    "a sheet for each kecamatan and one of sums": _sheet_each,
    "sections with their own heading, merged villages, prefilled rows": _sections,
    "phones eaten by the spreadsheet": _eaten_phones,
    "numbers that nobody needs, named or not": _numbers,
    "numbers of cards under other headings and beside names": _disguised_numbers,
    "villages of one name, unknown, misspelt, left open": _places,
    "somebody listed again": _twice,
    "titles before and behind, UTF-16 with tabs": _titles,
    "a web page named .xls": _html,
    "the XML of Excel 2003": _xml_2003,
    "OpenDocument with merged and repeated rows": _open_document,
    "two sheets with other headings": _two_headings,
    "cp1252 with a line for Excel": _old_windows,
    "an .xls of Excel 97": lambda: Ugly("kop.xls", OLD.read_bytes(), _letterhead().people, _letterhead().left_out),
    "an .xlsx named .xls": _renamed("kop.xls", _letterhead),
    "a .csv named .xls": _renamed("desa.xls", _places),
}
