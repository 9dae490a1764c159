"""Reading the keys of a case: how each is compared, with what, and every fault with its line."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any

from lms.course.fields import Field
from lms.course.form_keys import DateKey, ExactKey, FreeKey, Key, NumberKey, SetKey, WordsKey
from lms.course.legal import read_date
from lms.course.notes import Notes
from lms.course.questions.answers import words_of
from lms.course.questions.base import quoted
from lms.course.questions.written import LONGEST_TEXT
from lms.course.tomlfile import Table

MATCHES = {
    "pilihan": ("tepat",),
    "ya-tidak": ("tepat",),
    "pilihan-ganda": ("himpunan",),
    "angka": ("angka",),
    "tanggal": ("tanggal",),
    "teks": ("kata", "bebas"),
    "uraian": ("kata", "bebas"),
}
MOST_NAMED = 8
COUNTED = ("tepat", "himpunan", "angka", "tanggal", "kata")
OWNERS = {
    "harapan": ("tepat", "himpunan", "angka", "tanggal"),
    "setengah": ("tepat",),
    "boleh": ("himpunan",),
    "terlarang": ("himpunan",),
    "toleransi": ("angka",),
    "rentang": ("tanggal",),
    "kelompok": ("kata",),
    "minimal": ("kata",),
    "jawaban": ("kata", "bebas"),
    "bobot": COUNTED,
    "kritis": COUNTED,
    "kritis_terlarang": ("tepat", "himpunan"),
}
"""The ways of comparing that each word of a key belongs to."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A key being read: its table, its field, and what every key has."""

    table: Table
    field: Field
    notes: Notes
    shared: dict[str, Any]

    def galat(self, key: str, text: str) -> None:
        self.notes.galat(self.table.line(key), text)

    def values(self, key: str, least: int = 0) -> tuple[str, ...]:
        """A list of values of the field's choices."""
        if not self.table.has(key):
            if least:
                self.galat(key, f'kunci isian {quoted(self.field.name)} belum punya "{key}"; tulis {key} = ["nilai"]')
            return ()
        return listed(self.table.any(key), self.table.line(key), f'"{key}"', self.field, self.notes, least)


