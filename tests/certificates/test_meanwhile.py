"""What changes between the dry run and the turn of a certificate, its list of names, or its correction."""

from lms.certificates.candidates import lot
from lms.database import db, writing
from lms.models import ErasureRequest, Membership, Person
from lms.mydata.actions import carry_out
from lms.web.access import cohort_facts
from tests.certificates.test_batch import PAGE, exempt, issue, last_day, press, sheets
from tests.conftest import START
from tests.reports.conftest import PEOPLE, Event
from tests.reports.conftest import event as event
from tests.reports.conftest import exams as exams

__all__ = ["last_day"]


def person(member: int) -> Person:
    return db.session.get_one(Person, db.session.get_one(Membership, member).person_id)


def erase(event: Event, member: int, *, keep: bool = False) -> None:
    with writing():
        asked = ErasureRequest(person_id=person(member).id, asked_at=START, keep_certificates=keep)
        db.session.add(asked)
        db.session.flush()
        assert carry_out(asked.id, event.cast.admin, START)


def given(event: Event) -> list[int]:
    """The memberships that hold a sheet."""
    return [each.membership_id for each in sheets(event)]


def test_who_was_erased_meanwhile_gets_no_certificate_and_is_listed_no_more(event: Event) -> None:
    exempt(event, *event.members[:2])
    job = press(event)
    erase(event, event.members[0])
    event.client.send(job)
    assert given(event) == [event.members[1]]
    found = lot(cohort_facts(event.cast.bimtek))
    assert len(found.candidates) == PEOPLE - 1
    assert "(dihapus)" not in event.client.page(PAGE)


def test_a_certificate_that_somebody_erased_keeps_is_not_corrected_to_nobody(event: Event) -> None:
    exempt(event, event.members[0])
    issue(event)
    (sheet,) = sheets(event)
    erase(event, event.members[0], keep=True)
    answer = event.client.send(f"{PAGE}/{sheet.id}", aksi="betulkan", alasan="Nama.")
    assert answer.status_code == 422
    assert len(sheets(event)) == 1
