"""Forms of an admin about certificates: a signer, a number series, numbers taken by hand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lms.certificate.numbering import LARGEST, TWINS, same_numbers
from lms.certificate.snapshot import check_pattern
from lms.paper.typesetting import printable_letters
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
SERIES = {"pattern": ("pola", 100), "classification": ("klasifikasi", 20), "code": ("kode", 40)}
NO_DAY = "Tulis tanggal seperti 9 Juni 2026 dalam bentuk 2026-06-09 atau 9/6/2026."
_DEPUTY = re.compile(r"(plt|plh)\.?", re.IGNORECASE)
_FOR = re.compile(r"(?:a\.? ?n\.?|atas nama)\s+(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SignerForm:
    """Columns of a signer, with a fault for every field that can't be used."""

    values: dict[str, str]
    side: str
    valid_from: date | None
    valid_to: date | None
    faults: dict[str, str]


def read_signer_form(form: Mapping[str, str]) -> SignerForm:
    """Read the typed signer, as it is printed."""
    values = {column: " ".join(form.get(name, "").split()) for column, (name, _, _) in SIGNER.items()}
    faults = _faults(values, {column: (name, most) for column, (name, _, most) in SIGNER.items()})
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
    return SignerForm(values, side, read["mulai"], read["sampai"], faults)


def _on_behalf(text: str) -> tuple[str, str]:
    if not text:
        return "", ""
    if deputy := _DEPUTY.fullmatch(text):
        return f"{deputy[1].capitalize()}.", ""
    if found := _FOR.fullmatch(text):
        return f"a.n. {found[1]}", ""
    return text, "Tulis Plt., Plh., atau a.n. diikuti jabatan yang diwakili. Kosongkan bila menandatangani sendiri."


@dataclass(frozen=True, slots=True)
class SeriesForm:
    """Columns of a number series; `faults` are lists of sentences, since a pattern may have several."""

    values: dict[str, str]
    faults: dict[str, str]


def read_series_form(form: Mapping[str, str], other: Mapping[str, str] | None) -> SeriesForm:
    """Read the typed series; `other` is the other series, which must never write the same number."""
    values = {column: " ".join(form.get(name, "").split()) for column, (name, _) in SERIES.items()}
    faults = _faults(values, SERIES)
    wrong = check_pattern(values["pattern"])
    for column, token in (("classification", "{klasifikasi}"), ("code", "{kode}")):
        if token in values["pattern"] and not values[column]:
            faults[SERIES[column][0]] = f"Pola memakai {token}, jadi bagian ini perlu diisi."
    if not wrong and other and same_numbers(values, other):
        wrong = [TWINS]
    if wrong:
        faults["pola"] = " ".join(wrong)
    return SeriesForm(values, faults)


def _faults(values: Mapping[str, str], fields: Mapping[str, tuple[str, int]]) -> dict[str, str]:
    """Return a fault for each field that is too long or can't be printed."""
    faults = {}
    for column, (name, most) in fields.items():
        strange = [letter for letter in values[column] if letter not in printable_letters()]
        if len(values[column]) > most:
            faults[name] = f"Paling banyak {most} huruf."
        elif strange:
            faults[name] = f"Huruf “{strange[0]}” tidak dapat dicetak. Ganti huruf itu."
    return faults


def read_number(text: str | None) -> int | None:
    """A number of the agenda, 1 and up; None for anything else."""
    found = re.fullmatch(r"[0-9]{1,6}", (text or "").strip())
    return int(found[0]) if found and 0 < int(found[0]) <= LARGEST else None
