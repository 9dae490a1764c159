"""A participant of a bimtek who is in its list twice, and the trainer who finds that out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from lms.certificate.office import set_office
from lms.cohort.actions import remember_form
from lms.course.load import edition_view
from lms.course.queries import read_edition
from lms.db.engine import db, writing
from lms.db.tables import (
    ActionPlan,
    Answer,
    Attempt,
    Attendance,
    Certificate,
    CourseEditor,
    DraftFile,
    ErasureRequest,
    Exemption,
    ExtraTry,
    ImportBatch,
    ImportRow,
    Inquiry,
    InquiryReply,
    Job,
    Meeting,
    NumberBlock,
    Person,
    Publication,
    ReflectionReply,
    Ruling,
    SignedSheet,
    SurveyTicket,
)
from lms.learn.queries import Progress, progress
from lms.people import actions as accounts
from lms.people import union as actions
from lms.web.clock import now, today
from tests.baked import Baked
from tests.certificate.test_take import OFFICE, finish, take
from tests.conftest import (
    SLUG,
    START,
    Cast,
    Client,
    Time,
    add_device,
    add_member,
    add_person,
    carry,
    membership_of,
    sign_in,
)
from tests.quiz import filling

PAGE = "/pelatih/B1MTEK/ganda"


@dataclass
class Twins:
    """The persons and their memberships of the bimtek; each has learned in a browser of their own."""

    stays: int
    gone: int
    one: int
    other: int
    trainer: int

    @property
    def pair(self) -> str:
        """The page of both."""
        return f"{PAGE}/{self.one}/{self.other}"

    def merge(self) -> bool:
        with writing():
            return actions.merge(self.stays, self.gone, self.trainer, now())

    def separate(self) -> bool:
        with writing():
            return actions.separate(self.gone, self.trainer, now())


def progress_of(person_id: int, slug: str = SLUG) -> Progress:
    """As the person's own pages reckon it."""
    db.session.rollback()
    ref = read_edition(slug, person_id, today())
    assert ref is not None
    return progress(ref, edition_view(ref.edition_id, slug))


def change(person_id: int, **values: object) -> None:
    """Set columns of a person."""
    with writing():
        person = db.session.get_one(Person, person_id)
        for name, value in values.items():
            setattr(person, name, value)


@pytest.fixture
def twins(cast: Cast, baked: Baked) -> Twins:
    return baked.once("twins", lambda: twins_of(cast))


def twins_of(cast: Cast) -> Twins:
    """The participant of the cast, and the same person once more."""
    twin = add_person("Siti Aminnah")
    add_member(twin)
    add_member(twin, cast.bimtek)
    parts = [membership_of(person, cast.bimtek).id for person in (cast.participant, twin)]
    return Twins(cast.participant, twin, parts[0], parts[1], cast.trainer)


@pytest.fixture
def trainer(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.trainer)


NAME, PHONE = "Wulansari Rahasia", "081299998888"
SECRETS = (NAME, "Wulansari Lama", PHONE, "TULISAN-PRIBADI", "wulan.masuk", "HP rahasia", "SIDIK")


@dataclass
class Known:
    """A person, their browser, the trainer who helped, and the certificate they hold."""

    id: int
    browser: Client
    trainer: int
    certificate_id: str
    sample_id: str


@pytest.fixture
def known(client: Client, browser: Callable[[], Client], time: Time, baked: Baked) -> Known:
    """Has learned, written, asked, was helped and corrected, and holds a certificate."""
    device, played = baked.once("known", lambda: _play_known(browser(), time))
    return Known(browser=carry(client, device), **played)


