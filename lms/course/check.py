"""Everything that is wrong with a course, said all at once: for the command line, the editor and publishing."""

import codecs
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal

from lms.course.bank import bank_fits, parse_bank
from lms.course.form import Case, Form
from lms.course.form_reading import parse_form, pictures_in
from lms.course.glossary import GLOSSARY, folded, parse_glossary
from lms.course.grading import judge_case
from lms.course.lesson import LegalBasis, Lesson, Pool, count_words, parse_lesson, read_story
from lms.course.lines import Line, Passage, note_glued, passages, read_lines, scan
from lms.course.links import links_of, note_links
from lms.course.outline import COURSE_FILE, CourseRules, Module, file_of, identity_of, parse_course
from lms.course.privacy import personal_numbers
from lms.course.problems import Notes, Problem, in_order, stops_publishing
from lms.course.prose import long_sentences, note_stand_ins, readable, unexplained, without_legal
from lms.course.questions.base import quoted
from lms.course.questions.choice import Choice, SingleChoice
from lms.course.tomlfile import Spans
from lms.web.dates import tanggal
from lms.web.plain import normalised

TEST_BANK = "tes.md"
MISSING = "tidak ada di folder; periksa ejaannya"
LONGEST_FILE = 200 * 1024
LARGEST_PICTURE = 5 * 1024 * 1024
LONGEST_READING = 5
HEAVIEST_LESSON = 100_000
"""Bytes of a lesson with its pictures; more is long in coming on a weak line."""
SHORTEST_STORY, LONGEST_STORY = 120, 300
CHECK_AFTER_DAYS = 365
MARKS_OF_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


Role = Literal["kursus", "istilah", "tes", "formulir", "cerita", "pelajaran", "lain"]


@dataclass(frozen=True)
class TextPlace:
    """The place of a text in its course: the files there with their bytes, 0 where nobody knows them, its kursus.toml,
    the titles its forms give to stories, the files that are no lesson and no form whatever their names end with, the
    terms of its glossary, folded, and the day it is checked on."""

    sizes: Mapping[str, int]
    course: CourseRules | None
    stories: Mapping[str, str]
    not_lessons: Collection[str]
    terms: frozenset[str]
    today: date

    @cached_property
    def files(self) -> dict[str, str]:
        """The names by their folded ones."""
        return {name.casefold(): name for name in sorted(self.sizes, reverse=True)}

    def weight(self, path: str, text: str) -> int:
        """Return the bytes of a text with the pictures it shows."""
        return len(text.encode("utf-8", "replace")) + sum(self.sizes.get(each, 0) for each in pictures_in(path, text))

    @property
    def bank(self) -> str:
        """The file of both tests, whether it is there or not."""
        return self.course.test.bank if self.course and self.course.test else TEST_BANK

    def role_of(self, path: str) -> Role:
        """Return the role of a text in its course."""
        if path in (COURSE_FILE, GLOSSARY):
            return "kursus" if path == COURSE_FILE else "istilah"
        if path.endswith(".toml"):
            return "formulir"
        if path == self.bank:
            return "tes"
        if not path.endswith(".md"):
            return "lain"
        return "cerita" if path in self.stories and path not in self.listed else "pelajaran"

    @cached_property
    def listed(self) -> frozenset[str]:
        """The files that kursus.toml lists."""
        return frozenset(map(file_of, self.course.lessons)) if self.course else frozenset()


@dataclass(frozen=True)
class CourseReport:
    """A course as far as it could be read: lessons by identity, forms by path, every problem in file order."""

    course: CourseRules | None
    lessons: dict[str, Lesson]
    problems: list[Problem]
    forms: dict[str, Form] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title of the course; "" where kursus.toml can't be read."""
        return self.course.title if self.course else ""

    @property
    def modules(self) -> tuple[Module, ...]:
        """The modules in order, as far as they could be read."""
        return self.course.modules if self.course else ()

    def title_of(self, path: str) -> str:
        """Return the title of a lesson or form; its path where there is none."""
        found = self.lessons.get(identity_of(path)) or self.forms.get(path)
        return found.title if found else path


