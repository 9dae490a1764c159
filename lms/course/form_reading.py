"""Reading a form and the keys of its cases: how each is compared, with what, and every fault with its line."""

import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any, TypeVar

from lms.course import form as forms
from lms.course.lesson import LegalBasis
from lms.course.links import pictures_of
from lms.course.problems import Notes, Problem, in_order
from lms.course.questions.base import folded, quoted
from lms.course.questions.written import LONGEST_TEXT, words_of
from lms.course.tomlfile import Table, read_table
from lms.web.dates import read_date, tanggal
from lms.web.plain import normalised

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
Word = TypeVar("Word", bound=str)
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
    field: forms.Field
    shared: dict[str, Any]

    def galat(self, key: str, text: str) -> None:
        self.table.galat(key, text)

    def values(self, key: str, least: int = 0) -> tuple[str, ...]:
        """A list of values of the field's choices."""
        if not self.table.has(key):
            if least:
                self.galat(key, f'kunci isian {quoted(self.field.name)} belum punya "{key}"; tulis {key} = ["nilai"]')
            return ()
        return _listed(self.table, key, f'"{key}"', self.field, least)


def _listed(table: Table, key: str, name: str, field: forms.Field, least: int) -> tuple[str, ...]:
    """A list of the field's values as the author wrote it, without what is none or stands there twice."""
    value = table.any(key)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        table.galat(key, f'{name} harus daftar nilai dalam tanda kutip, misalnya ["nilai"]; perbaiki')
        return ()
    if len(value) < least:
        table.galat(key, f"{name} kosong; tulis sedikitnya satu nilai isian {quoted(field.name)}")
    known = [each for each in value if _is_known(each, table, key, name, field)]
    once = tuple(dict.fromkeys(known))
    if len(once) < len(known):
        table.galat(key, f"{name} menyebut nilai yang sama dua kali; hapus salah satunya")
    return once


def _is_known(value: str, table: Table, key: str, name: str, field: forms.Field) -> bool:
    if value in field.choices:
        return True
    if field.choices and value:
        some = ", ".join(choice[:40] for choice in islice(field.choices, MOST_NAMED))
        more = ", …" if len(field.choices) > MOST_NAMED else ""
        text = f"{name} menyebut {quoted(value)}, yang bukan pilihan isian {quoted(field.name)}"
        table.galat(key, f"{text}; pilihannya: {some}{more}")
    return False


def _read_keys(tables: Iterable[Table], fields: dict[str, forms.Field]) -> dict[str, forms.Key]:
    """The keys of one case by field; a second one of a field is noted and left out."""
    found: dict[str, forms.Key] = {}
    for table in tables:
        name = table.text("isian", needed=True)
        key = _read_key(table, fields.get(name))
        if name.strip() and name not in fields:
            table.galat("isian", f"isian {quoted(name)} tidak ada di formulir; periksa ejaannya")
        elif name in found:
            table.galat("isian", f"isian {quoted(name)} sudah dikunci di baris {found[name].line}; hapus salah satunya")
        elif key:
            found[name] = key
    return found


def _read_key(table: Table, field: forms.Field | None) -> forms.Key | None:
    """The key of a table; None when its field or its way of comparing is not known."""
    written, because = table.text("cocok"), table.text("karena", needed=True).strip()
    known = MATCHES.get(field.kind, ()) if field else ()
    match = written or (known[0] if known else "")
    names = ", ".join(_READERS)
    if written and written not in _READERS:
        table.galat("cocok", f"cocok {quoted(written)} tidak dikenal; tulis salah satu dari {names}")
    elif known and field and match not in known:
        text = f"cocok {quoted(match)} tidak sesuai dengan isian berjenis {field.kind}; tulis {' atau '.join(known)}"
        table.galat("cocok", text)
    if not field or not known or match not in known:
        for word in OWNERS:
            table.any(word)
        return None
    for word, owners in OWNERS.items():
        if match not in owners:
            table.refuse(word, f'"{word}" tidak berlaku untuk cocok = "{match}"; hapus')
    return _READERS[match](_Reading(table, field, _shared(table, field, because, match)))


def _shared(table: Table, field: forms.Field, because: str, match: str) -> dict[str, Any]:
    shared: dict[str, Any] = {"field": field.name, "because": because, "line": table.line(), "source": table.source}
    if match not in COUNTED:
        return shared
    weight = table.number("bobot", 10, 1)
    if not weight:
        table.galat("bobot", '"bobot" harus angka bulat 1 sampai 10; hapus untuk memakai 1')
    return {**shared, "weight": weight or 1, "critical": table.flag("kritis")}


