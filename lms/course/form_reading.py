"""Reading a practice form from its TOML: everything it can make of it, and every fault with its line."""

import posixpath
import re
from collections.abc import Callable, Iterable

from lms.course.fields import KINDS, YES_NO, Condition, Field, Limits, read_limits
from lms.course.form import STAGES, Case, Form, Part, Stage
from lms.course.form_key_reading import listed, read_keys
from lms.course.legal import LegalBasis, read_date
from lms.course.links import pictures_of
from lms.course.notes import Notes, in_order
from lms.course.problems import Problem
from lms.course.questions.base import quoted
from lms.course.tomlfile import KeyLines, Table, read_toml
from lms.web.plain import normalised

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
SLUG = re.compile(r"[a-z0-9-]{1,80}")
CHOICE = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")
WITH_CHOICES = ("pilihan", "pilihan-ganda")
REFERRED = {"pilihan": "pilihan", "ya-tidak": "pilihan", "pilihan-ganda": "pilihan", "angka": "angka"}


def parse_form(path: str, source: str) -> tuple[Form | None, list[Problem]]:
    """Read a form; None only when it is no TOML at all."""
    notes = Notes(path)
    source = normalised(source)
    values = read_toml(source, notes)
    if values is None:
        return None, notes.problems
    top = Table(values, KeyLines(source), notes)
    title, intro, pass_mark = top.text("judul", needed=True), top.text("pengantar"), top.number("lulus", 100, 70)
    legal = _legal(top, notes)
    parts = _parts(top.tables("bagian"), notes)
    fields = {field.name: field for part in parts for field in part.fields}
    cases = _cases(top.tables("kasus"), fields, posixpath.dirname(path), notes)
    top.refuse_unknown()
    if not parts:
        notes.galat(0, "formulir belum punya bagian; tulis [[bagian]] dengan judul dan [[bagian.isian]]")
    if not cases:
        notes.galat(0, "formulir belum punya kasus; tulis [[kasus]] dengan cerita dan [[kasus.kunci]]")
    return Form(path, title, intro.strip(), pass_mark, legal, parts, cases), in_order(notes.problems)


def pictures_in(path: str, source: str) -> frozenset[str]:
    """The course paths of the pictures that a text shows, be it Markdown or a form."""
    form = None if path.endswith(".md") else parse_form(path, source)[0]
    texts = [text for _, text in form.markdown] if form else [source] if path.endswith(".md") else []
    return frozenset(picture for text in texts for picture in pictures_of(text, path))


def _legal(top: Table, notes: Notes) -> LegalBasis:
    rules = tuple(rule for rule, _ in top.texts("dasar_hukum") if rule.strip())
    written, line = top.text("diperiksa"), top.line("diperiksa")
    checked = read_date(written)
    if written and not checked:
        notes.galat(line, f'diperiksa {quoted(written)} bukan tanggal; tulis seperti "24 November 2026"')
    return LegalBasis(rules, checked, line if written else 0)


def _parts(tables: Iterable[Table], notes: Notes) -> tuple[Part, ...]:
    found: list[Part] = []
    fields: dict[str, Field] = {}
    for table in tables:
        title, intro = table.text("judul", needed=True), table.text("pengantar").strip()
        own = [field for each in table.tables("isian") if (field := _field(each, fields, notes))]
        table.refuse_unknown()
        if not own and not table.has("isian"):
            notes.galat(table.line(), f"bagian {quoted(title)} belum punya isian; tulis [[bagian.isian]]")
        found.append(Part(title, intro, tuple(own), table.line()))
    return tuple(found)


def _field(table: Table, earlier: dict[str, Field], notes: Notes) -> Field | None:
    """The field of a table, noted in `earlier`; None when it has no name to know it by."""
    name = _named(table, "nama", NAME, 'huruf kecil, angka, dan "_", misalnya usia_kepala', notes)
    kind = _one_of(table, "jenis", KINDS, notes)
    field = Field(
        name=name,
        label=table.text("label", needed=True),
        kind=kind,
        required=table.flag("wajib"),
        hint=table.text("bantuan").strip(),
        choices=_choices(table, kind, notes),
        unit=_only_for("angka", "satuan", table.text, table, kind, notes) or "",
        limits=_limits(table, kind, notes),
        conditions=_conditions(table, name, earlier, notes),
        line=table.line(),
        source=table.source,
    )
    table.refuse_unknown()
    if not name:
        return None
    if name in earlier:
        text = f"isian {quoted(name)} sudah ada di baris {earlier[name].line}; beri nama lain"
        notes.galat(table.line("nama"), text)
        return None
    earlier[name] = field
    return field


def _named(table: Table, key: str, form: re.Pattern[str], wanted: str, notes: Notes) -> str:
    """A name that is an identity; "" when it has not the form of one."""
    name = table.text(key, needed=True)
    if not name.strip() or form.fullmatch(name):
        return name.strip()
    notes.galat(table.line(key), f"{key} {quoted(name)} tidak dapat dipakai; tulis {wanted}")
    return ""


def _one_of(table: Table, key: str, known: tuple[str, ...], notes: Notes) -> str:
    """A word out of a few; the last of them, which asks least, when it is none."""
    word = table.text(key, needed=True)
    if word.strip() and word not in known:
        notes.galat(table.line(key), f"{key} {quoted(word)} tidak dikenal; tulis salah satu dari {', '.join(known)}")
    return word if word in known else ""


def _only_for(wanted: str, key: str, read: Callable[[str], str], table: Table, kind: str, notes: Notes) -> str | None:
    """A text that only fields of one kind have."""
    if table.has(key) and kind and kind != wanted:
        notes.galat(table.line(key), f'"{key}" hanya untuk jenis {wanted}; hapus')
        table.any(key)
        return None
    return read(key) if table.has(key) else None


