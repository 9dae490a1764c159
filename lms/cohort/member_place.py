"""Where every page about a member begins: the cohort of the trainer who asks, and its member."""

from dataclasses import dataclass

from flask import abort, request

from lms.cohort import member_queries as queries
from lms.people.access import Member, Training, member_of, training
from lms.quiz.queries import AttemptFacts

MEMBER = "/pelatih/<code>/anggota/<id:membership_id>"
LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """A member of a cohort that the viewer trains."""

    trained: Training
    member: Member

    @property
    def address(self) -> str:
        """The page of the member."""
        return f"/pelatih/{self.trained.code}/anggota/{self.member.membership_id}"

    @property
    def help(self) -> str:
        """The page with the ways to help."""
        return f"{self.address}/bantu"

    @property
    def by(self) -> int:
        """Who helps."""
        return self.trained.viewer.person_id


def place_of(code: str, membership_id: int) -> Place:
    """The member for a trainer of the cohort; 404 for everybody else."""
    trained = training(code)
    return Place(trained, member_of(trained, membership_id))


def attempt_at(place: Place, attempt_id: str) -> AttemptFacts:
    """The member's attempt in the course of the cohort; 404 for any other."""
    found = queries.attempt_by(place.member, attempt_id)
    if found is None:
        abort(404)
    return found


def page_asked() -> int:
    """Which page of a list is asked for."""
    return min(max(number_asked("hal"), 1), LAST_PAGE)


def number_asked(name: str) -> int:
    """A number of the address; 0 for anything that is none."""
    wanted = request.args.get(name, "")
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 0
