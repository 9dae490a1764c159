"""Everything that is wrong with a course, said all at once: for the command line, the editor and publishing."""

import codecs
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lms.course.bank import bank_fits, parse_bank
from lms.course.form import Form
from lms.course.form_check import note_form, reading_of
from lms.course.form_reading import parse_form
from lms.course.glossary import GLOSSARY, folded, parse_glossary
from lms.course.layout import note_glued, note_open_fence
from lms.course.legal import LegalBasis, is_legal
from lms.course.lesson import Lesson, Pool, count_words, parse_lesson
from lms.course.lines import Line, Passage, heading_of, passages, scan
from lms.course.links import links_of, note_links
from lms.course.notes import Notes, in_order
from lms.course.outline import COURSE_FILE, Course, Module, file_of, identity_of, parse_course
from lms.course.privacy import personal_numbers
from lms.course.problems import Problem
from lms.course.prose import abbreviation_fault, long_sentences, readable, sentence_fault, unexplained
from lms.course.questions.base import quoted
from lms.course.questions.choice import Choice, SingleChoice
from lms.course.stand_ins import note_stand_ins
from lms.course.story import read_story
from lms.course.tomlfile import KeyLines
from lms.web.dates import tanggal
from lms.web.plain import normalised

TEST_BANK = "tes.md"
LONGEST_FILE = 200 * 1024
LARGEST_PICTURE = 5 * 1024 * 1024
LONGEST_READING = 5
SHORTEST_STORY, LONGEST_STORY = 120, 300
CHECK_AFTER_DAYS = 365
MARKS_OF_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Surroundings:
    """What a lesson is checked against: the course's files under their folded names, the glossary's terms.

    `rests_on_law`: a lesson without a legal basis is told so; a manual needs none.
    """

    files: Mapping[str, str]
    terms: frozenset[str]
    today: date
    rests_on_law: bool = True


@dataclass(frozen=True)
class CourseReport:
    """A course as far as it could be read: lessons by identity, forms by path, every problem in file order."""

    course: Course | None
    lessons: dict[str, Lesson]
    problems: list[Problem]
    forms: dict[str, Form] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the course calls itself; "" where kursus.toml can't be read."""
        return self.course.title if self.course else ""

    @property
    def modules(self) -> tuple[Module, ...]:
        """The modules in order, as far as they could be read."""
        return self.course.modules if self.course else ()

    def title_of(self, path: str) -> str:
        """What a lesson or form calls itself; its path where there is none."""
        found = self.lessons.get(identity_of(path)) or self.forms.get(path)
        return found.title if found else path


def surroundings(files: Mapping[str, bytes], today: date) -> Surroundings:
    """What all lessons of a course have around them."""
    names = {path.casefold(): path for path in sorted(files, reverse=True)}
    course, _ = parse_course(files.get(COURSE_FILE, b"").decode("utf-8", "replace"))
    rests_on_law = course is None or course.rests_on_law
    return Surroundings(names, glossary_terms(files.get(GLOSSARY, b"")), today, rests_on_law)


def glossary_terms(data: bytes) -> frozenset[str]:
    """The terms and aliases of glosarium.md, folded."""
    terms, _ = parse_glossary(data.decode("utf-8", "replace"))
    return frozenset(folded(name) for term in terms for name in term.names)


def check_course(files: Mapping[str, bytes], today: date) -> CourseReport:
    """Check the files of a course, path to content; nothing an author writes makes it raise."""
    problems = _name_clashes(files)
    course, found = check_course_file(files)
    problems += found
    around = surroundings(files, today)
    listed = [file_of(identity) for identity in course.lessons] if course else []
    texts = sorted(path for path in files if path.endswith((".md", ".toml")) and path != COURSE_FILE)
    forms: dict[str, Form] = {}
    apart, found = _check_other_texts(course, texts, files, around, forms)
    problems += found
    problems += check_bank(course, files, around) if course else []
    problems += check_glossary(files[GLOSSARY], around) if GLOSSARY in files else []
    lessons: dict[str, Lesson] = {}
    order = list(dict.fromkeys([*listed, *texts]))
    for path in (path for path in order if path in files and path.endswith(".md") and path not in apart):
        lesson, found = check_lesson(files[path], path, around)
        problems += found
        if lesson:
            lessons[identity_of(path)] = lesson
    problems += unlisted(texts, {*apart, *listed}) if course else []
    problems += _large_pictures(files)
    place = {path: at for at, path in enumerate([COURSE_FILE, *order])}
    problems.sort(key=lambda problem: (place.get(problem.path, len(place)), problem.path))
    return CourseReport(course, lessons, problems, forms)


