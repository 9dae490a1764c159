"""Officials who sign: as the form is typed, as they are kept, and on which days they sign. Nothing here commits."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from lms.db.engine import db
from lms.db.tables import Signer
from lms.paper.typesetting import printable_letters
from lms.people.actions import note
from lms.people.names import read_nip
from lms.web.dates import read_day

SIDES = {"depan": "Halaman depan", "belakang": "Halaman belakang"}
SIGNER = {
    "name": ("nama", "Nama dengan gelar", 120),
    "title": ("jabatan", "Jabatan", 160),
    "on_behalf": ("atas_nama", "Plt., Plh., atau a.n.", 160),
    "rank": ("pangkat", "Pangkat", 80),
    "nip": ("nip", "NIP", 30),
}
"""Column -> (field, its label, most letters)."""
NO_DAY = "Tulis tanggal seperti 9 Juni 2026 dalam bentuk 2026-06-09 atau 9/6/2026."
_DEPUTY = re.compile(r"(plt|plh)\.?", re.IGNORECASE)
_FOR = re.compile(r"(?:a\.? ?n\.?|atas nama)\s+(.+)", re.IGNORECASE)


def read_signer_form(form: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Read the typed signer: columns, as they are printed, and a fault for every field that can't be used."""
    values = {column: " ".join(form.get(name, "").split()) for column, (name, _, _) in SIGNER.items()}
    faults = faults_of(values, {column: (name, most) for column, (name, _, most) in SIGNER.items()})
    for column, words in (("name", "nama"), ("title", "jabatan")):
        if not values[column]:
            faults[words] = "Wajib diisi; tercetak di sertifikat."
    if values["nip"]:
        values["nip"], fault = read_nip(values["nip"])
        faults |= {"nip": fault} if fault else {}
    values["on_behalf"], fault = _on_behalf(values["on_behalf"])
    faults |= {"atas_nama": fault} if fault else {}
    days = {name: form.get(name, "").strip() for name in ("mulai", "sampai")}
    read = {name: read_day(text) for name, text in days.items()}
    faults |= {name: NO_DAY for name, text in days.items() if text and read[name] is None}
    if read["mulai"] and read["sampai"] and read["sampai"] < read["mulai"]:
        faults["sampai"] = "Hari terakhir lebih awal daripada hari pertama."
    side = form.get("sisi", "")
    if side not in SIDES:
        faults["sisi"] = "Pilih di halaman mana ia menandatangani."
    return {**values, "side": side, "valid_from": read["mulai"], "valid_to": read["sampai"]}, faults


def _on_behalf(text: str) -> tuple[str, str]:
    if not text:
        return "", ""
    if deputy := _DEPUTY.fullmatch(text):
        return f"{deputy[1].capitalize()}.", ""
    if found := _FOR.fullmatch(text):
        return f"a.n. {found[1]}", ""
    return text, "Tulis Plt., Plh., atau a.n. diikuti jabatan yang diwakili. Kosongkan bila menandatangani sendiri."


def faults_of(values: Mapping[str, str], fields: Mapping[str, tuple[str, int]]) -> dict[str, str]:
    """Return a fault for each field that is too long or can't be printed."""
    faults = {}
    for column, (name, most) in fields.items():
        strange = [letter for letter in values[column] if letter not in printable_letters()]
        if len(values[column]) > most:
            faults[name] = f"Paling banyak {most} huruf."
        elif strange:
            faults[name] = f"Huruf “{strange[0]}” tidak dapat dicetak. Ganti huruf itu."
    return faults


def signers() -> Sequence[Signer]:
    """Everybody who signs, signed or will sign; the newest first."""
    return db.session.scalars(select(Signer).order_by(Signer.id.desc())).all()


def signer(signer_id: int) -> Signer | None:
    """One of them."""
    return db.session.get(Signer, signer_id)


def stands(signer: Signer, day: date) -> str:
    """Whether their time is there, still to come or over; who was corrected stands under a row of their own."""
    if not signer.is_active:
        return "dikoreksi"
    if signer.valid_to and signer.valid_to < day:
        return "berakhir"
    return "akan datang" if signer.valid_from and signer.valid_from > day else "berlaku"


def add_signer(columns: Mapping[str, Any], by: int, now: datetime, *, instead_of: int | None = None) -> None:
    """A signer; `instead_of` is the row that this one corrects, which then signs nothing any more.

    The same signer again adds nothing, so that a form may be sent twice.
    """
    row = db.session.query(Signer).filter_by(**columns, is_active=True).first()
    if row is not None and instead_of in (None, row.id):
        return
    if instead_of is not None:
        db.session.execute(update(Signer).where(Signer.id == instead_of).values(is_active=False))
    row = row or Signer(**columns)
    db.session.add(row)
    db.session.flush()
    done = "penanda tangan dikoreksi" if instead_of else "penanda tangan ditambahkan"
    note(by, done, f"signer:{row.id}", now, [*columns])


def end_signer(signer_id: int, last: date, by: int, now: datetime) -> None:
    """Let somebody sign until this day, and no more after it."""
    db.session.execute(update(Signer).where(Signer.id == signer_id).values(valid_to=last))
    note(by, "penanda tangan diakhiri", f"signer:{signer_id}", now, ["valid_to"])
