"""A bimtek after its day: people of two villages, meetings, who came, both tests, a closed survey, plans, an office."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from lms.bimtek import actions as survey
from lms.course.questions.base import Question
from lms.db.engine import db, writing
from lms.db.tables import ActionPlan, Attendance, Cohort, Meeting, Membership, NumberSeries, Office, Person, Signer
from lms.quiz.queries import PRETEST
from tests.baked import Baked
from tests.conftest import START, Cast, Client, Time, add_device, carry
from tests.quiz.conftest import exams as exams
from tests.quiz.exam_hall import fill

PAGE = "/pelatih/B1MTEK/laporan"
PEOPLE = 12
FORMULA = '=HYPERLINK("https://jahat.test")'


@dataclass
class Event:
    """The bimtek of the cast with its trainer's browser; `members` are the memberships of its people by name."""

    cast: Cast
    client: Client
    members: list[int]

    def gather(self, **texts: str) -> None:
        """Press "Buat laporan" and let the work go on until it is done."""
        response = self.client.send(PAGE, aksi="buat", **texts)
        assert response.status_code == 303, response.get_data(as_text=True)
        for _ in range(20):
            if self.client.send(response.location).location != response.location:
                break
            if self.client.get(response.location).status_code == 303:
                break
        assert self.client.get(response.location).location == PAGE


def knows(number: int, test: str, question: Question) -> bool:
    """Everybody knows more after than before."""
    return (number + len(question.title)) % (3 if test == PRETEST else 5) != 0


def add_office() -> None:
    with writing():
        db.session.add(
            Office(
                government="PEMERINTAH KABUPATEN WONOGIRI",
                name="DINAS SOSIAL",
                address="Jalan Contoh 1 Wonogiri",
                place="Wonogiri",
                organiser="Dinas Sosial Kabupaten Wonogiri",
            )
        )
        db.session.add(
            Signer(
                name="Drs. H. Contoh, M.Si.", title="Kepala Dinas Sosial", rank="Pembina", nip="19700101 199001 1 001"
            )
        )
        db.session.add(NumberSeries(kind="bimtek", pattern="{urut:03}/{tahun}"))


def add_day(cast: Cast) -> list[int]:
    """Three meetings, of which one is cancelled."""
    with writing():
        cohort = db.session.get_one(Cohort, cast.bimtek)
        cohort.basis = "Surat Keputusan Kepala Dinas Sosial Nomor 400.9/11/2026"
        made = []
        for hour, (subject, speaker) in enumerate(
            (("Asesmen <awal> & lanjut", "Drs. Wiyono"), ("Bantuan sosial", "Sri Hartini, S.Sos."), ("Kunjungan", ""))
        ):
            begins = START + timedelta(hours=hour)
            meeting = Meeting(cohort_id=cast.bimtek, subject=subject, speaker=speaker, jp=2, starts_at=begins)
            meeting.ends_at = begins + timedelta(minutes=50)
            meeting.cancelled_at = START if subject == "Kunjungan" else None
            made.append(meeting)
        db.session.add_all(made)
        db.session.flush()
        return [meeting.id for meeting in made]


def came(member: int, meeting: int, state: str, mark: str) -> Attendance:
    return Attendance(
        membership_id=member, meeting_id=meeting, state=state, way="daftar", mark=mark.ljust(22, "x"), noted_at=START
    )


@pytest.fixture
def event(cast: Cast, client: Client, exams: int, time: Time, baked: Baked) -> Event:
    members, device = baked.once("event", lambda: (hold(cast, exams, time), add_device(cast.trainer)))
    return Event(cast, carry(client, device), members)


def hold(cast: Cast, exams: int, time: Time) -> list[int]:
    """Let the day be over; the memberships of its people."""
    add_office()
    first, second, _ = add_day(cast)
    with writing():
        db.session.get_one(Cohort, cast.bimtek).edition_id = exams
        db.session.delete(
            db.session.query(Membership).filter_by(person_id=cast.participant, cohort_id=cast.bimtek).one()
        )
    fill(cast.bimtek, exams, PEOPLE, knows)
    with writing():
        parts = (
            db.session.query(Membership).filter_by(cohort_id=cast.bimtek, role="peserta").order_by(Membership.id).all()
        )
        people = [db.session.get_one(Person, part.person_id) for part in parts]
        for at, (part, who) in enumerate(zip(parts, people, strict=True)):
            who.sex, who.phone, who.position = "LP"[at % 2], f"0812345678{at:02}", "Ketua PSM"
            who.region = "33.12.01.2001" if at < PEOPLE - 1 else "33.12.02.2001"
            state = "tidak" if at == 0 else "terlambat" if at == 1 else "hadir"
            db.session.add_all([came(part.id, first, "hadir", f"a{at}"), came(part.id, second, state, f"b{at}")])
        people[2].name = FORMULA
        db.session.add(ActionPlan(membership_id=parts[0].id, number=1, occasion="a", action="b", at=START, done="ya"))
        members = [part.id for part in parts]
    with writing():
        survey.open_survey(cast.bimtek, cast.trainer, time.now)
    for at, member in enumerate(members[:6]):
        with writing():
            answers = {"acara-undangan": 3 + at % 2, "tulis-saran": f"Saran {at}", "acara-ruang": 2}
            survey.send_survey(cast.bimtek, member, answers, time.now)
    with writing():
        survey.close_survey(cast.bimtek, cast.trainer, time.now)
    return members


def bimtek(cast: Cast) -> Cohort:
    """The bimtek of the cast, as it is now."""
    db.session.rollback()
    return db.session.get_one(Cohort, cast.bimtek)
