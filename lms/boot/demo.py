"""`lms demo`: a site to show, with an office and people who do not exist, at every stage a learner can be at.

Everything is made by the actions the pages call, in one write, so a demonstration is there whole or not at all.
"""

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from lms.bimtek import actions as events
from lms.boot import demo_scenes as scenes
from lms.boot.demo_scenes import DATA, SEED, extras
from lms.certificate import actions as certificates
from lms.certificate import selfstudy
from lms.certificate.office import set_office
from lms.certificate.queries import selfstudy_membership
from lms.cohort import actions as cohorts
from lms.cohort.forms import CohortPlan
from lms.course.drawing import Sheet, draw_sheet
from lms.course.form import Form
from lms.course.load import EditionView, bank_of, edition_view, form_of, rendered_lesson
from lms.course.outline import file_of
from lms.course.queries import CourseRef, course_by_slug, read_edition
from lms.course.questions.arranging import Matching, Ordering
from lms.course.questions.base import Question, Value
from lms.course.questions.choice import MultipleChoice
from lms.course.questions.written import Reflection, ShortAnswer
from lms.db.engine import db, writing
from lms.db.settings import Settings
from lms.db.tables import AuditEntry, Certificate, CertificateEvent, Cohort, Membership, Person
from lms.learn.actions import finish_lesson
from lms.learn.queries import progress
from lms.people import actions as accounts
from lms.people.actions import enrol
from lms.people.cards import card_link_of, token_of
from lms.people.hashing import hash_password
from lms.people.office import issuer
from lms.quiz import actions as quizzes
from lms.quiz.exam_queries import standings
from lms.quiz.queries import POSTTEST, PRETEST, AttemptFacts, attempt_of, questions_of
from lms.web import crockford
from lms.web.dates import WIB

SLUG = "bimtek-dasar-psm"
MARK = "peragaan dibuat"
ENDED_DAYS = 14


# A lesson takes four steps, with a quiz that was not passed at first seven, and each at most 1.6 strides.
MOST_STEPS = 12
TEST_STEPS = 10


class NotForDemo(Exception):
    """This database is no place for a demonstration; the text says why, in Indonesian."""


def fill(settings: Settings, now: datetime) -> Iterator[str]:
    """Make the demonstration where there is none, then say how to look around. Raises NotForDemo."""
    if db.session.scalar(select(AuditEntry.id).where(AuditEntry.action == MARK)) is None:
        if db.session.scalar(select(Person.id).limit(1)) is not None:
            raise NotForDemo("Basis data ini sudah berisi orang. Pakai folder lain, misalnya LMS_DATA=data-demo.")
        yield from _make(settings, now)
    yield from guide(settings)


def _make(settings: Settings, now: datetime) -> Iterator[str]:
    passwords = [crockford.grouped(crockford.encode(secrets.token_bytes(10), 16)).lower() for _ in DATA["staff"]]
    hashes = [hash_password(password) for password in passwords]
    course = course_by_slug(SLUG)
    if course is None or course.current_edition_id is None:
        raise NotForDemo(f"Kursus {SLUG} belum terbit.")
    edition = edition_view(course.current_edition_id, SLUG)
    for identity in edition.lessons:
        rendered_lesson(edition, identity)  # Rendering is slow and has no place in a write.
    bank_of(edition)
    with writing():
        Demonstration(settings, now, course.id, edition, hashes).play()
    yield "Peragaan dibuat. Sandi ini hanya ditampilkan sekali; catat bila perlu:"
    for (name, login), password in zip(DATA["staff"], passwords, strict=True):
        yield f"  {login:<14}{password}   ({name})"