def _play_known(client: Client, time: Time) -> tuple[str, dict[str, Any]]:
    """Return the device they carry, and what `Known` says of them beside their browser."""
    person_id, trainer = add_person("Wulansari Lama"), add_person("Retno Wulandari")
    membership_id = add_member(person_id)
    filling.publish()
    filling.take_part(person_id)
    device = add_device(person_id)
    finish(carry(client, device))
    sample_id = take(client, nama=NAME, gelar_belakang="")
    with writing():
        set_office(OFFICE, START)
    certificate_id = take(client, nama=NAME, gelar_belakang="")
    with writing():
        accounts.correct(person_id, {"region": "33.12.01.2001", "phone": PHONE}, trainer, time.now)
        person = db.session.get_one(Person, person_id)
        person.login, person.password_hash, person.pin_hash = "wulan.masuk", "SIDIK-SANDI", "SIDIK-PIN"
        accounts.add_device(person_id, "HP rahasia", time.now)
        remember_form("f" * 20, person_id, 1, time.now)
        accounts.new_help_code(person_id, trainer, time.now)
        db.session.add(CourseEditor(course_id=1, person_id=person_id, at=time.now))
        enrolment_id = db.session.query(Attempt.enrolment_id).filter(Attempt.enrolment_id.is_not(None)).first()[0]
        attempt = db.session.query(Attempt).filter_by(enrolment_id=enrolment_id).first()
        answer = Answer(attempt_id=attempt.id, client_id="tulisan", number=1, value=["TULISAN-PRIBADI"], counter=99)
        answer.at, answer.entered_by_id = time.now, trainer
        reply = ReflectionReply(
            attempt_id=attempt.id, number=1, text="Baik, TULISAN-PRIBADI", by_id=trainer, at=time.now
        )
        db.session.add(Exemption(membership_id=membership_id, reason="Hadir mewakili.", by_id=trainer, at=time.now))
        extra = ExtraTry(membership_id=membership_id, quiz="tes:akhir", by_id=trainer, at=time.now)
        asked = Inquiry(form_id="i" * 20, person_id=person_id, edition_id=1, kind="tanya", lesson="dasar/satu")
        asked.text, asked.at = "TULISAN-PRIBADI saya", time.now
        done = ErasureRequest(person_id=person_id, keep_certificates=True, asked_at=time.now, withdrawn_at=time.now)
        published = Publication(course_id=1, edition_id=1, person_id=person_id, at=time.now)
        ruling = Ruling(
            course_id=1, question_hash="0" * 64, kind="batal", reason="Ganda", person_id=person_id, at=time.now
        )
        drafted = DraftFile(course_id=1, path="dasar/baru.md", changed_by_id=person_id, changed_at=time.now)
        block = NumberBlock(series_id=1, year=2026, first=900, last=900, reason="Agenda", by_id=person_id, at=time.now)
        db.session.add_all([drafted, answer, reply, extra, asked, done, published, ruling, block])
        _at_a_bimtek(membership_id, person_id, trainer, time)
        db.session.flush()
        signed = SignedSheet(certificate_id=certificate_id, hash="0" * 64, data=f"%PDF-1.7 {NAME}".encode())
        signed.at = time.now
        db.session.add(signed)
        db.session.add(InquiryReply(inquiry_id=asked.id, text="TULISAN-PRIBADI Anda", by_id=trainer, at=time.now))
    assert {row.id for row in db.session.query(Certificate)} == {sample_id, certificate_id}
    return device, {"id": person_id, "trainer": trainer, "certificate_id": certificate_id, "sample_id": sample_id}


def _at_a_bimtek(membership_id: int, person_id: int, trainer: int, time: Time) -> None:
    """Came to a meeting, sent the survey, planned something, and began long work."""
    meeting = Meeting(cohort_id=1, starts_at=time.now, ends_at=time.now + timedelta(hours=1), subject="Asesmen")
    db.session.add(meeting)
    db.session.flush()
    came = Attendance(meeting_id=meeting.id, membership_id=membership_id, mark="m" * 20, by_id=trainer)
    came.state, came.way, came.noted_at = "hadir", "daftar", time.now
    plan = ActionPlan(membership_id=membership_id, number=1, occasion="TULISAN-PRIBADI", action="TULISAN-PRIBADI")
    plan.at = time.now
    work = Job(id="k" * 20, kind="uji", by_id=person_id, title="Uji", onward="/", total=1, told={}, outcome={})
    work.begun_at = time.now
    brought = ImportBatch(id="d" * 20, cohort_id=1, by_id=person_id, columns=[], left_out={}, at=time.now)
    listed = ImportRow(batch_id=brought.id, number=1, place="baris 1", cells=[NAME], listed={"name": NAME})
    listed.state, listed.person_id, listed.at = "siap", person_id, time.now
    db.session.add_all([came, plan, work, SurveyTicket(membership_id=membership_id), brought])
    db.session.flush()
    db.session.add(listed)
