"""A list of old paper certificates as an office has it: number, name, village, activity, date; in a child process."""

import re
from collections.abc import Sequence
from datetime import date

from lms.course.privacy import has_nik
from lms.roster.reading import told_of
from lms.roster.tables import ListTable
from lms.web.dates import MONTHS, read_day

DEEPEST_HEADER = 60
NO_HEADING = (
    "Judul kolom belum ditemukan. Beri judul Nomor sertifikat, Nama, Desa, Kegiatan, dan Tanggal pada satu baris di "
    "atas daftarnya."
)
LABELS = {"number": "Nomor", "name": "Nama", "village": "Desa", "activity": "Kegiatan", "day": "Tanggal"}
LONGEST = {"number": 120, "name": 120, "village": 90, "activity": 200, "district": 90}
_COLUMNS = (
    ("number", re.compile(r"\b(nomor|no)\b.*\b(sertifikat|piagam|sttp|surat|register)\b|^nomor$|^sertifikat$")),
    ("day", re.compile(r"\b(tanggal|tgl|waktu|hari)\b")),
    ("activity", re.compile(r"\b(kegiatan|pelatihan|bimtek|bimbingan|acara|diklat)\b")),
    ("district", re.compile(r"\b(kecamatan|kec)\b")),
    ("village", re.compile(r"\b(desa|kelurahan|kel|alamat)\b")),
    ("name", re.compile(r"^(nama|peserta)$|\bnama\b")),
)
_WRITTEN = re.compile(rf"(\d{{1,2}})\s+({'|'.join(MONTHS)})\s+(\d{{4}})", re.IGNORECASE)


def read_papers(data: bytes) -> bytes:
    """JSON of {rows: [{number, name, village, activity, day}], refused: [[place, why]]}, or {fault: why}."""
    return told_of(data, _read)


def _read(tables: Sequence[ListTable]) -> dict[str, object]:
    rows: list[dict[str, str]] = []
    refused: list[tuple[str, str]] = []
    headed = [(table, found) for table in tables if (found := _heading(table.rows))]
    if not headed:
        return {"fault": NO_HEADING}
    for table, (start, columns) in headed:
        sheet = f"{table.name[:40]}, " if len(headed) > 1 else ""
        for line, cells in enumerate(table.rows[start:], start=start + 1):
            said = {name: cells[at] for name, at in columns.items() if at < len(cells) and cells[at]}
            if not said.keys() & {"number", "name"} or set(_columns(cells)) >= {"number", "name"}:
                continue
            row, fault = _row(said)
            if fault:
                refused.append((f"{sheet}baris {line}", fault))
            else:
                rows.append(row)
    return {"rows": rows, "refused": refused}


def _heading(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    """(the row below the headings, field -> column) of the first row that names all that is needed."""
    for start, cells in enumerate(rows[:DEEPEST_HEADER]):
        columns = _columns(cells)
        if columns.keys() >= LABELS.keys() - {"village"}:
            return start + 1, columns
    return None


def _columns(cells: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, cell in enumerate(cells):
        words = " ".join(re.findall(r"[a-z]+", cell.casefold())) if len(cell) <= 60 else ""
        name = next((name for name, pattern in _COLUMNS if pattern.search(words)), "")
        if name:
            found.setdefault(name, column)
    return found


def _row(found: dict[str, str]) -> tuple[dict[str, str], str]:
    """(the row as it is kept; why it is not, "" when it is)."""
    missing = [LABELS[name] for name in ("number", "name", "activity", "day") if not found.get(name)]
    if missing:
        return {}, f"kosong: {', '.join(missing)}; isilah di berkasnya"
    if any(map(has_nik, found.values())):
        return {}, "memuat angka seperti NIK; hapus dulu angkanya"
    if long := [name for name, text in found.items() if len(text) > LONGEST.get(name, 200)]:
        return {}, f"terlalu panjang: {', '.join(LABELS.get(name, 'Kecamatan') for name in long)}; ringkaslah"
    day = last_day(found["day"])
    if day is None:
        return {}, f"tanggal tidak terbaca: {found['day'][:40]}; tulis seperti 11 Juni 2019"
    district = found.get("district", "")
    places = [found.get("village", ""), f"Kecamatan {district}" if district else ""]
    return {
        "number": found["number"],
        "name": found["name"],
        "village": ", ".join(filter(None, places)),
        "activity": found["activity"],
        "day": day.isoformat(),
    }, ""


def last_day(text: str) -> date | None:
    """The day that is written, of a range the last: 9 s.d. 11 Juni 2019, 9/6/2019, 2019-06-09."""
    if day := read_day(text):
        return day
    written = _WRITTEN.findall(text)
    if not written:
        return None
    number, month, year = written[-1]
    return read_day(f"{number}/{MONTHS.index(month.capitalize()) + 1}/{year}")