class Demonstration:
    """One course with its cohorts and staff, and the people who come."""

    def __init__(
        self, settings: Settings, now: datetime, course_id: int, edition: EditionView, hashes: Sequence[str]
    ) -> None:
        self.settings, self.now, self.course_id, self.edition = settings, now, course_id, edition
        self.rng = random.Random(SEED)
        begin = now - timedelta(days=60)
        set_office(Path(__file__).with_name("demo_office.toml").read_bytes(), begin)
        (name, login), *trainers = DATA["staff"]
        self.admin = accounts.add_staff(name, login, hashes[0], begin, is_admin=True).id
        self.trainers = [
            accounts.add_staff(name, login, hashed, begin, by=self.admin).id
            for (name, login), hashed in zip(trainers, hashes[1:], strict=True)
        ]
        self.selfstudy = db.session.scalars(
            select(Cohort.id).where(Cohort.course_id == course_id, Cohort.kind == "mandiri")
        ).one()
        self.bimteks = [
            self._bimtek("I", -ENDED_DAYS - 20, 20, "Pendopo Kecamatan Pracimantoro"),
            self._bimtek("II", -9, 30, "Balai Desa Sumberagung"),
        ]
        self.planned = self._bimtek("III", 30, 1, "Aula Kecamatan Selogiri")
        for trainer, bimtek in zip((*self.trainers, self.trainers[-1]), (*self.bimteks, self.planned), strict=True):
            cohorts.take_part(trainer, bimtek, course_id, begin, "pelatih")
        cohorts.take_part(self.trainers[0], self.selfstudy, course_id, begin, "pelatih")
        accounts.note(self.admin, MARK, "demo", now)

    def _bimtek(self, number: str, start: int, days: int, place: str) -> int:
        first = (self.now + timedelta(days=start)).astimezone(WIB).date()
        name = f"Bimtek Dasar PSM Angkatan {number} (peragaan)"
        last = first + timedelta(days=days)
        return cohorts.open_bimtek(CohortPlan(self.course_id, name, first, last, place), self.edition.id).id

    def play(self) -> None:
        """Everybody comes, learns as far as their stage says, and takes what they have earned."""
        finished: list[DemoLearner] = []
        readers: list[int] = []
        for place, extra in enumerate(extras()):
            start = self.now - timedelta(days=extra.days)
            person = accounts.add_person(extra.name, start, region=extra.village.code, phone=self._phone(place))
            ended, running = self.bimteks
            choices = (self.selfstudy, running, ended) if extra.days > ENDED_DAYS else (self.selfstudy, running)
            joined = choices[place % len(choices)]
            for cohort in {self.selfstudy, joined}:
                cohorts.take_part(person.id, cohort, self.course_id, start)
            if joined == running:
                readers.append(person.id)
            learner = DemoLearner(self, person, start, extra.stage)
            learner.learn()
            if extra.stage in AFTERWARDS:
                learner.tick()
                finished.append(learner)
        for learner in sorted(finished, key=lambda learner: learner.moment):
            AFTERWARDS[learner.stage](learner)
        self._trial()
        scenes.write(self.course_id, self.edition, (self.trainers[0], self.trainers[1]), self.now)
        scenes.answer(self.edition, self.trainers[0], self.now)
        scenes.ask(self.edition, self.bimteks[1], readers, self.now)
        self._days()

    def _days(self) -> None:
        """One bimtek is over and closed, one is going on today, one has a list of people to settle."""
        (first, second), (ended, running), now = self.trainers, self.bimteks, self.now
        last = now - timedelta(days=ENDED_DAYS)
        held = scenes.plan(ended, self.edition, last.astimezone(WIB).date(), first, last)
        came = scenes.members(ended, held[0].starts_at)
        scenes.attend(held, [member for member, _ in came], first, now)
        scenes.survey_and_plan(ended, [member for member, _ in came], first, held[-1].ends_at)
        events.close(ended, first, last + timedelta(days=1))
        held = scenes.plan(running, self.edition, now.astimezone(WIB).date(), second, now)
        over = held[-1].ends_at
        scenes.set_hours(running, now - timedelta(days=9), over, over + timedelta(days=21))
        here = scenes.members(running, held[0].starts_at)
        scenes.attend(held, [member for member, _ in here], second, now)
        scenes.plan(self.planned, self.edition, (now + timedelta(days=30)).astimezone(WIB).date(), second, now)
        scenes.bring_list(self.planned, [person for _, person in here], second, now - timedelta(hours=1))

    def _phone(self, place: int) -> str:
        """Every third person gave one; 0800 numbers belong to nobody's phone."""
        return f"08000000{place:04}" if place % 3 == 0 else ""

    def _trial(self) -> None:
        start = self.now - timedelta(days=8)
        trainer = db.session.get_one(Person, self.trainers[-1])
        cohorts.take_part(trainer.id, self.bimteks[-1], self.course_id, start)
        DemoLearner(self, trainer, start, "separuh jalan").learn()


