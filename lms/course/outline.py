"""kursus.toml: the order of a course and its rules."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, count

from lms.course.problems import Notes, Problem, in_order
from lms.course.questions.base import quoted, slug_of
from lms.course.tomlfile import Table, read_table
from lms.web.plain import normalised

COURSE_FILE = "kursus.toml"
# Only the front page heeds it: a manual is no secret, but nobody who came to learn should see it first.
FOR_TRAINERS = "pelatih"


@dataclass(frozen=True)
class QuizRules:
    """The default of every quiz: percent to pass, attempts (0 = no limit).

    The attempts do not hold for forms: practice is there to be repeated.
    """

    pass_mark: int = 70
    attempts: int = 0


REQUIREMENTS = {
    "pelajaran": "lessons",
    "kuis": "quizzes",
    "tes_akhir": "posttest",
    "kehadiran": "attendance",
    "survei": "survey",
}
"""Key of [sertifikat] -> the field of CertificateRules."""


@dataclass(frozen=True)
class CertificateRules:
    """The requirements of a certificate; attendance is percent of the meetings, None = not asked.

    `droppable`: the keys of those that a bimtek may drop.
    """

    lessons: bool = False
    quizzes: bool = False
    posttest: bool = False
    attendance: int | None = None
    survey: bool = False
    droppable: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """The keys of what is asked."""
        return tuple(key for key, name in REQUIREMENTS.items() if getattr(self, name) not in (False, None))

    def without(self, dropped: Collection[str]) -> "CertificateRules":
        """Return what is left to ask where these are dropped: what the course does not let go stays, and so does all
        where nothing would be left."""
        gone = {
            REQUIREMENTS[key]: getattr(CertificateRules, REQUIREMENTS[key]) for key in self.droppable if key in dropped
        }
        left = replace(self, **gone)
        return left if left.asked else self


@dataclass(frozen=True)
class TestRules:
    """The bank both tests draw from, and percent to pass the post-test."""

    bank: str
    pass_mark: int = 70


@dataclass(frozen=True)
class Module:
    """One subject of the course; hours are JP as planned, lessons are identities."""

    title: str
    online_jp: int
    hall_jp: int
    goals: tuple[str, ...]
    lessons: tuple[str, ...]


@dataclass(frozen=True)
class CourseRules:
    """A course as kursus.toml states it; moved maps old names to new.

    `for_trainers`: the front page names it to staff only. `rests_on_law`: its lessons are asked for their legal basis.
    """

    title: str
    summary: str
    audience: str
    for_trainers: bool
    rests_on_law: bool
    quiz: QuizRules
    test: TestRules | None
    certificate: CertificateRules
    moved: dict[str, str]
    modules: tuple[Module, ...]

    @property
    def lessons(self) -> tuple[str, ...]:
        """The identities of all lessons and forms, in order."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    def present(self, identity: str) -> str:
        """Return the present name of a lesson: `[pindah]` may have given it a new name, and that another.

        What stands behind a "#", the case of a form, stays.
        """
        identity, mark, case = identity.partition("#")
        for _ in self.moved:  # As many steps as there are names, so that names going round in a circle come to an end.
            identity = self.moved.get(identity, identity)
        return identity + mark + case


def file_of(identity: str) -> str:
    """The file of a lesson; a form keeps its .toml."""
    return identity if identity.endswith(".toml") else f"{identity}.md"


def identity_of(path: str) -> str:
    """The identity of a lesson: its path without .md."""
    return path.removesuffix(".md")


def parse_course(source: str) -> tuple[CourseRules | None, list[Problem]]:
    """Read kursus.toml; None only when it is no TOML at all."""
    notes = Notes(COURSE_FILE)
    source = normalised(source)
    top = read_table(source, notes)
    if top is None:
        return None, notes.problems
    renamed = top.table("pindah")
    course = CourseRules(
        title=top.text("judul", needed=True),
        summary=top.text("ringkasan"),
        audience=top.text("sasaran"),
        for_trainers=_for_trainers(top),
        rests_on_law=top.flag("dasar_hukum", default=True),
        quiz=_quiz_rules(top.table("kuis")),
        test=_test_rules(top.table("tes")),
        certificate=_certificate_rules(top.table("sertifikat"), notes),
        moved=renamed.free_texts() if renamed else {},
        modules=_modules(top.tables("materi"), notes),
    )
    top.refuse_unknown()
    if not course.modules:
        notes.galat(0, 'kursus belum punya materi; tulis [[materi]] dengan judul = "…" dan pelajaran = ["…"]')
    return course, in_order(notes.problems)


