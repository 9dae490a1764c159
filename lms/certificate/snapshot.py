"""The statement of a certificate: the bytes that are signed, its codes, its number and its state."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final, Literal, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.certificate.spelling import sought
from lms.people.signatory import IssuingOffice, Signatory
from lms.web import crockford
from lms.web.dates import ROMAN_MONTHS, hari_tanggal, in_words, rentang, tanggal

State = Literal["berlaku", "menunggu", "contoh", "diganti", "dicabut", "ditolak"]
IN_FORCE: Final[tuple[State, ...]] = ("berlaku", "menunggu")
"""What can still be corrected or revoked."""

WET, TTE = "basah", "tte"
"""How a sheet is signed: with ink on its paper, or electronically in its PDF."""

VERSION: Final = 1
DATES: Final = ("starts_on", "ends_on", "issued_on", "signed_on")
PARTICIPANT: Final = "PESERTA"
CODE_LETTERS: Final = 12
SCAN_LINE: Final = "Pindai untuk mencocokkan nama, nomor, kegiatan, dan status sertifikat ini."
NO_SCORE: Final = "–"
TTE_LINE: Final = "Berlaku sebagai berkas PDF yang bertanda tangan elektronik; cetakannya salinan."
"""True of the sheet before it is signed and after: signing may change none of its bytes."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One row of DAFTAR MATERI; hours are jam pelajaran of 45 minutes."""

    title: str
    speaker: str
    online_jp: int
    hall_jp: int

    @property
    def total_jp(self) -> int:
        return self.online_jp + self.hall_jp


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything printed, frozen at issuing. `evidence` (JSON-able, no floats) is signed but not printed.

    `issued_on` is the office's, and number and year follow it; `signed_on` is ours, where that was another day.
    `second_signer` signs the back, where there is one. `scores`: (what, how much), a table on the back. Who spoke or
    helped has a role of their own, and of the subjects those that they spoke on.
    """

    token: str
    short_code: str
    sample: bool
    number: str | None = None
    revision: int = 0
    name: str
    name_note: str = ""
    identity: str
    role: str
    activity: str
    organiser: str
    starts_on: date
    ends_on: date
    place: str
    mode: str
    subjects: tuple[Subject, ...]
    predicate: str = ""
    issued_on: date
    issued_place: str
    office: IssuingOffice
    signer: Signatory
    legal_basis: str
    check_url: str
    evidence: dict[str, Any] = field(default_factory=dict)
    second_signer: Signatory | None = None
    scores: tuple[tuple[str, str], ...] = ()
    signed_on: date | None = None
    signing: str = WET
    version: int = VERSION

    @property
    def online_jp(self) -> int:
        return sum(subject.online_jp for subject in self.subjects)

    @property
    def hall_jp(self) -> int:
        return sum(subject.hall_jp for subject in self.subjects)

    @property
    def total_jp(self) -> int:
        return self.online_jp + self.hall_jp

    @property
    def day_signed(self) -> date:
        """The day by which the end and the leak of a key are judged."""
        return self.signed_on or self.issued_on

    @property
    def is_learnt(self) -> bool:
        """Its hours were learnt, and not taught."""
        return self.role == PARTICIPANT

    @property
    def printed_scores(self) -> tuple[tuple[str, str], ...]:
        """The scores, where there is any: of who has none, nothing is said."""
        return self.scores if any(value != NO_SCORE for _, value in self.scores) else ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-able: dates as ISO text, subjects as a list; of what few sheets have, only what it has."""
        data = asdict(self)
        for name in ("second_signer", "scores", "signed_on"):
            if not data[name]:
                del data[name]
        if self.signing == WET:
            del data["signing"]
        dates = {name: data[name].isoformat() for name in DATES if name in data}
        return data | dates | {"subjects": list(data["subjects"])}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The snapshot that `to_dict` came from; ValueError for a version this program does not know."""
        if data.get("version") != VERSION:
            raise ValueError(f"certificate version {data.get('version')!r} is unknown")
        dates = {name: date.fromisoformat(data[name]) for name in DATES if name in data}
        parts: dict[str, Any] = {"office": IssuingOffice(**data["office"]), "signer": Signatory(**data["signer"])}
        if second := data.get("second_signer"):
            parts["second_signer"] = Signatory(**second)
        parts["subjects"] = tuple(Subject(**subject) for subject in data["subjects"])
        parts["scores"] = tuple((name, value) for name, value in data.get("scores", ()))
        return cls(**{**data, **dates, **parts})


def lacks_hours(role: str, subjects: Iterable[Subject]) -> bool:
    """Whether a sheet would say of somebody who learns that they learned no hour: nobody gets such a one."""
    return role == PARTICIPANT and not any(subject.total_jp for subject in subjects)


# Signing. Keep the canonical bytes beside the signature: they are what was signed, whatever a later
# version of this file would make of the same facts.


def canonical(snapshot: Snapshot) -> bytes:
    """Canonical JSON: the same facts always give the same bytes. A float is a ValueError."""
    data = snapshot.to_dict()
    _refuse_floats(data)
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def snapshot_of(payload: bytes) -> Snapshot:
    """The snapshot that canonical bytes came from; ValueError when they are none."""
    return Snapshot.from_dict(json.loads(payload))


def _refuse_floats(value: object) -> None:
    """Two programs may write the same float differently, so none may stand in signed bytes."""
    if isinstance(value, float):
        raise ValueError(f"a certificate holds no fractions: {value!r}")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("keys of a certificate's facts are texts")
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            _refuse_floats(part)


def new_key() -> bytes:
    """A private Ed25519 key, 32 raw bytes, from the system's randomness."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key(private: bytes) -> bytes:
    """32 raw bytes, to be kept for ever so that old certificates stay checkable."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def key_id(public: bytes) -> str:
    """16 hex digits that name a public key."""
    return hashlib.sha256(public).hexdigest()[:16]


def sign(private: bytes, payload: bytes) -> bytes:
    """64 bytes; the same payload under the same key gives the same signature."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(payload)