def _limits(table: Table, kind: str, notes: Notes) -> Limits | None:
    written = _only_for("angka", "batas", table.text, table, kind, notes)
    return None if written is None else _range(table.line("batas"), "batas", written, notes)


def _range(line: int, name: str, written: str, notes: Notes) -> Limits | None:
    limits = read_limits(written)
    if limits is None:
        notes.galat(line, f'{name} {quoted(written)} bukan rentang angka; tulis "5..10", "60..", atau "..5"')
    elif limits.reversed:
        notes.galat(line, f"{name} {quoted(written)} terbalik; tulis angka yang kecil dahulu")
        return None
    return limits


def _choices(table: Table, kind: str, notes: Notes) -> dict[str, str]:
    if kind == "ya-tidak" and not table.has("pilihan"):
        return YES_NO
    if kind and kind not in WITH_CHOICES and table.has("pilihan"):
        notes.galat(table.line("pilihan"), '"pilihan" hanya untuk jenis pilihan dan pilihan-ganda; hapus')
        table.any("pilihan")
        return YES_NO if kind == "ya-tidak" else {}
    inner = table.table("pilihan")
    choices = inner.free_texts() if inner else {}
    if inner:
        _note_choices(inner, choices, notes)
    if kind in WITH_CHOICES and len(choices) < 2 and (inner or not table.has("pilihan")):
        text = 'isian ini perlu paling sedikit dua pilihan; tulis pilihan.nilai = "label", satu baris tiap pilihan'
        notes.galat(table.line("pilihan"), text)
    return choices


def _note_choices(inner: Table, choices: dict[str, str], notes: Notes) -> None:
    first: dict[str, str] = {}
    for value, label in choices.items():
        if not CHOICE.fullmatch(value):
            text = f'nilai pilihan {quoted(value)} tidak dapat dipakai; tulis huruf kecil, angka, dan "_"'
            notes.galat(inner.line(value), text)
        other = first.setdefault(" ".join(label.split()).casefold(), value)
        if other != value and label.strip():
            text = f"label {quoted(label)} sama dengan label pilihan {quoted(other)}; bedakan"
            notes.galat(inner.line(value), text)


def _conditions(table: Table, name: str, earlier: dict[str, Field], notes: Notes) -> tuple[Condition, ...]:
    inner = table.table("bila")
    if inner is None:
        return ()
    if not inner.names:
        notes.galat(table.line("bila"), '"bila" kosong; tulis bila = { nama_isian = ["nilai"] }, atau hapus')
    found = (_condition(inner, each, name, earlier, notes) for each in inner.names)
    return tuple(condition for condition in found if condition)


def _condition(inner: Table, name: str, own: str, earlier: dict[str, Field], notes: Notes) -> Condition | None:
    value, line = inner.any(name), inner.line(name)
    there = earlier.get(name)
    if there is None:
        what = "isian itu sendiri" if name == own else f"{quoted(name)}, yang tidak ada sebelum isian ini"
        notes.galat(line, f'"bila" merujuk {what}; rujuk isian yang ditulis lebih dahulu')
        return None
    form = REFERRED.get(there.kind)
    if form is None:
        if there.kind:
            text = f'"bila" merujuk {quoted(name)} yang berjenis {there.kind}; rujuk pilihan, ya-tidak, atau angka'
            notes.galat(line, text)
        return None
    if form == "angka":
        if not isinstance(value, str):
            notes.galat(line, f'syarat {quoted(name)} harus rentang angka, misalnya "1.."; tulis dalam tanda kutip')
            return None
        limits = _range(line, f"syarat {quoted(name)}", value, notes)
        return Condition(name, limits=limits) if limits else None
    values = listed(value, line, f"syarat {quoted(name)}", there, notes, least=1)
    return Condition(name, values) if values else None


def _cases(tables: Iterable[Table], fields: dict[str, Field], folder: str, notes: Notes) -> tuple[Case, ...]:
    found: dict[str, Case] = {}
    for table in tables:
        case = _case(table, fields, folder, notes)
        if case.slug in found:
            text = f"kasus {quoted(case.slug)} sudah ada di baris {found[case.slug].line}; beri slug lain"
            notes.galat(table.line("slug"), text)
        elif case.slug:
            found[case.slug] = case
    return tuple(found.values())


def _case(table: Table, fields: dict[str, Field], folder: str, notes: Notes) -> Case:
    stage = _one_of(table, "tahap", STAGES, notes)
    story = table.text("cerita", needed=True).strip()
    case = Case(
        slug=_named(table, "slug", SLUG, 'huruf kecil, angka, dan "-", misalnya pak-min', notes),
        title=table.text("judul", needed=True),
        stage=_stage(stage),
        blanks=tuple(table.texts("kosong")),
        story=posixpath.join(folder, story) if story else "",
        warning=table.text("peringatan").strip(),
        discussion=tuple(text for text, _ in table.texts("diskusi") if text.strip()),
        keys=read_keys(table.tables("kunci"), fields, notes),
        line=table.line(),
        story_line=table.line("cerita"),
    )
    table.refuse_unknown()
    if story and ("/" in story or "\\" in story or not story.endswith(".md")):
        text = f"cerita {quoted(story)} bukan berkas .md di folder yang sama; tulis namanya saja, misalnya pak-min.md"
        notes.galat(table.line("cerita"), text)
    if not table.has("kunci"):
        notes.galat(table.line(), f"kasus {quoted(case.slug)} belum punya kunci; tulis [[kasus.kunci]]")
    return case


def _stage(word: str) -> Stage:
    """An unknown stage is read as the one in which nobody is asked anything."""
    return next((stage for stage in STAGES if stage == word), "contoh")