def _exact(reading: _Reading) -> forms.Key | None:
    expected = reading.table.text("harapan", needed=True)
    is_known = _is_known(expected, reading.table, "harapan", '"harapan"', reading.field)
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
    return forms.ExactKey(**reading.shared, answer=(expected,), critical_forbidden=frozenset(fatal), parts=parts)


def _parts_of_one(reading: _Reading) -> dict[str, Fraction]:
    """Other answers and what each is worth, as the author wrote it: 0.7 is seven tenths."""
    parts: dict[str, Fraction] = {}
    inner = reading.table.table("setengah")
    if inner is None:
        return parts
    for value in inner.names:
        share = inner.any(value)
        if isinstance(share, float) and 0 < share < 1:
            parts[value] = Fraction(str(share))
        else:
            text = f"skor {quoted(value)} harus di antara 0 dan 1, misalnya setengah = {{ nilai = 0.5 }}; perbaiki"
            inner.galat(value, text)
        _is_known(value, inner, value, '"setengah"', reading.field)
    return parts


def _set(reading: _Reading) -> forms.Key | None:
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
    return forms.SetKey(
        **reading.shared,
        answer=expected,
        critical_forbidden=frozenset(fatal),
        allowed=frozenset(allowed),
        forbidden=frozenset(forbidden),
    )


def _number(reading: _Reading) -> forms.Key | None:
    expected = reading.table.number_or_none("harapan", 61)
    tolerance = reading.table.number("toleransi", 10**12, 0)
    if expected is None:
        if not reading.table.has("harapan"):
            reading.galat("", f"kunci isian {quoted(reading.field.name)} belum punya harapan; tulis harapan = 61")
        return None
    limits = reading.field.limits
    if limits and not limits.holds(Decimal(expected)):
        reading.galat("harapan", f"harapan {expected} di luar batas isian ({limits.words}); perbaiki salah satunya")
    return forms.NumberKey(**reading.shared, answer=(str(expected),), expected=expected, tolerance=tolerance)


def _date(reading: _Reading) -> forms.Key | None:
    written = reading.table.text("harapan", needed=True)
    expected = read_date(written)
    if written.strip() and not expected:
        reading.galat("harapan", f'harapan {quoted(written)} bukan tanggal; tulis seperti "12 Oktober 2026"')
    first, last = _days(reading)
    if not expected:
        return None
    if first and last and not first <= expected <= last:
        reading.galat("rentang", f"harapan {quoted(written)} di luar rentang; perbaiki salah satunya")
    return forms.DateKey(**reading.shared, answer=(tanggal(expected),), first=first or expected, last=last or expected)


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


def _words(reading: _Reading) -> forms.Key | None:
    groups = _groups(reading)
    least = reading.table.number("minimal", 1_000, len(groups))
    model = _model(reading)
    if not groups or not model:
        return None
    if not 1 <= least <= len(groups):
        reading.galat("minimal", f'"minimal" harus 1 sampai {len(groups)}, sebanyak kelompoknya; perbaiki angkanya')
        return None
    key = forms.WordsKey(**reading.shared, answer=(model,), groups=groups, least=least)
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


def _free(reading: _Reading) -> forms.Key | None:
    model = _model(reading)
    return forms.FreeKey(**reading.shared, answer=(model,)) if model else None


_READERS: dict[str, Callable[[_Reading], forms.Key | None]] = {
    "tepat": _exact,
    "himpunan": _set,
    "angka": _number,
    "tanggal": _date,
    "kata": _words,
    "bebas": _free,
}


NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
SLUG = re.compile(r"[a-z0-9-]{1,80}")
CHOICE = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")
WITH_CHOICES = ("pilihan", "pilihan-ganda")
REFERRED = {"pilihan": "pilihan", "ya-tidak": "pilihan", "pilihan-ganda": "pilihan", "angka": "angka"}


def parse_form(path: str, source: str) -> tuple[forms.Form | None, list[Problem]]:
    """Read a form; None only when it is no TOML at all."""
    notes = Notes(path)
    source = normalised(source)
    top = read_table(source, notes)
    if top is None:
        return None, notes.problems
    title, intro, pass_mark = top.text("judul", needed=True), top.text("pengantar"), top.number("lulus", 100, 70)
    legal = _legal(top)
    parts = _parts(top.tables("bagian"))
    fields = {field.name: field for part in parts for field in part.fields}
    cases = _cases(top.tables("kasus"), fields, posixpath.dirname(path))
    top.refuse_unknown()
    if not parts:
        notes.galat(0, "formulir belum punya bagian; tulis [[bagian]] dengan judul dan [[bagian.isian]]")
    if not cases:
        notes.galat(0, "formulir belum punya kasus; tulis [[kasus]] dengan cerita dan [[kasus.kunci]]")
    return forms.Form(path, title, intro.strip(), pass_mark, legal, parts, cases), in_order(notes.problems)