def check_lesson(data: bytes, path: str, around: Surroundings) -> tuple[Lesson | None, list[Problem]]:
    """Check one lesson; None when it cannot be read as text or is too long to be one."""
    source, notes = text_of(data, path)
    if source is None:
        return None, notes.problems
    lesson, found = parse_lesson(path, source)
    lines = _lines(source, lesson.pools, around, notes)
    _note_reading(lesson, notes)
    _note_prose(readable(passages(without_legal(lines))), around, notes)
    if lesson.legal or around.rests_on_law:
        _note_legal(lesson.legal, around.today, notes)
    return lesson, in_order([*found, *notes.problems])


def _lines(source: str, pools: Iterable[Pool], around: Surroundings, notes: Notes) -> list[Line]:
    """The lines of any Markdown of a course, checked for what is glued together and for links."""
    lines = scan(source)[0]
    note_glued(lines, {choice.line for choice in _choices(pools)}, notes)
    note_links(links_of(passages(lines)), around.files, notes)
    note_stand_ins(lines, notes)
    return lines


def _note_prose(reading: Sequence[Passage], around: Surroundings, notes: Notes) -> None:
    _note_sentences(reading, notes)
    for name, line in unexplained(reading, around.terms).items():
        notes.warn(line, abbreviation_fault(name))


def check_glossary(data: bytes, around: Surroundings) -> list[Problem]:
    """Check the glossary: its terms, and their texts as those of a lesson."""
    source, notes = text_of(data, GLOSSARY)
    if source is None:
        return notes.problems
    _, found = parse_glossary(source)
    _note_sentences(readable(passages(_lines(source, (), around, notes))), notes)
    return in_order([*found, *notes.problems])


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
            text = "ada 16 angka seperti NIK atau nomor KK; hapus, atau ganti sebagian angkanya dengan x"
            notes.galat(line, text)
        else:
            notes.warn(line, "ada angka seperti nomor telepon; hapus bila milik seseorang")
    return source, notes


def _name_clashes(files: Iterable[str]) -> list[Problem]:
    """Files that are one and the same on Windows."""
    first: dict[str, str] = {}
    problems = []
    for path in sorted(files):
        other = first.setdefault(path.casefold(), path)
        if other != path:
            text = f"nama berkas hanya berbeda huruf besar dan kecil dari {quoted(other)}; ganti salah satunya"
            problems.append(Problem(path, 0, "galat", text))
    return problems


def check_course_file(files: Mapping[str, bytes]) -> tuple[Course | None, list[Problem]]:
    """Check kursus.toml against the names of the files; None when it cannot be read as TOML."""
    if COURSE_FILE not in files:
        text = 'kursus.toml tidak ada; buat dengan judul = "…" dan [[materi]]'
        return None, [Problem(COURSE_FILE, 0, "galat", text)]
    source, notes = text_of(files[COURSE_FILE], COURSE_FILE)
    if source is None:
        return None, notes.problems
    course, problems = parse_course(source)
    if course:
        _note_missing(course, KeyLines(source), files, notes)
    return course, problems + notes.problems


def _note_missing(course: Course, lines: KeyLines, files: Iterable[str], notes: Notes) -> None:
    """Note every file kursus.toml names that is not there."""
    actual = {path.casefold(): path for path in files}
    named = []
    if course.test and course.test.bank:
        named.append(("bank", course.test.bank, lines.of(("tes", "bank"))))
    for at, module in enumerate(course.modules):
        paths = [file_of(identity) for identity in module.lessons]
        places = lines.of_items(("materi", at, "pelajaran"), paths)
        named += [("pelajaran", path, line) for path, line in zip(paths, places, strict=True)]
    for word, path, line in named:
        there = actual.get(path.casefold())
        if there is None:
            notes.galat(line, f"{word} {quoted(path)} tidak ada di folder; periksa ejaannya")
        elif there != path and path not in files:
            text = f"{word} {quoted(path)} berbeda huruf besar dan kecilnya; nama berkasnya {quoted(there)}"
            notes.galat(line, text)