Found = tuple[Lesson | Form | None, list[Problem]]
"""The lesson or form in a text, where it is one that can be read, and what is wrong with it."""


def glossary_terms(data: bytes) -> frozenset[str]:
    """The terms and aliases of glosarium.md, folded."""
    terms, _ = parse_glossary(data.decode("utf-8", "replace"))
    return frozenset(folded(name) for term in terms for name in term.names)


def check_course(files: Mapping[str, bytes], today: date, sizes: Mapping[str, int] | None = None) -> CourseReport:
    """Check the files of a course, path to content; nothing an author writes makes it raise.

    `sizes` are the bytes of the files, from those who did not read the pictures.
    """
    sizes = sizes or {path: len(data) for path, data in files.items()}
    place = place_of(sizes, files, today)
    problems: list[Problem] = []
    if COURSE_FILE not in files:
        text = 'kursus.toml tidak ada; buat dengan judul = "…" dan [[materi]]'
        problems.append(Problem(COURSE_FILE, 0, "galat", text))
    lessons: dict[str, Lesson] = {}
    forms: dict[str, Form] = {}
    listed = map(file_of, place.course.lessons) if place.course else ()
    others = sorted(files, key=lambda path: (place.role_of(path) == "lain", path))
    for path in (path for path in dict.fromkeys([COURSE_FILE, *listed, *others]) if path in files):
        role = place.role_of(path)
        if role == "lain":
            problems += [*_misplaced(path, place), *_large_picture(files[path], path)]
            continue
        read, found = check_text(files[path], path, place, role)
        problems += [*found, *_misplaced(path, place)]
        if isinstance(read, Lesson):
            lessons[identity_of(path)] = read
        elif read:
            forms[path] = read
    return CourseReport(place.course, lessons, problems, forms)


def _check_lesson(source: str, place: TextPlace, notes: Notes) -> Found:
    lesson, found = parse_lesson(notes.path, source)
    lines = _lines(source, lesson.pools, place, notes)
    _note_reading(lesson, notes)
    _note_weight(place.weight(notes.path, source), notes)
    _note_prose(readable(passages(without_legal(lines))), place, notes)
    # A manual needs no legal basis.
    if lesson.legal or place.course is None or place.course.rests_on_law:
        _note_legal(lesson.legal, place.today, notes)
    return lesson, in_order([*found, *notes.problems])


def _lines(source: str, pools: Iterable[Pool], place: TextPlace, notes: Notes) -> Sequence[Line]:
    """The lines of any Markdown of a course, checked for what is glued together and for links."""
    lines = scan(source)[0]
    note_glued(lines, {choice.line for choice in _choices(pools)}, notes)
    note_links(links_of(passages(lines)), place.files, notes)
    note_stand_ins(lines, notes)
    return lines


def _note_prose(reading: Sequence[Passage], place: TextPlace, notes: Notes) -> None:
    _note_sentences(reading, notes)
    for remark in unexplained(reading, place.terms):
        notes.warn(remark.line, remark.text)


def _check_glossary(source: str, place: TextPlace, notes: Notes) -> Found:
    """Check the glossary: its terms, and their texts as those of a lesson."""
    _, found = parse_glossary(source)
    _note_sentences(readable(passages(_lines(source, (), place, notes))), notes)
    return None, in_order([*found, *notes.problems])


