"""What is wrong with a form that could be read: cases that can't be filled in, passed or worth 100 by their own key."""

from collections.abc import Iterator
from datetime import date

from lms.course.form import Case, Form
from lms.course.form_scoring import judge_case
from lms.course.lines import Passage
from lms.course.notes import Notes
from lms.course.problems import stops_publishing
from lms.course.questions.base import quoted
from lms.web.dates import tanggal

CHECK_AFTER_DAYS = 365


def note_form(form: Form, today: date, notes: Notes) -> None:
    """Note everything about a form and its cases that the reading of single tables can't see."""
    for field in form.fields.values():
        if not field.hint:
            text = f'isian {quoted(field.name)} belum punya petunjuk; tulis bantuan = "…"'
            notes.warn(field.line, text)
    for case in form.cases:
        _note_case(form, case, notes)
    if form.cases and not form.is_graded:
        notes.warn(0, 'tidak ada kasus bertahap "sendiri", sehingga formulir ini tidak dapat lulus; tambahkan satu')
    _note_checked(form, today, notes)
    if not stops_publishing(notes.problems):
        _note_models(form, notes)


def _note_case(form: Form, case: Case, notes: Notes) -> None:
    shown = form.shown(case.model)
    for name, key in case.keys.items():
        if name not in shown:
            text = f"isian {quoted(name)} dikunci tetapi tidak tampil menurut kunci kasus ini"
            notes.galat(key.line, f"{text}; kunci penentunya, atau hapus kunci ini")
    _note_blanks(form, case, notes)
    unkeyed = [name for name in form.fields if name in shown and name not in case.keys and form.fields[name].required]
    for name in unkeyed:
        text = f"kasus {quoted(case.slug)} tidak mengunci isian wajib {quoted(name)}"
        if case.stage == "sendiri":
            notes.warn(case.line, f"{text}; isian itu ditanyakan tanpa dinilai")
        else:
            notes.galat(case.line, f"{text}, sehingga tampak kosong; tambahkan [[kasus.kunci]]-nya")
    if case.stage == "sendiri" and case.keys and not any(key.counted for key in case.keys.values()):
        text = f"kasus {quoted(case.slug)} tidak punya kunci yang dinilai; tambahkan kunci selain bebas"
        notes.galat(case.line, text)


def _note_blanks(form: Form, case: Case, notes: Notes) -> None:
    if case.stage != "rumpang":
        if case.blanks:
            text = '"kosong" hanya untuk tahap rumpang; hapus, atau ganti tahapnya'
            notes.galat(case.blanks[0][1], text)
        return
    if not case.blanks:
        text = f'kasus {quoted(case.slug)} rumpang tetapi tidak ada yang kosong; tulis kosong = ["nama_isian"]'
        notes.galat(case.line, text)
        return
    seen: set[str] = set()
    for name, line in case.blanks:
        if name in seen:
            notes.galat(line, f'"kosong" menyebut {quoted(name)} dua kali; hapus salah satunya')
        elif name not in form.fields:
            notes.galat(line, f'"kosong" menyebut {quoted(name)}, yang tidak ada di formulir; periksa ejaannya')
        elif name not in case.keys:
            notes.galat(line, f'"kosong" menyebut {quoted(name)}, yang tidak dikunci; tambahkan [[kasus.kunci]]-nya')
        seen.add(name)
    asked = [case.keys[name] for name in seen if name in case.keys]
    if asked and not any(key.counted for key in asked):
        text = '"kosong" hanya berisi isian bebas, yang tidak dinilai; tambahkan isian yang dinilai'
        notes.galat(case.blanks[0][1], text)


def _note_models(form: Form, notes: Notes) -> None:
    """The last net: whoever answers as the key does has 100, and nothing fails them."""
    for case in form.cases:
        result = judge_case(form, case, case.model)
        if case.stage != "contoh" and (result.share < 1 or result.fatal):
            text = f"jawaban contoh kasus {quoted(case.slug)} tidak bernilai 100; periksa kunci-kuncinya"
            notes.galat(case.line, text)


def _note_checked(form: Form, today: date, notes: Notes) -> None:
    checked, line = form.legal.checked, form.legal.line
    if not checked:
        notes.warn(line, f'belum ada tanggal periksa; tulis diperiksa = "{tanggal(today)}"')
    elif checked > today:
        notes.warn(line, f"tanggal periksa {tanggal(checked)} belum tiba; perbaiki tanggalnya")
    elif (today - checked).days > CHECK_AFTER_DAYS:
        text = f"terakhir diperiksa {tanggal(checked)}, lebih dari setahun lalu"
        notes.warn(line, f'{text}; bandingkan lagi, lalu perbarui "diperiksa"')


def reading_of(form: Form) -> list[Passage]:
    """What people read in a form, each piece with its line: introductions, hints and reasons."""
    return [Passage(line, text) for line, text in _texts(form) if text]


def _texts(form: Form) -> Iterator[tuple[int, str]]:
    yield 1, form.intro
    for part in form.parts:
        yield part.line, part.intro
        for field in part.fields:
            yield field.line, field.hint
    for case in form.cases:
        for key in case.keys.values():
            yield key.line, key.because