def pictures_in(path: str, source: str) -> frozenset[str]:
    """The course paths of the pictures that a text shows, be it Markdown or a form."""
    form = None if path.endswith(".md") else parse_form(path, source)[0]
    texts = [text for _, text in form.markdown] if form else [source] if path.endswith(".md") else []
    return frozenset(picture for text in texts for picture in pictures_of(text, path))


def _legal(top: Table) -> LegalBasis:
    rules = tuple(rule for rule, _ in top.texts("dasar_hukum") if rule.strip())
    written, line = top.text("diperiksa"), top.line("diperiksa")
    checked = read_date(written)
    if written and not checked:
        top.galat("diperiksa", f'diperiksa {quoted(written)} bukan tanggal; tulis seperti "24 November 2026"')
    return LegalBasis(rules, checked, line if written else 0)


def _parts(tables: Iterable[Table]) -> tuple[forms.FormSection, ...]:
    found: list[forms.FormSection] = []
    fields: dict[str, forms.Field] = {}
    for table in tables:
        title, intro = table.text("judul", needed=True), table.text("pengantar").strip()
        own = [field for each in table.tables("isian") if (field := _field(each, fields))]
        if not own and not table.has("isian"):
            table.galat("", f"bagian {quoted(title)} belum punya isian; tulis [[bagian.isian]]")
        found.append(forms.FormSection(title, intro, tuple(own), table.line()))
    return tuple(found)


def _field(table: Table, earlier: dict[str, forms.Field]) -> forms.Field | None:
    """The field of a table, noted in `earlier`; None when it has no name to know it by."""
    name = _named(table, "nama", NAME, 'huruf kecil, angka, dan "_", misalnya usia_kepala')
    kind = _one_of(table, "jenis", forms.KINDS) or ""
    field = forms.Field(
        name=name,
        label=table.text("label", needed=True),
        kind=kind,
        required=table.flag("wajib"),
        hint=table.text("bantuan").strip(),
        choices=_choices(table, kind),
        unit=_of_a_number(table, "satuan", kind) or "",
        limits=_limits(table, kind),
        conditions=_conditions(table, name, earlier),
        line=table.line(),
        source=table.source,
    )
    if name in earlier:
        table.galat("nama", f"isian {quoted(name)} sudah ada di baris {earlier[name].line}; beri nama lain")
    elif name:
        earlier[name] = field
        return field
    return None


def _named(table: Table, key: str, form: re.Pattern[str], wanted: str) -> str:
    """A name that is an identity; "" when it has not the form of one."""
    name = table.text(key, needed=True)
    if not name.strip() or form.fullmatch(name):
        return name.strip()
    table.galat(key, f"{key} {quoted(name)} tidak dapat dipakai; tulis {wanted}")
    return ""


def _one_of(table: Table, key: str, known: tuple[Word, ...]) -> Word | None:
    """A word out of a few, None when it is none of them."""
    word = table.text(key, needed=True)
    if word.strip() and word not in known:
        table.galat(key, f"{key} {quoted(word)} tidak dikenal; tulis salah satu dari {', '.join(known)}")
    return next((each for each in known if each == word), None)


def _of_a_number(table: Table, key: str, kind: str) -> str | None:
    """A text that only fields for a number have."""
    if kind and kind != "angka":
        table.refuse(key, f'"{key}" hanya untuk jenis angka; hapus')
        return None
    return table.text(key) if table.has(key) else None


def _limits(table: Table, kind: str) -> forms.Limits | None:
    written = _of_a_number(table, "batas", kind)
    return None if written is None else _range(table, "batas", "batas", written)


def _range(table: Table, key: str, name: str, written: str) -> forms.Limits | None:
    limits = forms.read_limits(written)
    if limits is None:
        table.galat(key, f'{name} {quoted(written)} bukan rentang angka; tulis "5..10", "60..", atau "..5"')
    elif limits.reversed:
        table.galat(key, f"{name} {quoted(written)} terbalik; tulis angka yang kecil dahulu")
        return None
    return limits


