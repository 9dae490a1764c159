"""Forms of a trainer about a course: its settings, a new lesson, a new name."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from lms.course.check import TEST_BANK
from lms.course.course_writing import Setting
from lms.course.outline import FOR_TRAINERS, CourseRules, Module, TestRules, path_fault
from lms.course.tomlfile import Place

LONGEST_LINE = 200
LONGEST_TITLE = 120
LONGEST_TEXT = 600
MOST_GOALS = 40
YES = "ya"

OF_THE_TESTS = ("bank", "tes_lulus")
DROPPABLE = ("sertifikat", "boleh_dilepas")

Typed = dict[str, str]
"""What stands in each field of the form of settings."""

Reader = Callable[[str], Setting]
"""What a changed field writes; ValueError says what to do about it."""


def _line(text: str, longest: int = LONGEST_LINE) -> str:
    if len(text) > longest or not text.isprintable():
        raise ValueError(f"Tulis paling panjang {longest} huruf, tanpa tanda yang tidak terlihat.")
    return text


def _title(text: str) -> str:
    if not text:
        raise ValueError("Bagian ini tidak boleh kosong.")
    return _line(text)


def _number(text: str, highest: int = 100) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text, re.ASCII) or int(text) > highest:
        raise ValueError(f"Tulis angka bulat 0 sampai {highest}.")
    return int(text)


def _share(text: str) -> int | None:
    return _number(text) if text else None


def _goals(text: str) -> tuple[str, ...]:
    goals = tuple(text.split("\n")) if text else ()
    if len(goals) > MOST_GOALS:
        raise ValueError(f"Tulis paling banyak {MOST_GOALS} tujuan, satu di setiap baris.")
    for goal in goals:
        _line(goal, LONGEST_TEXT)
    return goals


def _bank(text: str) -> str:
    if fault := path_fault(text):
        raise ValueError(f"Nama berkas ini {fault}.")
    return text


class SettingsField(NamedTuple):
    """A field of the settings: what a sentence calls it, where it is written, what the course has, how it is read.

    `is_box`: it is ticked or not.
    """

    label: str
    place: Place
    value: str
    read: Reader
    is_box: bool = False


def _box(label: str, place: Place, value: bool, read: Reader = bool) -> SettingsField:
    return SettingsField(label, place, YES if value else "", read, is_box=True)


def _number_of(label: str, place: Place, value: int, highest: int = 100) -> SettingsField:
    return SettingsField(label, place, str(value), partial(_number, highest=highest))


def fields_of(course: CourseRules) -> dict[str, SettingsField]:
    """The settings of a course as its form shows them; only a module without lessons may go."""
    test, asked = course.test or TestRules(TEST_BANK), course.certificate
    share = "" if asked.attendance is None else str(asked.attendance)
    fields = {
        "judul": SettingsField("Judul kursus", ("judul",), course.title, _title),
        "ringkasan": SettingsField("Ringkasan", ("ringkasan",), course.summary, partial(_line, longest=LONGEST_TEXT)),
        "sasaran": SettingsField("Untuk siapa", ("sasaran",), course.audience, _line),
        "untuk_pelatih": _box(
            "Hanya untuk pelatih", ("untuk",), course.for_trainers, lambda y: FOR_TRAINERS if y else None
        ),
        "dasar_hukum": _box("Pelajarannya bersandar pada aturan", ("dasar_hukum",), course.rests_on_law),
        "lulus": _number_of("Nilai lulus kuis", ("kuis", "lulus"), course.quiz.pass_mark),
        "kesempatan": _number_of("Kesempatan mengerjakan kuis", ("kuis", "kesempatan"), course.quiz.attempts, 1000),
        "tes": _box("Tes awal dan tes akhir", ("tes",), bool(course.test), lambda _: None),
        "bank": SettingsField("Berkas soal tes", ("tes", "bank"), test.bank, _bank),
        "tes_lulus": _number_of("Nilai lulus tes akhir", ("tes", "lulus"), test.pass_mark),
        "minta_pelajaran": _box("Syarat: semua pelajaran selesai", ("sertifikat", "pelajaran"), asked.lessons),
        "minta_kuis": _box("Syarat: semua kuis lulus", ("sertifikat", "kuis"), asked.quizzes),
        "minta_tes": _box("Syarat: tes akhir lulus", ("sertifikat", "tes_akhir"), asked.posttest),
        "minta_survei": _box("Syarat: survei diisi", ("sertifikat", "survei"), asked.survey),
        "kehadiran": SettingsField("Syarat: kehadiran", ("sertifikat", "kehadiran"), share, _share),
        "materi_baru": SettingsField("Materi baru", (), "", _line),
    }
    for name, key in _asked(fields).items():
        fields[f"lepas_{name}"] = _box(f"{fields[name].label}, boleh dilepas", (), key in asked.droppable)
    for at, module in enumerate(course.modules):
        for name, field in _fields_of_module(module).items():
            label = f"{field.label}, materi “{module.title}”"
            fields[f"m{at}_{name}"] = field._replace(label=label, place=("materi", at, *field.place))
    return fields


def _fields_of_module(module: Module) -> dict[str, SettingsField]:
    fields = {
        "judul": SettingsField("Judul materi", ("judul",), module.title, _title),
        "daring": _number_of("JP daring", ("jp_daring",), module.online_jp, 1000),
        "tatap": _number_of("JP tatap muka", ("jp_tatap_muka",), module.hall_jp, 1000),
        "tujuan": SettingsField("Tujuan", ("tujuan",), "\n".join(module.goals), _goals),
    }
    return fields if module.lessons else fields | {"hapus": _box("Hapus materi", (), False, lambda _: None)}


def as_shown(fields: Mapping[str, SettingsField]) -> Typed:
    """Return the values of the fields as the course has them."""
    return {name: field.value for name, field in fields.items()}


def typed_in(form: Mapping[str, str], fields: Mapping[str, SettingsField]) -> Typed:
    """Return the values of the fields that were shown; a box that is not ticked is not sent."""
    return {name: _typed(name, form, field) for name, field in fields.items()}


def _typed(name: str, form: Mapping[str, str], field: SettingsField) -> str:
    if field.is_box:
        return YES if form.get(name) == YES else ""
    if name not in form:
        return field.value
    lines = form[name].splitlines() if name.endswith("_tujuan") else [form[name]]
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def read_settings(typed: Typed, fields: Mapping[str, SettingsField]) -> tuple[dict[Place, Setting], dict[str, str]]:
    """(what was changed in the form, and where it is written; the faults: field -> what to do about it).

    What was not changed is not written anew, and a module that goes is not at all.
    """
    values: dict[Place, Setting] = {}
    faults: dict[str, str] = {}
    tests_changed = typed["tes"] != fields["tes"].value
    for name, text in typed.items():
        field = fields[name]
        if text == field.value and not (tests_changed and name in OF_THE_TESTS):
            continue
        # Without tests nothing of them is kept; that there are some, their bank says.
        if (name in OF_THE_TESTS and not typed["tes"]) or (name == "tes" and text):
            continue
        try:
            written = field.read(text)
            values |= {field.place: written} if field.place else {}
        except ValueError as fault:
            faults[name] = str(fault)
    if (droppable := _droppable(typed, fields)) != _droppable(as_shown(fields), fields):
        values[DROPPABLE] = droppable
    gone = {place for place, value in values.items() if place[:1] == ("materi",) and value is None}
    return {place: value for place, value in values.items() if place in gone or place[:2] not in gone}, faults


def _droppable(typed: Typed, fields: Mapping[str, SettingsField]) -> tuple[str, ...]:
    """Return the requirements that a bimtek may drop; one that is not asked can't be dropped."""
    return tuple(key for name, key in _asked(fields).items() if typed[name] and typed[f"lepas_{name}"])


