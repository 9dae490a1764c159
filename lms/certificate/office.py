"""`lms office FILE`: office, signer and number series from a TOML file, read as their pages read them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from lms.certificate.numbering import TWINS, same_numbers
from lms.certificate.signers import read_signer_form
from lms.certificate.snapshot import check_pattern
from lms.course.problems import Notes
from lms.course.tomlfile import read_toml
from lms.db.engine import db
from lms.db.tables import NumberSeries, Office, Signer, signs_on
from lms.paper.typesetting import printable_letters
from lms.people.actions import note
from lms.web.dates import WIB
from lms.web.plain import normalised

OFFICE = {
    "pemerintah": "government",
    "nama": "name",
    "alamat": "address",
    "tempat": "place",
    "penyelenggara": "organiser",
}
SIGNER = {"nama": "name", "jabatan": "title", "atas_nama": "on_behalf", "pangkat": "rank", "nip": "nip"}
SERIES = {"pola": "pattern", "klasifikasi": "classification", "kode": "code"}
OPTIONAL = {"alamat", "atas_nama", "pangkat", "nip", "klasifikasi", "kode"}
KINDS = ("mandiri", "bimtek")


class OfficeFault(Exception):
    """The file can't be used; `faults` says in Indonesian, one line each, what to mend."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def set_office(data: bytes, now: datetime) -> None:
    """Keep what the file says; a number series keeps counting, a new signer signs from now on. Raises OfficeFault."""
    notes = Notes("kantor.toml")
    document = read_toml(normalised(data.decode("utf-8", "replace")), notes)
    if document is None:
        raise OfficeFault([str(problem) for problem in notes.problems])
    faults: list[str] = []
    office = _table(document, "kantor", OFFICE, faults)
    signer = _signer(document, faults)
    numbers = document.get("nomor", {})
    kinds = KINDS if isinstance(numbers, dict) else ()
    series = {kind: _table(numbers, kind, SERIES, faults) for kind in kinds if kind in numbers}
    if not series:
        faults.append('[nomor.mandiri]: belum ada; tulis paling sedikit pola = "…".')
    for kind, row in series.items():
        faults += [f"[nomor.{kind}] pola: {fault}" for fault in check_pattern(row.get("pattern", ""))]
    if not faults and _are_twins(series):
        faults.append(f"[nomor]: {TWINS}")
    if faults:
        raise OfficeFault(faults)
    _keep(office, signer, series, now.astimezone(WIB).date())
    note(None, "kantor diatur", "office", now, ["office", "signer", *(f"number_series:{kind}" for kind in series)])


def _signer(document: Any, faults: list[str]) -> dict[str, str]:
    """The columns as the page for signers keeps them, so that neither way lets in what the other refuses."""
    table = _table(document, "penanda_tangan", SIGNER, faults)
    typed = {key: table.get(column, "") for key, column in SIGNER.items()} | {"sisi": "depan"}
    columns, wrong = read_signer_form(typed)
    for key, fault in wrong.items():
        if table and not any(said.startswith(f"[penanda_tangan] {key}:") for said in faults):
            faults.append(f"[penanda_tangan] {key}: {fault}")
    return {column: columns[column] for column in SIGNER.values()}


def _are_twins(series: dict[str, dict[str, str]]) -> bool:
    held = db.session.scalars(select(NumberSeries))
    every = {row.kind: {column: getattr(row, column) for column in SERIES.values()} for row in held} | series
    return len(every) > 1 and same_numbers(*every.values())


def _table(document: Any, name: str, known: dict[str, str], faults: list[str]) -> dict[str, str]:
    table = document.get(name) if isinstance(document, dict) else None
    if not isinstance(table, dict):
        faults.append(f"[{name}]: bagian ini belum ada.")
        return {}
    faults += [f"[{name}] {key}: tidak dikenal; yang dikenal: {', '.join(known)}." for key in table if key not in known]
    for key in known:
        value = table.get(key, "" if key in OPTIONAL else None)
        if not isinstance(value, str) or (key not in OPTIONAL and not value.strip()):
            faults.append(f"[{name}] {key}: wajib diisi dengan teks.")
        elif strange := [letter for letter in value if letter not in printable_letters()]:
            faults.append(f"[{name}] {key}: huruf “{strange[0]}” tidak dapat dicetak.")
    return {column: str(table.get(key, "")).strip() for key, column in known.items()}


def _keep(office: dict[str, str], signer: dict[str, str], series: dict[str, dict[str, str]], day: date) -> None:
    row = db.session.scalar(select(Office)) or Office()
    for column, value in office.items():
        setattr(row, column, value)
    db.session.add(row)
    today = (Signer.side == "depan", *signs_on(day))
    if db.session.scalar(select(Signer.id).filter_by(**signer).where(*today)) is None:
        db.session.execute(update(Signer).where(*today).values(is_active=False, valid_to=day))
        db.session.add(Signer(**signer, side="depan", is_active=True))
    for kind, values in series.items():
        held = db.session.scalar(select(NumberSeries).where(NumberSeries.kind == kind)) or NumberSeries(kind=kind)
        for column, value in values.items():
            setattr(held, column, value)
        db.session.add(held)
    db.session.flush()
