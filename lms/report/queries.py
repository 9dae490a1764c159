"""Reads for the report of a bimtek: the event, its people, who came, its certificates, and what was gathered last."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from lms.bimtek.queries import Attendee, details, meetings, roster, takes_part
from lms.certificate.queries import sheets_in
from lms.certificate.snapshot import number_line
from lms.cohort import queries as cohorts
from lms.course.load import edition_view
from lms.db.engine import read
from lms.db.tables import ActionPlan, Attempt, Attendance, Membership, Period, SurveyResponse
from lms.people import jobs
from lms.people.access import CohortFacts
from lms.people.jobs import JobFacts
from lms.people.office import issuer, office_name
from lms.people.signatory import signer_lines
from lms.quiz.queries import POSTTEST, PRETEST
from lms.report.texts import ReportedBimtek, ReportedPerson
from lms.web.clock import today
from lms.web.dates import tanggal

KIND = "laporan"
SHAPE = 2
"""Of the figures: what was gathered in another shape is gathered again."""
_seat = aliased(Membership)
_OWNER = func.coalesce(_seat.absorbed_by_id, _seat.id)


def counts(cohort_id: int, now: datetime) -> Row[*tuple[Any, ...]]:
    """Count what there is to report on, in one statement; `survey_over` is None in a cohort without a survey."""
    part = takes_part(cohort_id)

    def of(column: Any, model: Any, *which: Any) -> Any:
        found = (
            select(func.count(func.distinct(column)))
            .select_from(_seat)
            .join(Membership, Membership.id == _OWNER)
            .join(model, model.membership_id == _seat.id)
        )
        return found.where(_seat.cohort_id == cohort_id, part, *which).scalar_subquery()

    sent = Attempt.submitted_at.is_not(None)
    ends = select(func.coalesce(Period.closes_at <= now, False)).where(
        Period.cohort_id == cohort_id, Period.what == "survei"
    )
    found = {
        "people": select(func.count()).select_from(Membership).where(part).scalar_subquery(),
        "noted": of(_OWNER, Attendance),
        "pre": of(_OWNER, Attempt, sent, Attempt.quiz == PRETEST),
        "post": of(_OWNER, Attempt, sent, Attempt.quiz == POSTTEST),
        "surveys": select(func.count()).where(SurveyResponse.cohort_id == cohort_id).scalar_subquery(),
        "survey_over": ends.scalar_subquery(),
        "plans": of(ActionPlan.id, ActionPlan),
    }
    return read(select(*(count.label(name) for name, count in found.items()))).one()


def event(held: CohortFacts) -> ReportedBimtek:
    """The bimtek with its meetings, and the office that holds it."""
    who, course = issuer(held.kind, today()), edition_view(held.edition_id, held.slug).course
    office = {"town": who.office.place, "organiser": who.organiser} if who else {"organiser": office_name()}
    return ReportedBimtek(
        plan=details(held.cohort_id),
        course=replace(course, certificate=course.certificate.without(held.dropped)),
        sessions=meetings(held.cohort_id),
        emblem=who.office.emblem if who else "",
        head=list(filter(None, (who.office.government, who.office.name, who.office.address))) if who else [],
        signer=_signer(who.signer) if who else {},
        **office,
    )


def _signer(signer: Any) -> dict[str, Any]:
    below = [line for line in (signer.rank, signer.nip and f"NIP {signer.nip}") if line]
    return {"above": signer_lines(signer), "name": signer.name, "below": below}


def people(cohort_id: int) -> dict[int, ReportedPerson]:
    """Membership -> who takes part, by kecamatan, village and name; whoever was erased is left out."""
    found = sorted((each for each in roster(cohort_id) if each.name), key=lambda each: each.by_place)
    return {each.membership_id: _someone(each) for each in found}


def crew(cohort_id: int) -> dict[int, ReportedPerson]:
    """Membership -> who spoke or helped, or was to, with their role in place of where they are from."""
    return {
        each.membership_id: ReportedPerson(each.name, "", f"({each.role})", "", each.position)
        for each in cohorts.crew(cohort_id, with_gone=True)
    }


def _someone(each: Attendee) -> ReportedPerson:
    lives = (each.village.name, each.village.district) if each.village else ("", "")
    return ReportedPerson(each.titled, each.sex, *lives, each.position, each.phone)


def certificates(cohort_id: int) -> list[list[Any]]:
    """[membership, number, day of issue, state] of every certificate of a cohort, by number; samples are none."""
    return [
        [each.membership_id, number_line(each.snapshot), tanggal(each.snapshot.issued_on), each.state]
        for each in sheets_in(cohort_id)
        if each.state != "contoh"
    ]


def names_on_sheets(cohort_id: int) -> dict[str, str]:
    """Number -> the name printed with it, which may not be the one its owner has now."""
    return {number_line(each.snapshot): each.snapshot.name for each in sheets_in(cohort_id)}


def newest(cohort_id: int) -> JobFacts | None:
    """Return the newest gathering for the report of a cohort, by whichever of its trainers."""
    job = jobs.newest(cohort_id, KIND)
    return job if job and job.told.get("bentuk") == SHAPE else None