def _check_other_texts(
    course: Course | None,
    texts: Iterable[str],
    files: Mapping[str, bytes],
    around: Surroundings,
    forms: dict[str, Form],
) -> tuple[set[str], list[Problem]]:
    """The texts that are no lessons: bank, glossary, forms, which are put into `forms`, and the stories of cases."""
    apart = {GLOSSARY, course.test.bank if course and course.test else TEST_BANK}
    problems: list[Problem] = []
    stories: dict[str, str] = {}
    for path in (path for path in texts if path.endswith(".toml")):
        form, found = check_form(files[path], path, around)
        problems += found
        if form:
            forms[path] = form
            stories |= {case.story: case.title for case in form.cases}
    lessons = set(map(file_of, course.lessons)) if course else set()
    for path in (stories.keys() & files.keys()) - lessons:
        problems += check_story(files[path], path, stories[path], around)
    for path in (apart - stories.keys()) & set(texts) - {GLOSSARY}:
        problems += text_of(files[path], path)[1].problems
    problems += lessons_as_stories(lessons & stories.keys())
    return apart | (stories.keys() - lessons), problems


def check_bank(course: Course, files: Mapping[str, bytes], around: Surroundings) -> list[Problem]:
    """The questions of both tests; what is wrong with the text as a text was said with the other texts."""
    if course.test is None or course.test.bank not in files:
        return without_bank(course, files)
    path = course.test.bank
    source, notes = text_of(files[path], path)[0], Notes(path)
    if source is None:
        return []
    bank, found = parse_bank(path, source)
    _note_sentences(readable(passages(_lines(source, bank.pools, around, notes))), notes)
    if path in map(file_of, course.lessons):
        notes.galat(0, f"berkas ini juga tercantum sebagai pelajaran di {COURSE_FILE}; hapus dari sana")
    return in_order([*found, *bank_fits(bank, course), *notes.problems])


def without_bank(course: Course, files: Mapping[str, bytes]) -> list[Problem]:
    """What is said of a course without tests: only what its author may have meant otherwise."""
    notes = Notes(COURSE_FILE)
    remedy = 'tambahkan [tes] dengan bank = "tes.md"'
    if course.test is None and course.certificate.posttest:
        source = files[COURSE_FILE].decode("utf-8", "replace")
        line = KeyLines(normalised(source)).of(("sertifikat", "tes_akhir"))
        notes.warn(line, f"kursus ini tidak punya tes akhir, jadi sertifikat tidak memintanya; {remedy}, atau hapus")
    if course.test is None and TEST_BANK in files:
        notes.warn(0, f"{TEST_BANK} tidak dipakai; {remedy}, atau hapus berkasnya")
    return notes.problems


def check_form(data: bytes, path: str, around: Surroundings) -> tuple[Form | None, list[Problem]]:
    """Check one form; None when it cannot be read as TOML."""
    source, notes = text_of(data, path)
    if source is None:
        return None, notes.problems
    form, found = parse_form(path, source)
    notes.problems += found
    if form:
        note_form(form, around.today, notes)
        for line, text in form.markdown:
            links = links_of(passages(scan(text)[0]))
            note_links((link._replace(line=line) for link in links), around.files, notes)
        _note_stories(form, around, notes)
        _note_prose(readable(reading_of(form)), around, notes)
    return form, in_order(notes.problems)


def _note_stories(form: Form, around: Surroundings, notes: Notes) -> None:
    """Note every story that is not there, or there in other letters."""
    for case in form.cases:
        there = around.files.get(case.story.casefold())
        if case.story and there is None:
            text = f"cerita {quoted(case.story)} tidak ada di folder; periksa ejaannya"
            notes.galat(case.story_line, text)
        elif case.story and there != case.story:
            text = f"cerita {quoted(case.story)} berbeda huruf besar dan kecilnya; nama berkasnya {quoted(there or '')}"
            notes.galat(case.story_line, text)