def text_of(data: bytes, path: str) -> tuple[str | None, Notes]:
    """The text of a file, checked for what no text of a course may hold; None when it can't be read as one."""
    notes = Notes(path)
    if len(data) > LONGEST_FILE:
        notes.galat(0, f"berkas {len(data) // 1024} KB, paling besar 200 KB; pecah menjadi beberapa berkas")
        return None, notes
    remedy = 'simpan ulang sebagai "UTF-8" di editor Anda'
    if data.startswith(MARKS_OF_UTF16):
        notes.galat(1, f"berkas tersimpan sebagai UTF-16, bukan UTF-8; {remedy}")
        return None, notes
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError as error:
        notes.galat(data.count(b"\n", 0, error.start) + 1, f"huruf di baris ini bukan UTF-8; {remedy}")
        return None, notes
    if "\0" in source:
        notes.galat(source.count("\n", 0, source.index("\0")) + 1, f"ada karakter kosong (NUL); {remedy}")
    source = normalised(source)
    for line, kind in personal_numbers(source):
        if kind == "nik":
            notes.galat(line, "ada 16 angka seperti NIK atau nomor KK; hapus, atau ganti sebagian angkanya dengan x")
        else:
            notes.warn(line, "ada angka seperti nomor telepon; hapus bila milik seseorang")
    return source, notes


def _check_course_file(source: str, place: TextPlace, notes: Notes) -> Found:
    """Check kursus.toml against the names of the files."""
    course, problems = parse_course(source)
    if course:
        spans = Spans(source)
        if not (course.lessons or stops_publishing(problems)):
            text = 'kursus belum punya pelajaran; tulis pelajaran = ["…"] di bawah [[materi]]'
            notes.galat(spans.line(("materi",)), text)
        _note_missing(course, spans, place, notes)
        _note_without_test(course, spans, place, notes)
    return None, problems + notes.problems


def _note_missing(course: CourseRules, spans: Spans, place: TextPlace, notes: Notes) -> None:
    """Note every file kursus.toml names that is not there."""
    if course.test and course.test.bank:
        _note_absent("bank", course.test.bank, spans.line(("tes", "bank")), place, notes)
    for at, module in enumerate(course.modules):
        for path in map(file_of, module.lessons):
            line = spans.line_of_text(("materi", at, "pelajaran"), path)
            _note_absent("pelajaran", path, line, place, notes)
            if path in place.sizes and path in place.not_lessons:
                fault = "bukan pelajaran atau formulir; hapus dari daftar, atau tulis nama berkas yang benar"
                notes.galat(line, f"pelajaran {quoted(path)} {fault}")


def _note_absent(word: str, path: str, line: int, place: TextPlace, notes: Notes) -> None:
    """Note a file that is not there, or there in other letters."""
    there = place.files.get(path.casefold())
    fault = f"berbeda huruf besar dan kecilnya; nama berkasnya {quoted(there)}" if there else MISSING
    if path not in place.sizes:
        notes.galat(line, f"{word} {quoted(path)} {fault}")


def _check_bank(source: str, place: TextPlace, notes: Notes) -> Found:
    """Check the questions of both tests; in a course without tests they are only a text."""
    course = place.course
    if course is None or course.test is None:
        return None, notes.problems
    bank, found = parse_bank(notes.path, source)
    asked = Notes(notes.path)
    _note_sentences(readable(passages(_lines(source, bank.pools, place, asked))), asked)
    if notes.path in place.listed:
        asked.galat(0, f"berkas ini juga tercantum sebagai pelajaran di {COURSE_FILE}; hapus dari sana")
    return None, notes.problems + in_order([*found, *bank_fits(bank, course), *asked.problems])


def _note_without_test(course: CourseRules, spans: Spans, place: TextPlace, notes: Notes) -> None:
    """Note what an author of a course without tests may have meant otherwise."""
    if course.test:
        return
    remedy = 'tambahkan [tes] dengan bank = "tes.md"'
    if course.certificate.posttest:
        line = spans.line(("sertifikat", "tes_akhir"))
        notes.warn(line, f"kursus ini tidak punya tes akhir, jadi sertifikat tidak memintanya; {remedy}, atau hapus")
    if TEST_BANK in place.sizes:
        notes.warn(0, f"{TEST_BANK} tidak dipakai; {remedy}, atau hapus berkasnya")


