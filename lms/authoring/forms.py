"""What a trainer types about a course: its settings, a new lesson, a new name."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lms.core.course import Course, path_fault
from lms.core.course_writing import Setting
from lms.core.tomlfile import Place

LONGEST_LINE = 200
LONGEST_TEXT = 600
MOST_GOALS = 40
YES = "ya"

LINES: Mapping[str, Place] = {"judul": ("judul",), "ringkasan": ("ringkasan",), "sasaran": ("sasaran",)}
NUMBERS: Mapping[str, tuple[Place, int]] = {
    "lulus": (("kuis", "lulus"), 100),
    "kesempatan": (("kuis", "kesempatan"), 1000),
    "kehadiran": (("sertifikat", "kehadiran"), 100),
}
FLAGS: Mapping[str, Place] = {
    "minta_pelajaran": ("sertifikat", "pelajaran"),
    "minta_kuis": ("sertifikat", "kuis"),
    "minta_tes": ("sertifikat", "tes_akhir"),
    "minta_survei": ("sertifikat", "survei"),
}
LABELS: Mapping[str, str] = {
    "judul": "Judul kursus",
    "ringkasan": "Ringkasan",
    "sasaran": "Untuk siapa",
    "lulus": "Nilai lulus kuis",
    "kesempatan": "Kesempatan mengerjakan kuis",
    "tes": "Tes awal dan tes akhir",
    "bank": "Berkas soal tes",
    "tes_lulus": "Nilai lulus tes akhir",
    "minta_pelajaran": "Syarat: semua pelajaran selesai",
    "minta_kuis": "Syarat: semua kuis lulus",
    "minta_tes": "Syarat: tes akhir lulus",
    "minta_survei": "Syarat: survei diisi",
    "kehadiran": "Syarat: kehadiran",
}
MODULE_LABELS: Mapping[str, str] = {
    "judul": "Judul materi",
    "daring": "JP daring",
    "tatap": "JP tatap muka",
    "tujuan": "Tujuan",
}
_MODULE = re.compile(r"m([0-9]{1,4})_([a-z]+)")

Fields = dict[str, str]
"""What stands in each field of the form of settings."""


def fields_of(course: Course) -> Fields:
    """The settings of a course as its form shows them."""
    rules, test = course.certificate, course.test
    fields = {
        "judul": course.title,
        "ringkasan": course.summary,
        "sasaran": course.audience,
        "lulus": str(course.quiz.pass_mark),
        "kesempatan": str(course.quiz.attempts),
        "tes": YES if test else "",
        "bank": test.bank if test else "tes.md",
        "tes_lulus": str(test.pass_mark if test else 70),
        "minta_pelajaran": YES if rules.lessons else "",
        "minta_kuis": YES if rules.quizzes else "",
        "minta_tes": YES if rules.posttest else "",
        "minta_survei": YES if rules.survey else "",
        "kehadiran": "" if rules.attendance is None else str(rules.attendance),
    }
    for at, module in enumerate(course.modules):
        fields |= {
            f"m{at}_judul": module.title,
            f"m{at}_daring": str(module.online_jp),
            f"m{at}_tatap": str(module.hall_jp),
            f"m{at}_tujuan": "\n".join(module.goals),
        }
    return fields


def typed_in(form: Mapping[str, str], shown: Fields) -> Fields:
    """What was typed into the fields that were shown; a box that is not ticked is not sent."""
    return {name: _typed(name, form, before) for name, before in shown.items()}


def _typed(name: str, form: Mapping[str, str], before: str) -> str:
    if name == "tes" or name in FLAGS:
        return YES if form.get(name) == YES else ""
    if name not in form:
        return before
    if name.endswith("_tujuan"):
        lines = (" ".join(line.split()) for line in form[name].splitlines())
        return "\n".join(line for line in lines if line)
    return " ".join(form[name].split())


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """What is to be written where; nothing while there are faults: field -> what to do about it."""

    values: Mapping[Place, Setting] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


def read_settings(typed: Fields, shown: Fields) -> SettingsForm:
    """Check what was changed in the form; what was not is not written anew."""
    values: dict[Place, Setting] = {}
    faults: dict[str, str] = {}
    for name, text in typed.items():
        if text == shown[name] and not (name in ("bank", "tes_lulus") and typed["tes"] != shown["tes"]):
            continue
        try:
            values.update(_written(name, text, typed))
        except ValueError as fault:
            faults[name] = str(fault)
    return SettingsForm(faults=faults) if faults else SettingsForm(values)


def _written(name: str, text: str, typed: Fields) -> Iterator[tuple[Place, Setting]]:
    """What a changed field writes; ValueError says what to do about it."""
    module = _MODULE.fullmatch(name)
    if module:
        yield from _module_written(("materi", int(module[1])), module[2], text)
    elif name in LINES:
        yield LINES[name], _line(text, LONGEST_TEXT if name == "ringkasan" else LONGEST_LINE, needed=name == "judul")
    elif name in FLAGS:
        yield FLAGS[name], text == YES
    elif name == "kehadiran" and not text:
        yield NUMBERS[name][0], None
    elif name in NUMBERS:
        yield NUMBERS[name][0], _number(text, NUMBERS[name][1])
    elif name == "tes" and not text:
        yield ("tes",), None
    elif name == "bank" and typed["tes"]:
        if fault := path_fault(text):
            raise ValueError(f"Nama berkas ini {fault}.")
        yield ("tes", "bank"), text
    elif name == "tes_lulus" and typed["tes"]:
        yield ("tes", "lulus"), _number(text, 100)


def _module_written(module: Place, what: str, text: str) -> Iterator[tuple[Place, Setting]]:
    if what == "judul":
        yield (*module, "judul"), _line(text, LONGEST_LINE, needed=True)
    elif what == "daring":
        yield (*module, "jp_daring"), _number(text, 1000)
    elif what == "tatap":
        yield (*module, "jp_tatap_muka"), _number(text, 1000)
    elif what == "tujuan":
        goals = tuple(text.split("\n")) if text else ()
        if len(goals) > MOST_GOALS:
            raise ValueError(f"Tulis paling banyak {MOST_GOALS} tujuan, satu di setiap baris.")
        yield (*module, "tujuan"), tuple(_line(goal, LONGEST_TEXT) for goal in goals)


def _line(text: str, longest: int, *, needed: bool = False) -> str:
    if needed and not text:
        raise ValueError("Bagian ini tidak boleh kosong.")
    if len(text) > longest or not text.isprintable():
        raise ValueError(f"Tulis paling panjang {longest} huruf, tanpa tanda yang tidak terlihat.")
    return text


def _number(text: str, highest: int) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text, re.ASCII) or int(text) > highest:
        raise ValueError(f"Tulis angka bulat 0 sampai {highest}.")
    return int(text)


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """The form again after somebody else saved: what it is to show now, and what they changed, in words.

    `lost` is what was typed for modules that are gone.
    """

    typed: Fields
    theirs: Sequence[tuple[str, str]]
    lost: Sequence[tuple[str, str]]


def beside(typed: Fields, base: Course, present: Course) -> Meanwhile:
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


def _same_modules(base: Course, present: Course) -> dict[int, int]:
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


def label_of(name: str, course: Course) -> str:
    """A field as a sentence names it."""
    module = _MODULE.fullmatch(name)
    if not module:
        return LABELS[name]
    return f"{MODULE_LABELS[module[2]]}, materi “{course.modules[int(module[1])].title}”"
