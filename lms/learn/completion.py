"""The requirements of a certificate and what is still missing: one function for every page, dry run and evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from lms.course.outline import CertificateRules

Kind = Literal["pelajaran", "kuis", "tes_akhir", "kehadiran", "survei", "acara"]


@dataclass(frozen=True, slots=True)
class LearnerFacts:
    """The deeds of a person: identities of lessons finished and of quizzes passed, and what they did in their cohort.

    None means that the cohort has no such thing, and then it is not asked.
    """

    finished: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    posttest_passed: bool | None = None
    attendance: Fraction | None = None
    survey_sent: bool | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing asked; `missing` names lessons where the requirement is made of lessons."""

    kind: Kind
    done: int | Fraction
    asked: int
    missing: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        """Nothing is missing of it."""
        return self.done >= self.asked


@dataclass(frozen=True, slots=True)
class Completion:
    """All requirements that apply, in the order a learner meets them."""

    requirements: tuple[Requirement, ...]

    @property
    def met(self) -> bool:
        """Everything is done and something was asked."""
        return bool(self.requirements) and all(requirement.met for requirement in self.requirements)

    @property
    def missing(self) -> tuple[Requirement, ...]:
        """The requirements still open."""
        return tuple(requirement for requirement in self.requirements if not requirement.met)

    @property
    def steps(self) -> tuple[int, int]:
        """(done, of) as a bar counts them; attendance, which is percent, is one step as a whole."""
        steps = [
            (int(part.met), 1) if part.kind == "kehadiran" else (int(part.done), part.asked)
            for part in self.requirements
        ]
        return sum(done for done, _ in steps), sum(of for _, of in steps)

    def missing_of(self, kind: Kind) -> tuple[str, ...]:
        """The identities that are missing of this kind."""
        return next((part.missing for part in self.requirements if part.kind == kind), ())


def counted(rules: CertificateRules) -> CertificateRules:
    """The rules progress is shown by: the certificate's, or all there is to do where it asks nothing of that."""
    asks = rules.lessons or rules.quizzes or rules.posttest
    return rules if asks else replace(rules, lessons=True, quizzes=True, posttest=True)


def completion(
    rules: CertificateRules, lessons: Sequence[str], quizzes: Sequence[str], facts: LearnerFacts
) -> Completion:
    """Weigh the facts by the rules of one edition; `lessons` and `quizzes` are its identities in order."""
    found: list[Requirement] = []
    if rules.lessons and lessons:
        found.append(_each("pelajaran", lessons, facts.finished))
    if rules.quizzes and quizzes:
        found.append(_each("kuis", quizzes, facts.passed))
    if rules.posttest and facts.posttest_passed is not None:
        found.append(Requirement("tes_akhir", int(facts.posttest_passed), 1))
    if rules.attendance is not None and facts.attendance is not None:
        found.append(Requirement("kehadiran", facts.attendance, rules.attendance))
    if rules.survey and facts.survey_sent is not None:
        found.append(Requirement("survei", int(facts.survey_sent), 1))
    return Completion(tuple(found))


def crew_completion(*, was_held: bool) -> Completion:
    """Return the completion of a speaker or helper: there was something to speak or help at."""
    return Completion((Requirement("acara", int(was_held), 1),))


def _each(kind: Kind, wanted: Sequence[str], done: frozenset[str]) -> Requirement:
    missing = tuple(identity for identity in wanted if identity not in done)
    return Requirement(kind, len(wanted) - len(missing), len(wanted), missing)
