"""`lms office FILE`: office, signer and number series from a TOML file, until there are pages for them."""

import tomllib
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from lms.accounts.actions import note
from lms.core.certificate import check_pattern
from lms.core.numbering import TWINS, same_numbers
from lms.database import db
from lms.models import NumberSeries, Office, Signer

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
    try:
        document = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OfficeFault([f"Berkas ini bukan TOML yang benar: {error}"]) from error
    faults: list[str] = []
    office = _table(document, "kantor", OFFICE, faults)
    signer = _table(document, "penanda_tangan", SIGNER, faults)
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
    _keep(office, signer, series)
    note(None, "kantor diatur", "office", now, ["office", "signer", *(f"number_series:{kind}" for kind in series)])


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
    return {column: str(table.get(key, "")).strip() for key, column in known.items()}


def _keep(office: dict[str, str], signer: dict[str, str], series: dict[str, dict[str, str]]) -> None:
    row = db.session.scalar(select(Office)) or Office()
    for column, value in office.items():
        setattr(row, column, value)
    db.session.add(row)
    same = select(Signer.id).filter_by(**signer, side="depan", is_active=True)
    if db.session.scalar(same) is None:
        db.session.execute(update(Signer).where(Signer.side == "depan").values(is_active=False))
        db.session.add(Signer(**signer, side="depan", is_active=True))
    for kind, values in series.items():
        held = db.session.scalar(select(NumberSeries).where(NumberSeries.kind == kind)) or NumberSeries(kind=kind)
        for column, value in values.items():
            setattr(held, column, value)
        db.session.add(held)
    db.session.flush()