def _for_trainers(top: Table) -> bool:
    whom = top.text("untuk")
    if whom not in ("", FOR_TRAINERS):
        top.galat("untuk", f'"untuk" hanya dapat diisi {quoted(FOR_TRAINERS)}; hapus bila bagi semua orang')
    return whom == FOR_TRAINERS


def _quiz_rules(table: Table | None) -> QuizRules:
    return QuizRules(table.number("lulus", 100, 70), table.number("kesempatan", 1000, 0)) if table else QuizRules()


def _test_rules(table: Table | None) -> TestRules | None:
    if not table:
        return None
    rules = TestRules(table.text("bank", needed=True), table.number("lulus", 100, 70))
    if rules.bank and (fault := path_fault(rules.bank)):
        table.galat("bank", f"bank {quoted(rules.bank)} {fault}")
    return rules


def _certificate_rules(table: Table | None, notes: Notes) -> CertificateRules:
    if not table:
        return CertificateRules()
    rules = CertificateRules(
        lessons=table.flag("pelajaran"),
        quizzes=table.flag("kuis"),
        posttest=table.flag("tes_akhir"),
        attendance=table.number_or_none("kehadiran", 80, 100),
        survey=table.flag("survei"),
    )
    return replace(rules, droppable=tuple(_droppable(table, rules, notes)))


def _droppable(table: Table, rules: CertificateRules, notes: Notes) -> Iterator[str]:
    for key, line in table.texts("boleh_dilepas"):
        if key in rules.asked:
            yield key
        elif key in REQUIREMENTS:
            notes.warn(line, f"syarat {quoted(key)} tidak diminta, jadi tidak ada yang dilepas; hapus dari sini")
        else:
            notes.galat(line, f"{quoted(key)} bukan syarat; yang dikenal: {', '.join(REQUIREMENTS)}")


def _modules(tables: Iterable[Table], notes: Notes) -> tuple[Module, ...]:
    listed: dict[str, int] = {}
    return tuple(
        Module(
            title=table.text("judul", needed=True),
            online_jp=table.number("jp_daring", 1000, 0),
            hall_jp=table.number("jp_tatap_muka", 1000, 0),
            goals=tuple(goal for goal, _ in table.texts("tujuan")),
            lessons=tuple(_lessons(table.texts("pelajaran"), listed, notes)),
        )
        for table in tables
    )


def _lessons(paths: Iterable[tuple[str, int]], listed: dict[str, int], notes: Notes) -> Iterator[str]:
    """The identities of the listed files; a wrong path and a second listing are left out."""
    for path, line in paths:
        if fault := path_fault(path):
            notes.galat(line, f"pelajaran {quoted(path)} {fault}")
        elif path in listed:
            notes.galat(line, f"pelajaran {quoted(path)} sudah tercantum di baris {listed[path]}; hapus salah satunya")
        else:
            listed[path] = line
            yield identity_of(path)


def path_fault(path: str) -> str | None:
    """Return the fault of a path that kursus.toml names, and the remedy."""
    parts = path.split("/")
    if "\\" in path:
        return 'memakai garis miring terbalik; tulis "/"'
    if ".." in parts or path.startswith("/") or ":" in parts[0]:
        return 'keluar dari folder kursus; tulis jalur di dalamnya, misalnya "konsep-psm/judul.md"'
    if "" in parts or "." in parts:
        return 'tidak ditulis lurus; tulis seperti "konsep-psm/judul.md"'
    if not path.endswith((".md", ".toml")):
        return "harus berakhir dengan .md, atau .toml untuk formulir"
    return None


LONGEST_PATH = 200
LONGEST_PART = 60
DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}
)
"""Windows opens a device where a file has one of these names, whatever its ending."""


def part_of(text: str) -> str:
    """A file's name made of what somebody typed."""
    part = slug_of(text)[:LONGEST_PART].rstrip("-")
    return f"{part}-1" if part in DEVICES else part


def folder_part(text: str) -> str:
    """A folder's name; that of the pictures is taken."""
    part = part_of(text)
    return f"{part}-1" if part == "media" else part


def folder_of(paths: Iterable[str], title: str) -> str:
    """Return the folder of a new lesson of a module: beside most of the others, else one named like the module."""
    folders = Counter(path.rpartition("/")[0] for path in paths)
    found = folders.most_common(1)
    return found[0][0] if found and found[0][0] else folder_part(title)


def free_path(folder: str, name: str, ending: str, taken: Collection[str]) -> str:
    """A path that no file has and none had; a number is put behind the name where one is needed."""
    used = {path.casefold() for path in taken}
    start = f"{folder}/{part_of(name)}"
    paths = chain([start + ending], (f"{start}-{number}{ending}" for number in count(2)))
    return next(path for path in paths if path.casefold() not in used)