class DemoLearner:
    """One person walking through the course; `moment` is where in time they are."""

    def __init__(self, play: Demonstration, person: Person, start: datetime, stage: str) -> None:
        self.play, self.person_id, self.name, self.region = play, person.id, person.name, person.region
        self.stage = stage
        self.moment, self.rng, self.edition = start, play.rng, play.edition
        self.stride = (play.now - start) / (MOST_STEPS * len(play.edition.lessons) + TEST_STEPS)
        found = read_edition(SLUG, person.id, start.astimezone(WIB).date())
        assert found is not None
        self.ref: CourseRef = found
        self.enrolment_id = enrol(person.id, play.course_id, start)

    def tick(self) -> datetime:
        """A while later; never as late as now, however long each step is."""
        self.moment += self.stride * self.rng.uniform(0.4, 1.6)
        return self.moment

    def learn(self) -> None:
        """As far as the stage says."""
        lessons = list(self.edition.lessons)
        half = len(lessons) // 2
        if self.stage == "baru ikut":
            return
        if self.stage in ("separuh jalan", "kuis terbuka"):
            lessons = lessons[: half + self.rng.randrange(2)]
        elif self.stage != "pernah belum lulus":
            self.test(PRETEST, right=self.rng.uniform(0.3, 0.6))
        for identity in lessons:
            finish_lesson(self.enrolment_id, identity, self.edition.id, self.tick())
            if identity not in self.edition.quizzes:
                continue
            if self.stage == "kuis terbuka" and identity == lessons[-1]:
                self.answer(identity, right=1.0, send=False)
                return
            if self.stage == "pernah belum lulus" and identity in lessons[: half + 1]:
                self.answer(identity, right=0.3)
            self.answer(identity, right=1.0 if self.rng.random() < 0.6 else 0.85)
        if self.stage not in ("separuh jalan", "kuis terbuka"):
            self.test(POSTTEST, right=self.rng.uniform(0.75, 1.0))

    def test(self, name: str, *, right: float) -> None:
        """One of both tests, where the course has them."""
        bank = bank_of(self.edition)
        if bank is None:
            return
        member = standings([replace(self.ref, enrolment_id=self.enrolment_id)])[self.enrolment_id].membership_id
        attempt_id = quizzes.open_test(member, self.edition, bank, name, 1, self.rng, self.tick())
        self._answer(self._own(attempt_id), right)

    def answer(self, identity: str, *, right: float, send: bool = True) -> None:
        """One attempt, saved question by question; unsent, its last question is still open."""
        if form := form_of(self.edition, identity):
            self.fill_in(form)
            return
        lesson = rendered_lesson(self.edition, identity)
        assert lesson is not None
        sheet = draw_sheet(file_of(identity), lesson.lesson.quiz, self.edition.course.quiz.pass_mark, self.rng)
        self._answer(self._open((identity, *self.edition.earlier(identity)), sheet), right, send=send)

    def _answer(self, attempt: AttemptFacts, right: float, *, send: bool = True) -> None:
        questions, items = questions_of(attempt), attempt.sheet.items
        wrong = len(items) - round(right * len(items))
        asked = [questions[item.hash] for item in items]
        entries = self._entries([*map(self._wrong, asked[:wrong]), *map(self._right, asked[wrong:])])
        quizzes.save_answers(attempt.id, entries[:-1], self.tick())
        if send:
            moment = self.tick()
            quizzes.save_answers(attempt.id, entries[-1:], moment)
            quizzes.submit(attempt, questions, moment)

    def fill_in(self, form: Form) -> None:
        """One attempt at the form's first case to be filled in alone, as its key does."""
        case = next(case for case in form.cases if case.stage == "sendiri")
        attempt = self._open((f"{form.path}#{case.slug}",), form.sheet(case))
        entries = self._entries([case.model.get(item.field.name, ()) for item in form.asked(case)])
        moment = self.tick()
        quizzes.save_answers(attempt.id, entries, moment)
        quizzes.submit(attempt, {}, moment)

    def _open(self, names: Sequence[str], sheet: Sheet) -> AttemptFacts:
        return self._own(quizzes.open_attempt(self.enrolment_id, self.edition.id, names, 1_000, sheet, self.tick()))

    def _own(self, attempt_id: str | None) -> AttemptFacts:
        attempt = attempt_of(self.person_id, attempt_id or "")
        assert attempt is not None
        return attempt

    def _entries(self, values: Sequence[Value]) -> list[quizzes.Entry]:
        return [quizzes.Entry(f"{self.rng.getrandbits(96):024x}", at, at, value) for at, value in enumerate(values, 1)]

    def _right(self, question: Question) -> Value:
        if isinstance(question, Reflection):
            return (self.rng.choice(DATA["stories"]),)
        if isinstance(question, ShortAnswer):
            return (question.accepted[0].partition("..")[0],)
        return question.key

    def _wrong(self, question: Question) -> Value:
        if isinstance(question, Reflection | ShortAnswer):
            return ("belum tahu",) if isinstance(question, ShortAnswer) else self._right(question)
        if isinstance(question, MultipleChoice):
            return question.key[:1]
        if isinstance(question, Ordering | Matching):
            return question.key[1:] + question.key[:1]
        return tuple(key for key in question.items if key not in question.key)[:1]

    def draft(self, name: str, *, sample: bool = False) -> certificates.SheetDraft:
        """The certificate as the learner's own click would make it."""
        member = selfstudy_membership(self.person_id, self.play.course_id)
        assert member is not None
        person = progress(self.ref, self.edition)
        day = self.moment.astimezone(WIB).date()
        signs = None if sample else issuer("mandiri", day)
        return selfstudy.draft(member, self.enrolment_id, self.edition, person, name, self.region, signs, day)

    def issue(self, name: str = "", *, sample: bool = False) -> str:
        """The id of the certificate, or of a sample as it was before the office was set."""
        plan = self.draft(name or self.name, sample=sample)
        return certificates.issue(plan, self.play.settings.signing_key, self.moment)