def listed(value: Any, line: int, name: str, field: Field, notes: Notes, least: int) -> tuple[str, ...]:
    """A list of the field's values as the author wrote it, without what is none or stands there twice."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        notes.galat(line, f'{name} harus daftar nilai dalam tanda kutip, misalnya ["nilai"]; perbaiki')
        return ()
    if len(value) < least:
        notes.galat(line, f"{name} kosong; tulis sedikitnya satu nilai isian {quoted(field.name)}")
    known = [each for each in value if _is_known(each, line, name, field, notes)]
    once = tuple(dict.fromkeys(known))
    if len(once) < len(known):
        notes.galat(line, f"{name} menyebut nilai yang sama dua kali; hapus salah satunya")
    return once


def _is_known(value: str, line: int, name: str, field: Field, notes: Notes) -> bool:
    if value in field.choices:
        return True
    if field.choices and value:
        some = ", ".join(choice[:40] for choice in islice(field.choices, MOST_NAMED))
        more = ", …" if len(field.choices) > MOST_NAMED else ""
        text = f"{name} menyebut {quoted(value)}, yang bukan pilihan isian {quoted(field.name)}"
        notes.galat(line, f"{text}; pilihannya: {some}{more}")
    return False


def read_keys(tables: Iterable[Table], fields: dict[str, Field], notes: Notes) -> dict[str, Key]:
    """The keys of one case by field; a second one of a field is noted and left out."""
    found: dict[str, Key] = {}
    for table in tables:
        name = table.text("isian", needed=True)
        key = _read_key(table, fields.get(name), notes)
        if name.strip() and name not in fields:
            notes.galat(table.line("isian"), f"isian {quoted(name)} tidak ada di formulir; periksa ejaannya")
        elif name in found:
            text = f"isian {quoted(name)} sudah dikunci di baris {found[name].line}; hapus salah satunya"
            notes.galat(table.line("isian"), text)
        elif key:
            found[name] = key
    return found


def _read_key(table: Table, field: Field | None, notes: Notes) -> Key | None:
    """The key of a table; None when its field or its way of comparing is not known."""
    written, because = table.text("cocok"), table.text("karena", needed=True).strip()
    known = MATCHES.get(field.kind, ()) if field else ()
    match = written or (known[0] if known else "")
    names = ", ".join(_READERS)
    if written and written not in _READERS:
        notes.galat(table.line("cocok"), f"cocok {quoted(written)} tidak dikenal; tulis salah satu dari {names}")
    elif known and field and match not in known:
        text = f"cocok {quoted(match)} tidak sesuai dengan isian berjenis {field.kind}; tulis {' atau '.join(known)}"
        notes.galat(table.line("cocok"), text)
    if not field or not known or match not in known:
        for word in OWNERS:
            table.any(word)
        table.refuse_unknown()
        return None
    _note_foreign(table, match, notes)
    reading = _Reading(table, field, notes, _shared(table, field, because, match, notes))
    key = _READERS[match](reading)
    table.refuse_unknown()
    return key


def _note_foreign(table: Table, match: str, notes: Notes) -> None:
    for word, owners in OWNERS.items():
        if match not in owners and table.has(word):
            table.any(word)
            notes.galat(table.line(word), f'"{word}" tidak berlaku untuk cocok = "{match}"; hapus')


def _shared(table: Table, field: Field, because: str, match: str, notes: Notes) -> dict[str, Any]:
    shared: dict[str, Any] = {"field": field.name, "because": because, "line": table.line(), "source": table.source}
    if match not in COUNTED:
        return shared
    weight = table.number("bobot", 10, 1)
    if not weight:
        notes.galat(table.line("bobot"), '"bobot" harus angka bulat 1 sampai 10; hapus untuk memakai 1')
    return {**shared, "weight": weight or 1, "critical": table.flag("kritis")}


def _exact(reading: _Reading) -> Key | None:
    expected = reading.table.text("harapan", needed=True)
    is_known = _is_known(expected, reading.table.line("harapan"), '"harapan"', reading.field, reading.notes)
    parts = _parts_of_one(reading)
    fatal = reading.values("kritis_terlarang")
    if expected in parts:
        reading.galat("setengah", f'"setengah" menyebut {quoted(expected)}, yang sudah menjadi harapan; hapus')
    for value in fatal:
        if value == expected or value in parts:
            text = f'"kritis_terlarang" menyebut {quoted(value)}, yang juga harapan atau setengah; hapus salah satunya'
            reading.galat("kritis_terlarang", text)
    if not is_known:
        return None
    return ExactKey(**reading.shared, critical_forbidden=frozenset(fatal), expected=expected, parts=parts)


def _parts_of_one(reading: _Reading) -> dict[str, Fraction]:
    """Other answers and what each is worth, as the author wrote it: 0.7 is seven tenths."""
    inner = reading.table.table("setengah")
    parts: dict[str, Fraction] = {}
    for value in inner.names if inner else ():
        share = inner.any(value) if inner else None
        line = inner.line(value) if inner else 0
        if isinstance(share, float) and 0 < share < 1:
            parts[value] = Fraction(str(share))
        else:
            text = f"skor {quoted(value)} harus di antara 0 dan 1, misalnya setengah = {{ nilai = 0.5 }}; perbaiki"
            reading.notes.galat(line, text)
        _is_known(value, line, '"setengah"', reading.field, reading.notes)
    return parts


def _set(reading: _Reading) -> Key | None:
    expected = reading.values("harapan", least=1)
    allowed, forbidden = reading.values("boleh"), reading.values("terlarang")
    fatal = reading.values("kritis_terlarang")
    first: dict[str, str] = {}
    for name, values in (("harapan", expected), ("boleh", allowed), ("terlarang", forbidden)):
        for value in values:
            other = first.setdefault(value, name)
            if other != name:
                reading.galat(name, f'{quoted(value)} ada di "{other}" dan di "{name}"; hapus dari salah satunya')
    for value in fatal:
        if value not in forbidden:
            text = f'"kritis_terlarang" menyebut {quoted(value)}, yang tidak ada di "terlarang"; tambahkan di sana'
            reading.galat("kritis_terlarang", text)
    if not expected:
        return None
    return SetKey(
        **reading.shared,
        critical_forbidden=frozenset(fatal),
        expected=expected,
        allowed=frozenset(allowed),
        forbidden=frozenset(forbidden),
    )


def _number(reading: _Reading) -> Key | None:
    expected = reading.table.integer("harapan", 61)
    tolerance = reading.table.number("toleransi", 10**12, 0)
    if expected is None:
        if not reading.table.has("harapan"):
            reading.galat("", f"kunci isian {quoted(reading.field.name)} belum punya harapan; tulis harapan = 61")
        return None
    limits = reading.field.limits
    if limits and not limits.holds(Decimal(expected)):
        reading.galat("harapan", f"harapan {expected} di luar batas isian ({limits.words}); perbaiki salah satunya")
    return NumberKey(**reading.shared, expected=expected, tolerance=tolerance)


def _date(reading: _Reading) -> Key | None:
    written = reading.table.text("harapan", needed=True)
    expected = read_date(written)
    if written.strip() and not expected:
        reading.galat("harapan", f'harapan {quoted(written)} bukan tanggal; tulis seperti "12 Oktober 2026"')
    first, last = _days(reading)
    if not expected:
        return None
    if first and last and not first <= expected <= last:
        reading.galat("rentang", f"harapan {quoted(written)} di luar rentang; perbaiki salah satunya")
    return DateKey(**reading.shared, expected=expected, first=first or expected, last=last or expected)


def _days(reading: _Reading) -> tuple[date | None, date | None]:
    written = reading.table.text("rentang")
    if not written:
        return None, None
    low, _, high = written.partition("..")
    first, last = read_date(low), read_date(high)
    if not first or not last:
        text = f'rentang {quoted(written)} tidak terbaca; tulis seperti "12 Oktober 2026..19 Oktober 2026"'
        reading.galat("rentang", text)
        return None, None
    if first > last:
        reading.galat("rentang", f"rentang {quoted(written)} terbalik; tulis tanggal yang lebih dahulu di depan")
        return None, None
    return first, last


def _words(reading: _Reading) -> Key | None:
    groups = _groups(reading)
    least = reading.table.number("minimal", 1_000, len(groups))
    model = _model(reading)
    if not groups or not model:
        return None
    if not 1 <= least <= len(groups):
        text = f'"minimal" harus 1 sampai {len(groups)}, sebanyak kelompoknya; perbaiki angkanya'
        reading.galat("minimal", text)
        return None
    key = WordsKey(**reading.shared, groups=groups, least=least, model=model)
    if key.score((model[:LONGEST_TEXT],)) < 1:
        reading.galat("jawaban", '"jawaban" tidak memuat cukup kelompok; lengkapi sampai bernilai penuh')
    return key


def _groups(reading: _Reading) -> tuple[tuple[str, ...], ...]:
    value = reading.table.any("kelompok")
    wanted = 'tulis kelompok = [["kata", "sepadan"], ["kata lain"]]'
    if not isinstance(value, list) or not value or not all(isinstance(group, list) and group for group in value):
        reading.galat("kelompok", f'"kelompok" harus daftar dari daftar kata yang berisi; {wanted}')
        return ()
    if not all(isinstance(text, str) and words_of(text[:LONGEST_TEXT]) for group in value for text in group):
        reading.galat("kelompok", f'ada kata di "kelompok" yang kosong atau bukan teks; {wanted}')
        return ()
    return tuple(tuple(group) for group in value)


def _model(reading: _Reading) -> str:
    """The model answer; a person's own is cut at the same length."""
    # A paragraph may run over several lines of the file; a blank line ends it.
    paragraphs = reading.table.text("jawaban", needed=True).split("\n\n")
    model = "\n\n".join(" ".join(each.split()) for each in paragraphs).strip()
    if len(model) > LONGEST_TEXT:
        reading.galat("jawaban", f'"jawaban" lebih dari {LONGEST_TEXT} huruf; pendekkan')
    return model[:LONGEST_TEXT]


def _free(reading: _Reading) -> Key | None:
    model = _model(reading)
    return FreeKey(**reading.shared, model=model) if model else None


_READERS: dict[str, Callable[[_Reading], Key | None]] = {
    "tepat": _exact,
    "himpunan": _set,
    "angka": _number,
    "tanggal": _date,
    "kata": _words,
    "bebas": _free,
}
