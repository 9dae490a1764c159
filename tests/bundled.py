"""The bundled courses as tests read them: checked once a process, on the day their lessons were last compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lms.boot.setup import COURSES
from lms.course.bank import parse_bank
from lms.course.check import CourseReport, check_course
from lms.course.folder import read_folder
from lms.course.lesson import Lesson
from lms.course.outline import CourseRules, file_of
from lms.web.plain import normalised

CHECKED = date(2026, 11, 24)


@dataclass(frozen=True)
class Bundled:
    """A course of `courses/` with what the checker says of it."""

    slug: str
    files: Mapping[str, bytes]
    report: CourseReport

    @property
    def course(self) -> CourseRules:
        assert self.report.course is not None
        return self.report.course

    @property
    def lessons(self) -> list[Lesson]:
        """In the order they are read; forms are none."""
        return [self.report.lessons[each] for each in self.course.lessons if each in self.report.lessons]

    def source_of(self, identity: str) -> str:
        """The text of a lesson or form."""
        return normalised(self.files[file_of(identity)].decode())


def bundled(slug: str) -> Bundled:
    """Read and check one of them."""
    files = read_folder(COURSES / slug)
    return Bundled(slug, files, check_course(files, CHECKED))


BIMTEK, MANUAL = bundled("bimtek-dasar-psm"), bundled("panduan-pelatih")
BOTH = (BIMTEK, MANUAL)
BANK = parse_bank("tes.md", normalised(BIMTEK.files["tes.md"].decode()))[0]