def _check_form(source: str, place: TextPlace, notes: Notes) -> Found:
    form, found = parse_form(notes.path, source)
    notes.problems += found
    if form:
        _note_form(form, place.today, notes)
        for line, text in form.markdown:
            links = links_of(passages(scan(text)[0]))
            note_links((link._replace(line=line) for link in links), place.files, notes)
        for case in form.cases:
            if case.story:
                _note_absent("cerita", case.story, case.story_line, place, notes)
        _note_prose(readable(form.reading), place, notes)
    return form, in_order(notes.problems)


def _check_story(source: str, place: TextPlace, notes: Notes) -> Found:
    """Check the story of a case, which is named like the case."""
    story, title = read_story(source), place.stories[notes.path]
    if not story.title:
        notes.galat(1, 'cerita belum punya judul; tulis "# Judul" di baris pertama')
    elif story.title != title.strip():
        notes.warn(1, f"judul cerita berbeda dari judul kasusnya, {quoted(title)}; samakan")
    read_lines(source, notes)
    words = count_words(story.body)
    if not SHORTEST_STORY <= words <= LONGEST_STORY:
        notes.warn(1, f"cerita {words} kata; buat antara {SHORTEST_STORY} dan {LONGEST_STORY} kata")
    _note_prose(readable(passages(_lines(source, (), place, notes))), place, notes)
    return None, in_order(notes.problems)


def _large_picture(data: bytes, path: str) -> list[Problem]:
    if len(data) <= LARGEST_PICTURE:
        return []
    return [Problem(path, 0, "galat", f"gambar {len(data) // 1024} KB, paling besar 5 MB; kecilkan ukurannya")]


def _choices(pools: Iterable[Pool]) -> Iterable[Choice]:
    for pool in pools:
        for question in pool.questions:
            if isinstance(question, SingleChoice):
                yield from question.options


def _note_sentences(reading: Iterable[Passage], notes: Notes) -> None:
    for remark in long_sentences(reading):
        notes.warn(remark.line, remark.text)


def _note_reading(lesson: Lesson, notes: Notes) -> None:
    if lesson.minutes > LONGEST_READING:
        text = f"bacaan {lesson.words} kata, sekitar {lesson.minutes} menit"
        notes.warn(1, f"{text}; pecah menjadi pelajaran yang lebih pendek, paling banyak sekitar 700 kata")


def _note_weight(size: int, notes: Notes) -> None:
    if size > HEAVIEST_LESSON:
        text = f"pelajaran ini {-(-size // 1000)} KB bersama gambarnya, lebih dari 100 KB, berat bagi sinyal lemah"
        notes.warn(0, f"{text}; kecilkan atau kurangi gambarnya, atau pecah menjadi dua pelajaran")


def _note_legal(legal: LegalBasis | None, today: date, notes: Notes) -> None:
    if not legal or not legal.rules:
        text = 'belum ada dasar hukum; tulis daftar aturannya di bawah "## Dasar hukum"'
        notes.warn(legal.line if legal else 0, text)
    if legal:
        missing = f'belum ada tanggal periksa yang terbaca; tulis "Diperiksa: {tanggal(today)}"'
        _note_checked(legal, today, notes, missing, "dasar hukum terakhir", 'baris "Diperiksa:"')


def _note_checked(legal: LegalBasis, today: date, notes: Notes, missing: str, last: str, remedy: str) -> None:
    """Note a date of comparing with the law that is missing, still to come, or too long ago."""
    if not legal.checked:
        notes.warn(legal.line, missing)
    elif legal.checked > today:
        notes.warn(legal.line, f"tanggal periksa {tanggal(legal.checked)} belum tiba; perbaiki tanggalnya")
    elif (today - legal.checked).days > CHECK_AFTER_DAYS:
        text = f"{last} diperiksa {tanggal(legal.checked)}, lebih dari setahun lalu"
        notes.warn(legal.line, f"{text}; bandingkan lagi, lalu perbarui {remedy}")


def needed(names: Iterable[str]) -> list[str]:
    """The files whose texts `place_of` wants."""
    return [name for name in names if name == GLOSSARY or name.endswith(".toml")]


