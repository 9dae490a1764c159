"""kursus.toml: the order of a course and its rules."""

from dataclasses import dataclass

from lms.core.problems import Problem


@dataclass(frozen=True)
class QuizRules:
    """The default of every quiz: percent to pass, attempts (0 = no limit)."""

    pass_mark: int = 70
    attempts: int = 0


@dataclass(frozen=True)
class CertificateRules:
    """What a certificate asks; attendance is percent of the meetings, None = not asked."""

    lessons: bool = False
    quizzes: bool = False
    posttest: bool = False
    attendance: int | None = None
    survey: bool = False


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
class Course:
    """A course as kursus.toml states it; moved maps old names to new."""

    title: str
    summary: str
    audience: str
    quiz: QuizRules
    test: TestRules | None
    certificate: CertificateRules
    moved: dict[str, str]
    modules: tuple[Module, ...]

    @property
    def lessons(self) -> tuple[str, ...]:
        """The identities of all lessons and forms, in order."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)


def file_of(identity: str) -> str:
    """The file of a lesson; a form keeps its .toml."""
    return identity if identity.endswith(".toml") else f"{identity}.md"


def identity_of(path: str) -> str:
    """The identity of a lesson: its path without .md."""
    return path.removesuffix(".md")


def parse_course(source: str) -> tuple[Course | None, list[Problem]]:
    """Read kursus.toml; None only when it is no TOML at all."""
    raise NotImplementedError
