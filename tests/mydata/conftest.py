"""Somebody of whom there is a row of every kind."""

from dataclasses import dataclass

import pytest
from flask import Flask

from lms.accounts import actions as accounts
from lms.certificates.office import set_office
from lms.cohorts.actions import remember_form
from lms.database import db, writing
from lms.models import (
    Answer,
    Attempt,
    Certificate,
    CourseEditor,
    DraftFile,
    ErasureRequest,
    ExtraTry,
    Inquiry,
    InquiryReply,
    Person,
    Publication,
    ReflectionReply,
    Ruling,
)
from tests.certificates.test_take import OFFICE, finish, take
from tests.conftest import START, Client, Time, add_member, add_person, sign_in
from tests.forms import filling

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
def known(client: Client, app: Flask, time: Time) -> Known:
    """Has learned, written, asked, was helped and corrected, and holds a certificate."""
    person_id, trainer = add_person("Wulansari Lama"), add_person("Retno Wulandari")
    membership_id = add_member(person_id)
    filling.publish()
    filling.take_part(person_id)
    sign_in(client, person_id)
    finish(client)
    sample_id = take(client, nama=NAME, gelar_belakang="")
    with writing():
        set_office(OFFICE, START)
    certificate_id = take(client, nama=NAME, gelar_belakang="")
    with writing():
        accounts.correct(person_id, NAME, "33.12.01.2001", PHONE, trainer, time.now)
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
        extra = ExtraTry(membership_id=membership_id, quiz="tes:akhir", by_id=trainer, at=time.now)
        asked = Inquiry(form_id="i" * 20, person_id=person_id, edition_id=1, kind="tanya", lesson="dasar/satu")
        asked.text, asked.at = "TULISAN-PRIBADI saya", time.now
        done = ErasureRequest(person_id=person_id, keep_certificates=True, asked_at=time.now, withdrawn_at=time.now)
        published = Publication(course_id=1, edition_id=1, person_id=person_id, at=time.now)
        ruling = Ruling(
            course_id=1, question_hash="0" * 64, kind="batal", reason="Ganda", person_id=person_id, at=time.now
        )
        drafted = DraftFile(course_id=1, path="dasar/baru.md", changed_by_id=person_id, changed_at=time.now)
        db.session.add_all([drafted, answer, reply, extra, asked, done, published, ruling])
        db.session.flush()
        db.session.add(InquiryReply(inquiry_id=asked.id, text="TULISAN-PRIBADI Anda", by_id=trainer, at=time.now))
    assert {row.id for row in db.session.query(Certificate)} == {sample_id, certificate_id}
    return Known(person_id, client, trainer, certificate_id, sample_id)