def _choices(table: Table, kind: str) -> dict[str, str]:
    if kind and kind not in WITH_CHOICES:
        table.refuse("pilihan", '"pilihan" hanya untuk jenis pilihan dan pilihan-ganda; hapus')
        return forms.YES_NO if kind == "ya-tidak" else {}
    inner = table.table("pilihan")
    choices = inner.free_texts() if inner else {}
    if inner:
        _note_choices(inner, choices)
    if kind in WITH_CHOICES and len(choices) < 2 and (inner or not table.has("pilihan")):
        text = 'isian ini perlu paling sedikit dua pilihan; tulis pilihan.nilai = "label", satu baris tiap pilihan'
        table.galat("pilihan", text)
    return choices


def _note_choices(inner: Table, choices: dict[str, str]) -> None:
    first: dict[str, str] = {}
    for value, label in choices.items():
        if not CHOICE.fullmatch(value):
            inner.galat(value, f'nilai pilihan {quoted(value)} tidak dapat dipakai; tulis huruf kecil, angka, dan "_"')
        other = first.setdefault(folded(label), value)
        if other != value and label.strip():
            inner.galat(value, f"label {quoted(label)} sama dengan label pilihan {quoted(other)}; bedakan")


def _conditions(table: Table, name: str, earlier: dict[str, forms.Field]) -> tuple[forms.Condition, ...]:
    inner = table.table("bila")
    if inner is None:
        return ()
    if not inner.names:
        table.galat("bila", '"bila" kosong; tulis bila = { nama_isian = ["nilai"] }, atau hapus')
    found = (_condition(inner, each, name, earlier) for each in inner.names)
    return tuple(condition for condition in found if condition)


def _condition(inner: Table, name: str, own: str, earlier: dict[str, forms.Field]) -> forms.Condition | None:
    value = inner.any(name)
    there = earlier.get(name)
    if there is None:
        what = "isian itu sendiri" if name == own else f"{quoted(name)}, yang tidak ada sebelum isian ini"
        inner.galat(name, f'"bila" merujuk {what}; rujuk isian yang ditulis lebih dahulu')
        return None
    form = REFERRED.get(there.kind)
    if form is None:
        if there.kind:
            text = f'"bila" merujuk {quoted(name)} yang berjenis {there.kind}; rujuk pilihan, ya-tidak, atau angka'
            inner.galat(name, text)
        return None
    if form == "angka":
        if not isinstance(value, str):
            inner.galat(name, f'syarat {quoted(name)} harus rentang angka, misalnya "1.."; tulis dalam tanda kutip')
            return None
        limits = _range(inner, name, f"syarat {quoted(name)}", value)
        return forms.Condition(name, limits=limits) if limits else None
    values = _listed(inner, name, f"syarat {quoted(name)}", there, least=1)
    return forms.Condition(name, values) if values else None


def _cases(tables: Iterable[Table], fields: dict[str, forms.Field], folder: str) -> tuple[forms.Case, ...]:
    found: dict[str, forms.Case] = {}
    for table in tables:
        case = _case(table, fields, folder)
        if case.slug in found:
            table.galat("slug", f"kasus {quoted(case.slug)} sudah ada di baris {found[case.slug].line}; beri slug lain")
        elif case.slug:
            found[case.slug] = case
    return tuple(found.values())


def _case(table: Table, fields: dict[str, forms.Field], folder: str) -> forms.Case:
    story = table.text("cerita", needed=True).strip()
    case = forms.Case(
        slug=_named(table, "slug", SLUG, 'huruf kecil, angka, dan "-", misalnya pak-min'),
        title=table.text("judul", needed=True),
        # An unknown stage is read as the one in which nobody is asked anything.
        stage=_one_of(table, "tahap", forms.STAGES) or "contoh",
        blanks=tuple(table.texts("kosong")),
        story=posixpath.join(folder, story) if story else "",
        warning=table.text("peringatan").strip(),
        discussion=tuple(text for text, _ in table.texts("diskusi") if text.strip()),
        keys=_read_keys(table.tables("kunci"), fields),
        line=table.line(),
        story_line=table.line("cerita"),
    )
    if story and ("/" in story or "\\" in story or not story.endswith(".md")):
        text = f"cerita {quoted(story)} bukan berkas .md di folder yang sama; tulis namanya saja, misalnya pak-min.md"
        table.galat("cerita", text)
    if not table.has("kunci"):
        table.galat("", f"kasus {quoted(case.slug)} belum punya kunci; tulis [[kasus.kunci]]")
    return case
