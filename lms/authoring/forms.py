"""Forms of a trainer about a course: its settings, a new lesson, a new name."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from lms.course.check import TEST_BANK
from lms.course.course_writing import Setting
from lms.course.outline import FOR_TRAINERS, CourseRules, folder_part, path_fault
from lms.course.tomlfile import Place

LONGEST_LINE = 200
LONGEST_TITLE = 120
LONGEST_TEXT = 600
MOST_GOALS = 40
YES = "ya"

_MODULE = re.compile(r"m([0-9]{1,4})_([a-z]+)")

Fields = dict[str, str]
"""What stands in each field of the form of settings."""

Reader = Callable[[str], Setting]
"""What a changed field writes; ValueError says what to do about it."""


def _line(longest: int, *, needed: bool = False) -> Reader:
    def read(text: str) -> str:
        if needed and not text:
            raise ValueError("Bagian ini tidak boleh kosong.")
        if len(text) > longest or not text.isprintable():
            raise ValueError(f"Tulis paling panjang {longest} huruf, tanpa tanda yang tidak terlihat.")
        return text

    return read


def _number(highest: int, *, needed: bool = True) -> Reader:
    def read(text: str) -> int | None:
        if not needed and not text:
            return None
        if not re.fullmatch(r"[0-9]{1,4}", text, re.ASCII) or int(text) > highest:
            raise ValueError(f"Tulis angka bulat 0 sampai {highest}.")
        return int(text)

    return read


def _goals(text: str) -> tuple[str, ...]:
    goals = tuple(text.split("\n")) if text else ()
    if len(goals) > MOST_GOALS:
        raise ValueError(f"Tulis paling banyak {MOST_GOALS} tujuan, satu di setiap baris.")
    for goal in goals:
        _line(LONGEST_TEXT)(goal)
    return goals


def _bank(text: str) -> str:
    if fault := path_fault(text):
        raise ValueError(f"Nama berkas ini {fault}.")
    return text


class SettingsField(NamedTuple):
    """A field of the settings: what a sentence calls it, where it is written, how it is read, what the course has.

    Of a module's, the place is within the module, and `value_of` is asked of that. `box`: it is ticked or not.
    """

    label: str
    place: Place
    read: Reader
    value_of: Callable[[Any], object]
    box: bool = False


def _ticked(label: str, place: Place, value_of: Callable[[Any], bool], read: Reader = bool) -> SettingsField:
    return SettingsField(label, place, read, value_of, box=True)


FIELDS = {
    "judul": SettingsField("Judul kursus", ("judul",), _line(LONGEST_LINE, needed=True), lambda c: c.title),
    "ringkasan": SettingsField("Ringkasan", ("ringkasan",), _line(LONGEST_TEXT), lambda c: c.summary),
    "sasaran": SettingsField("Untuk siapa", ("sasaran",), _line(LONGEST_LINE), lambda c: c.audience),
    "untuk_pelatih": _ticked(
        "Hanya untuk pelatih", ("untuk",), lambda c: c.for_trainers, lambda text: FOR_TRAINERS if text else None
    ),
    "dasar_hukum": _ticked("Pelajarannya bersandar pada aturan", ("dasar_hukum",), lambda c: c.rests_on_law),
    "lulus": SettingsField("Nilai lulus kuis", ("kuis", "lulus"), _number(100), lambda c: c.quiz.pass_mark),
    "kesempatan": SettingsField(
        "Kesempatan mengerjakan kuis", ("kuis", "kesempatan"), _number(1000), lambda c: c.quiz.attempts
    ),
    "tes": _ticked("Tes awal dan tes akhir", ("tes",), lambda c: bool(c.test), lambda _: None),
    "bank": SettingsField("Berkas soal tes", ("tes", "bank"), _bank, lambda c: c.test.bank if c.test else TEST_BANK),
    "tes_lulus": SettingsField(
        "Nilai lulus tes akhir", ("tes", "lulus"), _number(100), lambda c: c.test.pass_mark if c.test else 70
    ),
    "minta_pelajaran": _ticked(
        "Syarat: semua pelajaran selesai", ("sertifikat", "pelajaran"), lambda c: c.certificate.lessons
    ),
    "minta_kuis": _ticked("Syarat: semua kuis lulus", ("sertifikat", "kuis"), lambda c: c.certificate.quizzes),
    "minta_tes": _ticked("Syarat: tes akhir lulus", ("sertifikat", "tes_akhir"), lambda c: c.certificate.posttest),
    "minta_survei": _ticked("Syarat: survei diisi", ("sertifikat", "survei"), lambda c: c.certificate.survey),
    "kehadiran": SettingsField(
        "Syarat: kehadiran", ("sertifikat", "kehadiran"), _number(100, needed=False), lambda c: c.certificate.attendance
    ),
    "materi_baru": SettingsField("Materi baru", (), _line(LONGEST_LINE), lambda _: None),
}
MODULE_FIELDS = {
    "judul": SettingsField("Judul materi", ("judul",), _line(LONGEST_LINE, needed=True), lambda m: m.title),
    "daring": SettingsField("JP daring", ("jp_daring",), _number(1000), lambda m: m.online_jp),
    "tatap": SettingsField("JP tatap muka", ("jp_tatap_muka",), _number(1000), lambda m: m.hall_jp),
    "tujuan": SettingsField("Tujuan", ("tujuan",), _goals, lambda m: "\n".join(m.goals)),
    "hapus": _ticked("Hapus materi", (), lambda _: False, lambda _: None),
}
OF_THE_TESTS = ("bank", "tes_lulus")


def fields_of(course: CourseRules) -> Fields:
    """The settings of a course as its form shows them; only a module without lessons may go."""
    fields = {name: _shown(each.value_of(course)) for name, each in FIELDS.items()}
    for at, module in enumerate(course.modules):
        shown = {f"m{at}_{name}": _shown(each.value_of(module)) for name, each in MODULE_FIELDS.items()}
        fields |= {name: text for name, text in shown.items() if not (module.lessons and name.endswith("_hapus"))}
    return fields


def _shown(value: object) -> str:
    return YES if value is True else "" if value is None or value is False else str(value)


def typed_in(form: Mapping[str, str], shown: Fields) -> Fields:
    """Return the values of the fields that were shown; a box that is not ticked is not sent."""
    return {name: _typed(name, form, before) for name, before in shown.items()}


def _typed(name: str, form: Mapping[str, str], before: str) -> str:
    if _field(name)[0].box:
        return YES if form.get(name) == YES else ""
    if name not in form:
        return before
    if name.endswith("_tujuan"):
        lines = (" ".join(line.split()) for line in form[name].splitlines())
        return "\n".join(line for line in lines if line)
    return " ".join(form[name].split())


def read_settings(typed: Fields, shown: Fields) -> tuple[dict[Place, Setting], dict[str, str]]:
    """(what was changed in the form, and where it is written; the faults: field -> what to do about it).

    What was not changed is not written anew, and a module that goes is not at all.
    """
    values: dict[Place, Setting] = {}
    faults: dict[str, str] = {}
    tests_changed = typed["tes"] != shown["tes"]
    for name, text in typed.items():
        if text == shown[name] and not (tests_changed and name in OF_THE_TESTS):
            continue
        # Without tests nothing of them is kept; that there are some, their bank says.
        if (name in OF_THE_TESTS and not typed["tes"]) or (name == "tes" and text):
            continue
        field, place = _field(name)
        try:
            written = field.read(text)
            values |= {place: written} if place else {}
        except ValueError as fault:
            faults[name] = str(fault)
    gone = {place for place, value in values.items() if place[:1] == ("materi",) and value is None}
    return {place: value for place, value in values.items() if place in gone or place[:2] not in gone}, faults


def _field(name: str) -> tuple[SettingsField, Place]:
    """(a field by its name, where it is written)."""
    module = _MODULE.fullmatch(name)
    field = MODULE_FIELDS[module[2]] if module else FIELDS[name]
    return field, ("materi", int(module[1]), *field.place) if module else field.place


class Meanwhile(NamedTuple):
    """The form again after somebody else saved: what it is to show now, and what they changed, in words.

    `lost` is what was typed for modules that are gone.
    """

    typed: Fields
    theirs: Sequence[tuple[str, str]]
    lost: Sequence[tuple[str, str]]


def beside(typed: Fields, base: CourseRules, present: CourseRules) -> Meanwhile:
    """Lay what was typed over a course that somebody else changed since: whatever was not touched is theirs."""
    place_of = _same_modules(base, present)
    was, now = fields_of(base), fields_of(present)
    shown = dict(now)
    lost = []
    for name, text in typed.items():
        target = _renumbered(name, place_of)
        if text == was[name]:
            continue
        if target:
            shown[target] = text
        else:
            lost.append((label_of(name, base), text))
    before = {target: text for name, text in was.items() if (target := _renumbered(name, place_of))}
    theirs = [(label_of(name, present), text) for name, text in now.items() if before.get(name) != text]
    return Meanwhile(shown, theirs, lost)


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


def _renumbered(name: str, place_of: Mapping[int, int]) -> str | None:
    module = _MODULE.fullmatch(name)
    if not module:
        return name
    place = place_of.get(int(module[1]))
    return None if place is None else f"m{place}_{module[2]}"


def label_of(name: str, course: CourseRules) -> str:
    """A field as a sentence names it."""
    field, place = _field(name)
    of_module = place[:1] == ("materi",)
    return f"{field.label}, materi “{course.modules[int(place[1])].title}”" if of_module else field.label


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
    if not title or not _fits(title):
        faults["judul"] = f"Tulis judul pelajaran, paling panjang {LONGEST_TITLE} huruf."
    if not _fits(name):
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
    return typed, {name: fault for name, text in typed.items() if not text or not _fits(text)}


def _fits(title: str) -> bool:
    return len(title) <= LONGEST_TITLE and title.isprintable()


class NewName(NamedTuple):
    """The new place of a lesson, and whether it stays the same lesson for those who read it."""

    folder: str
    name: str
    same: bool


def read_new_name(
    form: Mapping[str, str], folders: Collection[str], *, was_read: bool
) -> tuple[NewName, dict[str, str]]:
    """(another name, its faults); a folder that is not there yet is named before a slash."""
    faults = {}
    folder, name = form.get("folder", ""), " ".join(form.get("nama", "").split())
    before, slash, last = name.rpartition("/")
    if not any(letter.isalnum() for letter in last) or not _fits(name):
        faults["nama"] = f"Tulis nama, paling panjang {LONGEST_TITLE} huruf."
    if slash:
        folder = "/".join(folder_part(part) for part in before.split("/") if part.strip())
    elif folder not in folders:
        faults["folder"] = "Pilih folder dari daftar."
    if was_read and form.get("sama") not in (YES, "tidak"):
        faults["sama"] = "Pilih dulu: ini menentukan apakah kemajuan peserta ikut pindah."
    return NewName(folder, last, form.get("sama") == YES), faults