def verify(public: bytes, payload: bytes, signature: bytes) -> bool:
    """Never raises: a key or signature of the wrong form is simply not right."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, payload)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def short_code(random_bytes: bytes) -> str:
    """The 12 letters (60 bits) printed below the QR; give it at least 8 bytes of `secrets.token_bytes`."""
    return crockford.encode(random_bytes, CODE_LETTERS)


def normalise_code(text: str) -> str | None:
    """The short code somebody typed, or None when it cannot be one."""
    return crockford.normalise(text, CODE_LETTERS)


# The number. A pattern is replaced token by token; str.format never sees it, so it can reach nothing else.

PATTERN_LIMIT: Final = 100
TOKENS: Final = ("{klasifikasi}", "{urut}", "{urut:03}", "{kode}", "{bulan_romawi}", "{tahun}")
_BRACED = re.compile(r"\{[^{}]*\}")
_SEQUENCE = re.compile(r"\{urut(?::0([2-6]))?\}")


def format_number(pattern: str, seq: int, code: str, classification: str, day: date) -> str:
    """400.9/027/PSM-BIMTEK/2026; ValueError for a pattern with faults or a counter below 1."""
    if seq < 1 or check_pattern(pattern):
        raise ValueError(f"cannot number {seq} by {pattern!r}")
    words = {
        "{klasifikasi}": classification,
        "{kode}": code,
        "{bulan_romawi}": ROMAN_MONTHS[day.month - 1],
        "{tahun}": str(day.year),
    }

    def fill(token: re.Match[str]) -> str:
        counter = _SEQUENCE.fullmatch(token[0])
        return str(seq).zfill(int(counter[1] or 1)) if counter else words[token[0]]

    return _BRACED.sub(fill, pattern)


def check_pattern(pattern: str) -> list[str]:
    """Every fault of a number pattern, in Indonesian, each with its remedy; empty when it can be used."""
    faults = []
    tokens = _BRACED.findall(pattern)
    known = ", ".join(TOKENS)
    for token in dict.fromkeys(tokens):
        if token not in TOKENS and not _SEQUENCE.fullmatch(token):
            faults.append(f"Tanda {token} tidak dikenal. Pakai hanya: {known}.")
    if set("{}") & set(_BRACED.sub("", pattern)):
        faults.append("Kurung kurawal tidak berpasangan. Setiap { perlu satu }.")
    if not any(_SEQUENCE.fullmatch(token) for token in tokens):
        faults.append("Nomor urut belum ada. Tambahkan {urut} atau {urut:03}.")
    if "{tahun}" not in tokens:
        faults.append("Tahun belum ada, padahal nomor urut kembali ke 1 setiap tahun. Tambahkan {tahun}.")
    if len(pattern) > PATTERN_LIMIT:
        faults.append(f"Pola terlalu panjang: {len(pattern)} huruf, paling banyak {PATTERN_LIMIT}.")
    if not pattern.isprintable():
        faults.append("Pola memuat huruf yang tidak tercetak, misalnya ganti baris. Ketik ulang pola itu.")
    return faults


def state(sample: bool, events: Iterable[str], *, believed: bool = True) -> State:
    """What a certificate is worth, from its events in order: "issued", then "awaiting" (its electronic signature),
    "signed", "replaced" or "revoked".

    Revoking is final, whatever follows. Any other history is a ValueError. What would hold is refused where its key
    is not `believed` for its day.
    """
    kinds = list(events)
    if kinds[:1] != ["issued"] or not set(kinds[1:]) <= {"awaiting", "signed", "replaced", "revoked"}:
        raise ValueError(f"no history of a certificate: {kinds}")
    if sample:
        return "contoh"
    if "revoked" in kinds:
        return "dicabut"
    if "replaced" in kinds:
        return "diganti"
    if not believed:
        return "ditolak"
    return "menunggu" if "awaiting" in kinds and "signed" not in kinds else "berlaku"


def mark(stands: State) -> str:
    """Return the words across a sheet in this state; "" for one that holds."""
    return "" if stands == "berlaku" else f"{stands.upper()} – TIDAK BERLAKU"


# What is printed, in words: shared by the sheet, the page that shows it and the check for missing letters.


def found_by(snapshot: Snapshot) -> str:
    """Return the text that the office searches by: name, number and village, as `spelling.sought` writes them."""
    return sought(snapshot.name, snapshot.number or "", snapshot.identity)[:600]


def number_line(snapshot: Snapshot) -> str:
    """400.9/027/PSM-BIMTEK/2026 (revisi 1); a dash when there is no number."""
    if snapshot.number is None:
        return "–"
    return f"{snapshot.number} (revisi {snapshot.revision})" if snapshot.revision else snapshot.number


def sentence(snapshot: Snapshot) -> list[str]:
    """Return the sentence after the activity's title, in lines broken where the sense breaks; it ends with a stop.

    Organiser and place; days and mode; hours, which only a participant has for certain; and the predicate, if any.
    """
    if snapshot.starts_on == snapshot.ends_on:
        when = f"pada hari {hari_tanggal(snapshot.starts_on)}"
    else:
        when = f"pada tanggal {rentang(snapshot.starts_on, snapshot.ends_on)}"
    where = f" di {snapshot.place}" if snapshot.place else ""
    lines = [f"yang diselenggarakan oleh {snapshot.organiser}{where}", f"{when}, secara {snapshot.mode}"]
    if snapshot.is_learnt or snapshot.total_jp:
        what = "beban belajar" if snapshot.is_learnt else "materi yang dibawakan"
        lines[-1] += ","
        lines.append(f"dengan {what} seluruhnya {snapshot.total_jp} ({in_words(snapshot.total_jp)}) jam pelajaran")
    if snapshot.predicate:
        lines.append(f"dan predikat {snapshot.predicate}")
    return [*lines[:-1], f"{lines[-1]}."]


def printed_texts(snapshot: Snapshot) -> dict[str, str]:
    """Every text of the snapshot that gets printed, by the name its field has on the screen."""
    office, signer = snapshot.office, snapshot.signer
    texts = {
        "Pemerintah daerah": office.government,
        "Nama dinas": office.name,
        "Alamat dinas": office.address,
        "Nomor": number_line(snapshot),
        "Nama": snapshot.name,
        "Catatan nama": snapshot.name_note,
        "Keterangan peserta" if snapshot.is_learnt else "Jabatan": snapshot.identity,
        "Peran": snapshot.role,
        "Nama kegiatan": snapshot.activity,
        "Penyelenggara": snapshot.organiser,
        "Tempat kegiatan": snapshot.place,
        "Waktu kegiatan": rentang(snapshot.starts_on, snapshot.ends_on),
        "Cara belajar": snapshot.mode,
        "Jumlah jam pelajaran": f"{snapshot.total_jp} JP",
        "Predikat": snapshot.predicate,
        "Tempat dan tanggal terbit": f"{snapshot.issued_place}, {tanggal(snapshot.issued_on)}",
        "Atas nama": signer.on_behalf,
        "Jabatan penanda tangan": signer.title,
        "Nama penanda tangan": signer.name,
        "Pangkat penanda tangan": signer.rank,
        "NIP penanda tangan": signer.nip,
        "Dasar hukum": snapshot.legal_basis,
        **_second(snapshot.second_signer),
        **dict(snapshot.printed_scores),
        "Kode pendek": crockford.grouped(snapshot.short_code),
    }
    for row, subject in enumerate(snapshot.subjects, start=1):
        texts[f"Materi {row}"] = subject.title
        texts[f"Narasumber {row}"] = subject.speaker
        texts[f"Jam materi {row}"] = f"{subject.online_jp} JP daring, {subject.hall_jp} JP tatap muka"
    return texts


def _second(signer: Signatory | None) -> dict[str, str]:
    if signer is None:
        return {}
    texts = {"Atas nama": signer.on_behalf, "Jabatan": signer.title, "Nama": signer.name}
    texts |= {"Pangkat": signer.rank, "NIP": signer.nip}
    return {f"{name} penanda tangan kedua": text for name, text in texts.items()}