def place_of(sizes: Mapping[str, int], texts: Mapping[str, bytes], today: date = date.min) -> TextPlace:
    """The surroundings of every text of a course with these files; who only asks for roles needs no day."""
    sources = {path: text_of(data, path)[0] for path, data in sorted(texts.items()) if path.endswith(".toml")}
    written = sources.pop(COURSE_FILE, None)
    course = parse_course(written)[0] if written is not None else None
    read = (parse_form(path, source)[0] for path, source in sources.items() if source is not None)
    forms = [form for form in read if form]
    stories = {case.story: case.title for form in forms for case in form.cases}
    not_lessons = {COURSE_FILE, GLOSSARY, *(form.path for form in forms if not form.parts)}
    return TextPlace(sizes, course, stories, not_lessons, glossary_terms(texts.get(GLOSSARY, b"")), today)


def check_file(data: bytes, path: str, place: TextPlace, today: date) -> list[Problem]:
    """Everything the checker would say of this one text; nothing an author writes makes it raise."""
    place = replace(place, sizes={path: 0, **place.sizes}, today=today)
    return check_text(data, path, place, place.role_of(path))[1] + _misplaced(path, place)


def check_text(data: bytes, path: str, place: TextPlace, role: Role) -> Found:
    """Check a text as what it is in its course; with the lesson or the form, where it is one that can be read."""
    source, notes = text_of(data, path)
    return (None, notes.problems) if source is None else _CHECKS[role](source, place, notes)


_CHECKS: dict[Role, Callable[[str, TextPlace, Notes], Found]] = {
    "kursus": _check_course_file,
    "istilah": _check_glossary,
    "tes": _check_bank,
    "formulir": _check_form,
    "cerita": _check_story,
    "pelajaran": _check_lesson,
    "lain": lambda source, place, notes: (None, notes.problems),
}


def _misplaced(path: str, place: TextPlace) -> list[Problem]:
    """Return the faults of a file's name and place, whatever it holds."""
    notes = Notes(path)
    first, role = place.files[path.casefold()], place.role_of(path)
    if first != path:
        notes.galat(0, f"nama berkas hanya berbeda huruf besar dan kecil dari {quoted(first)}; ganti salah satunya")
    if path in place.stories and path in place.listed:
        notes.galat(0, "berkas ini dipakai sebagai cerita kasus dan sebagai pelajaran; pisahkan menjadi dua berkas")
    if place.course and role in ("pelajaran", "formulir") and path not in place.listed:
        notes.warn(0, f'pelajaran ini tidak tercantum di {COURSE_FILE}; tambahkan ke "pelajaran", atau hapus berkasnya')
    return notes.problems


def as_typed(place: TextPlace, path: str, text: str) -> TextPlace:
    """The place as it is once this very text is in it."""
    if path == COURSE_FILE:
        return replace(place, course=parse_course(text)[0])
    if path == GLOSSARY:
        return replace(place, terms=glossary_terms(text.encode("utf-8", "replace")))
    return place


def _note_form(form: Form, today: date, notes: Notes) -> None:
    """Note everything about a form and its cases that the reading of single tables can't see."""
    for each in form.fields.values():
        if not each.hint:
            notes.warn(each.line, f'isian {quoted(each.name)} belum punya petunjuk; tulis bantuan = "…"')
    for case in form.cases:
        _note_case(form, case, notes)
    if form.cases and not form.is_graded:
        notes.warn(0, 'tidak ada kasus bertahap "sendiri", sehingga formulir ini tidak dapat lulus; tambahkan satu')
    missing = f'belum ada tanggal periksa; tulis diperiksa = "{tanggal(today)}"'
    _note_checked(form.legal, today, notes, missing, "terakhir", '"diperiksa"')
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
            notes.galat(case.blanks[0][1], '"kosong" hanya untuk tahap rumpang; hapus, atau ganti tahapnya')
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