def lessons_as_stories(paths: Iterable[str]) -> list[Problem]:
    """What is said of files that are a lesson and a story at once."""
    text = "berkas ini dipakai sebagai cerita kasus dan sebagai pelajaran; pisahkan menjadi dua berkas"
    return [Problem(path, 0, "galat", text) for path in sorted(paths)]


def check_story(data: bytes, path: str, title: str, around: Surroundings) -> list[Problem]:
    """Check the story of a case, which is named like the case."""
    source, notes = text_of(data, path)
    if source is None:
        return notes.problems
    story = read_story(source)
    if not story.title:
        notes.galat(1, 'cerita belum punya judul; tulis "# Judul" di baris pertama')
    elif story.title != title.strip():
        notes.warn(1, f"judul cerita berbeda dari judul kasusnya, {quoted(title)}; samakan")
    note_open_fence(scan(source)[1], notes)
    words = count_words(story.body)
    if not SHORTEST_STORY <= words <= LONGEST_STORY:
        notes.warn(1, f"cerita {words} kata; buat antara {SHORTEST_STORY} dan {LONGEST_STORY} kata")
    _note_prose(readable(passages(_lines(source, (), around, notes))), around, notes)
    return in_order(notes.problems)


def unlisted(texts: Iterable[str], known: Iterable[str]) -> list[Problem]:
    """What is said of texts that nothing leads to."""
    text = f'pelajaran ini tidak tercantum di {COURSE_FILE}; tambahkan ke "pelajaran", atau hapus berkasnya'
    return [Problem(path, 0, "peringatan", text) for path in sorted(set(texts) - set(known))]


def _large_pictures(files: Mapping[str, bytes]) -> list[Problem]:
    return [
        Problem(path, 0, "galat", f"gambar {len(data) // 1024} KB, paling besar 5 MB; kecilkan ukurannya")
        for path, data in sorted(files.items())
        if len(data) > LARGEST_PICTURE and not path.endswith((".md", ".toml"))
    ]


def _choices(pools: Iterable[Pool]) -> Iterable[Choice]:
    for pool in pools:
        for question in pool.questions:
            if isinstance(question, SingleChoice):
                yield from question.options


def without_legal(lines: Iterable[Line]) -> Iterable[Line]:
    """The lines people read as text: names of rules are long and full of abbreviations."""
    legal = False
    for line in lines:
        heading = heading_of(line)
        if heading and heading.level <= 2:
            legal = is_legal(heading)
        if not legal:
            yield line


def _note_sentences(reading: Iterable[Passage], notes: Notes) -> None:
    for sentence in long_sentences(reading):
        notes.warn(sentence.line, sentence_fault(sentence))


def _note_reading(lesson: Lesson, notes: Notes) -> None:
    if lesson.minutes > LONGEST_READING:
        text = f"bacaan {lesson.words} kata, sekitar {lesson.minutes} menit"
        notes.warn(1, f"{text}; pecah menjadi pelajaran yang lebih pendek, paling banyak sekitar 700 kata")


def _note_legal(legal: LegalBasis | None, today: date, notes: Notes) -> None:
    if not legal or not legal.rules:
        text = 'belum ada dasar hukum; tulis daftar aturannya di bawah "## Dasar hukum"'
        notes.warn(legal.line if legal else 0, text)
    if legal and not legal.checked:
        notes.warn(legal.line, f'belum ada tanggal periksa yang terbaca; tulis "Diperiksa: {tanggal(today)}"')
    elif legal and legal.checked and legal.checked > today:
        notes.warn(legal.line, f"tanggal periksa {tanggal(legal.checked)} belum tiba; perbaiki tanggalnya")
    elif legal and legal.checked and (today - legal.checked).days > CHECK_AFTER_DAYS:
        text = f"dasar hukum terakhir diperiksa {tanggal(legal.checked)}, lebih dari setahun lalu"
        notes.warn(legal.line, f'{text}; bandingkan lagi, lalu perbarui baris "Diperiksa:"')