def _asked(fields: Mapping[str, SettingsField]) -> dict[str, str]:
    """Return the fields that ask something for the certificate -> its key in kursus.toml."""
    return {name: str(field.place[1]) for name, field in fields.items() if field.place[:1] == ("sertifikat",)}


class Meanwhile(NamedTuple):
    """The form again after somebody else saved: what it is to show now, and what they changed, in words.

    `lost` is what was typed for modules that are gone.
    """

    typed: Typed
    theirs: Sequence[tuple[str, str]]
    lost: Sequence[tuple[str, str]]


def beside(typed: Typed, base: CourseRules, present: CourseRules) -> Meanwhile:
    """Lay what was typed over a course that somebody else changed since: whatever was not touched is theirs."""
    was, now = fields_of(base), fields_of(present)
    names = _names_now(base, present, was)
    mine = {name: text for name, text in typed.items() if text != was[name].value}
    shown = as_shown(now) | {names[name]: text for name, text in mine.items() if name in names}
    before = {name: was[old].value for old, name in names.items()}
    theirs = [(field.label, field.value) for name, field in now.items() if before.get(name) != field.value]
    return Meanwhile(shown, theirs, [(was[name].label, text) for name, text in mine.items() if name not in names])


def _names_now(base: CourseRules, present: CourseRules, fields: Mapping[str, SettingsField]) -> dict[str, str]:
    """A field of the old course -> the same field of the present one; those of modules that are gone lead nowhere."""
    place_of = _same_modules(base, present)
    names = {}
    for name, field in fields.items():
        if field.place[:1] != ("materi",):
            names[name] = name
        elif (at := int(field.place[1])) in place_of:
            names[name] = f"m{place_of[at]}_{name.partition('_')[2]}"
    return names