def _sample(learner: DemoLearner) -> None:
    learner.issue(sample=True)


def _revoked(learner: DemoLearner) -> None:
    certificate_id = learner.issue()
    certificates.revoke(certificate_id, "Terbit untuk orang yang keliru.", learner.tick(), by=learner.play.admin)


def _replaced(learner: DemoLearner) -> None:
    """Issued with a slip in the name, then corrected under the same number."""
    right = learner.name
    certificate_id = learner.issue(f"{right[:-1]}{right[-1] * 2}")
    learner.tick()
    plan, key = learner.draft(right), learner.play.settings.signing_key
    certificates.reissue(certificate_id, plan, key, "Ejaan nama dibetulkan.", learner.moment, by=learner.play.admin)


AFTERWARDS = {"berlaku": lambda learner: learner.issue(), "contoh": _sample, "dicabut": _revoked, "diganti": _replaced}


def guide(settings: Settings) -> Iterator[str]:
    """Where to look: the address, three people's cards, a certificate of each state, a cohort to join."""
    yield f"Buka {settings.public_url} setelah situs berjalan (make demo, atau lms serve)."
    yield "Masuk dengan kartu tiga orang pada tahap yang berbeda:"
    people = {extra.stage: extra.name for extra in extras()}
    for stage, words in DATA["to_try"].items():
        person = db.session.scalars(select(Person).where(Person.name == people[stage])).one()
        token = token_of(person.id, person.card_serial)
        yield f"  {person.name}, {words}: {card_link_of(token, settings.public_url)}"
    yield "Periksa empat lembar sertifikat:"
    for stage, event in {"berlaku": "issued", "contoh": "issued", "diganti": "replaced", "dicabut": "revoked"}.items():
        yield f"  {stage}: {settings.public_url}/cek/{_token(people[stage], event)}"
    going_on = Cohort.kind == "bimtek", Cohort.closed_at.is_(None)
    code = db.session.scalar(select(Cohort.code).where(*going_on).order_by(Cohort.starts_on).limit(1))
    yield f"Ikut bimtek yang sedang berjalan: {settings.public_url}/ikut/{code}"
    yield "Semua orang, kantor, dan nomor di sini rekaan."


def _token(name: str, event: str) -> str:
    """Of the person's one sheet to which this happened."""
    return db.session.scalars(
        select(Certificate.token)
        .join(Membership, Membership.id == Certificate.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .join(CertificateEvent, CertificateEvent.certificate_id == Certificate.id)
        .where(Person.name == name, CertificateEvent.kind == event)
    ).one()