def _same_modules(base: CourseRules, present: CourseRules) -> dict[int, int]:
    """Which module is which: the one of the same title, else one that shares a lesson."""
    found: dict[int, int] = {}
    for by_title in (True, False):
        for at, old in enumerate(base.modules):
            for place, new in enumerate(present.modules):
                same = old.title == new.title if by_title else bool(set(old.lessons) & set(new.lessons))
                if same and at not in found and place not in found.values():
                    found[at] = place
    return found


class NewLesson(NamedTuple):
    """A lesson to be made: its place is a number in the module's list; `name` is "" when it follows the title."""

    title: str
    template: str
    module: int
    place: int
    name: str


def read_new_lesson(
    form: Mapping[str, str], templates: Collection[str], course: CourseRules | None
) -> tuple[NewLesson, dict[str, str]]:
    """(a new lesson of this course, its faults: field -> what to do about it)."""
    title, name = (" ".join(form.get(field, "").split()) for field in ("judul", "nama"))
    found = re.fullmatch(r"([0-9]{1,4})\.([0-9]{1,4})", form.get("letak", ""), re.ASCII)
    lesson = NewLesson(title, form.get("jenis", ""), *((int(found[1]), int(found[2])) if found else (-1, 0)), name)
    faults = {}
    if not title or not fits(title):
        faults["judul"] = f"Tulis judul pelajaran, paling panjang {LONGEST_TITLE} huruf."
    if not fits(name):
        faults["nama"] = f"Tulis paling panjang {LONGEST_TITLE} huruf, atau kosongkan."
    if lesson.template not in templates:
        faults["jenis"] = "Pilih salah satu contoh."
    if not course or not 0 <= lesson.module < len(course.modules):
        faults["letak"] = "Pilih letaknya dari daftar."
    return lesson, faults


def read_new_course(form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """(the titles of a new course, its first module and its first lesson, by their fields; their faults)."""
    typed = {name: " ".join(form.get(name, "").split()) for name in ("judul", "materi", "pelajaran")}
    fault = f"Tulis paling panjang {LONGEST_TITLE} huruf."
    return typed, {name: fault for name, text in typed.items() if not text or not fits(text)}


def fits(title: str) -> bool:
    """Tell whether a title or name is short enough and can be read."""
    return len(title) <= LONGEST_TITLE and title.isprintable()
