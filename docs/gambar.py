"""Takes the pictures of the manual for trainers from a running demonstration, on a phone: `make screenshots`.

The demonstration is made anew in a temporary folder, with a clock that stands still and a seed instead of chance, so
that a picture changes only when its page does. What the words of a lesson point to is outlined; nothing else is added.
"""

import io
import os
import random
import re
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from lms.boot import setup
from lms.boot.app import create_app
from lms.boot.demo import SLUG, fill
from lms.certificate.qr import encode
from lms.certificate.snapshot import snapshot_of
from lms.course import actions as content
from lms.course import queries as drafts
from lms.course.questions.choice import SingleChoice
from lms.db.engine import close_all, db, writing
from lms.db.settings import ROOT, Settings
from lms.db.tables import (
    Attempt,
    Certificate,
    CertificateEvent,
    Cohort,
    Course,
    Enrolment,
    Grading,
    ImportBatch,
    Meeting,
    Membership,
    Person,
)
from lms.learn import actions as inquiries
from lms.people.actions import add_device, correct
from lms.quiz.queries import attempt_of, questions_of
from lms.web.clock import Clock

sys.path.insert(0, str(ROOT))  # A script finds modules beside itself only.
from tests.serving import serving

FOLDER = ROOT / "courses" / "panduan-pelatih"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
NOW = datetime(2026, 11, 24, 2, 14, tzinfo=UTC)
KEY = bytes(range(32))
ADDRESS = "https://sinau.example"
WIDTH, SCALE, COLOURS, FRAME, SETTLED = 360, 1.5, 48, 10, 300
TRAINER, ADMIN = "pelatih.satu", "pengelola"
EDITING = f"/pelatih/kursus/{SLUG}"
OUTLINE = "found => { found.style.outline = '3px solid #b86a00'; found.style.outlineOffset = '3px' }"
COLLEAGUE = "pelatih.dua"
CHANGED, WAITING, FAULTY, SHARED = (
    "konsep-psm/empat-fungsi.md",
    "konsep-psm/tugas-dan-batas.md",
    "asesmen/menjaga-rahasia.md",
    "ipsm/guna-ipsm.md",
)
QUESTION = "Kalau warga tidak punya kartu keluarga, apakah kunjungannya tetap dicatat? Di dusun saya ada dua keluarga."


def reworded(text: str, words: str) -> str:
    """A lesson whose sentence of aims says something else."""
    return re.sub(
        r"(?m)^Setelah pelajaran ini Anda dapat .*$", f"Setelah pelajaran ini Anda dapat {words}.", text, count=1
    )


def save_late(page: Page, demo: "Demo") -> None:
    """The trainer saves a sentence that a colleague has changed since it was opened."""
    text = page.locator("#teks").input_value()
    demo.edit(COLLEAGUE, SHARED, lambda held: reworded(held, "menyebut tiga guna IPSM bagi anggotanya"))
    page.locator("#teks").fill(reworded(text, "memakai IPSM untuk berbagi tugas di kecamatan"))
    page.locator("#simpan").click()
    page.wait_for_selector("#gabung")


def send_picture(page: Page, demo: "Demo") -> None:
    """The trainer sends a picture for the lesson: the README's."""
    page.locator("#gambar").set_input_files(ROOT / "docs" / "layar.png")
    page.locator("#teks").fill("Empat halaman Sinau PSM di HP: pelajaran, kuis, kemajuan, dan sertifikat.")
    page.get_by_role("button", name="Simpan gambar").click()
    page.wait_for_selector("#baris")
    page.locator("figure img").evaluate("found => found.decode()")


def check_alone(page: Page, demo: "Demo") -> None:
    """Somebody pastes the text of a sheet's code where no network is needed."""
    with demo.app.app_context():
        payload = db.session.scalars(select(Certificate.payload).where(Certificate.token == demo.places["token"])).one()
    page.locator("#teks").fill(encode(snapshot_of(payload), KEY))
    page.locator("#periksa").click()
    page.wait_for_selector("#hasil h2")


def add_title(page: Page, demo: "Demo") -> None:
    """The trainer adds the title that the sheet lacks, and comes back to it."""
    with demo.app.app_context(), writing():
        holder = select(Membership.person_id).join(Certificate, Certificate.membership_id == Membership.id)
        person_id = db.session.scalars(holder.where(Certificate.token == demo.places["token"])).one()
        correct(person_id, {"title_after": "S.Pd."}, person_id, NOW)
    page.reload(wait_until="networkidle")


class Shot(NamedTuple):
    """One picture: whose page, what is pressed or typed there first, what is outlined, and where it begins.

    `path` may name places of the demonstration in braces; a step with a text types it, without it presses. `act` is
    what no list of steps can say.
    """

    file: str
    who: str
    path: str
    mark: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    top: str = "h1"
    height: int = 560
    act: "Callable[[Page, Demo], None] | None" = None


SHOTS = (
    Shot("meja/media/depan.png", TRAINER, "/", "main a[href='/pelatih']", top="header.top", height=680),
    Shot("meja/media/meja.png", TRAINER, "/pelatih", top="header.top", height=620),
    Shot("meja/media/angkatan.png", TRAINER, "/pelatih/{cohort}", height=640),
    Shot("meja/media/macet.png", TRAINER, "/pelatih/{cohort}?saring=macet", "summary", top="section.card", height=640),
    Shot("meja/media/peserta.png", TRAINER, "/pelatih/{cohort}/anggota/{member}", height=740),
    Shot("soal/media/alasan.png", "{learner}", "/kuis/{attempt}/hasil", top=".judged:has(.wrong)", height=740),
    Shot("bantu/media/bantu.png", TRAINER, "/pelatih/{cohort}/anggota/{member}/bantu", "form[action$='/kode'] .btn"),
    Shot("bantu/media/isi.png", TRAINER, "/pelatih/{cohort}/anggota/{member}/isi", "button.link >> nth=0"),
    Shot("bantu/media/kotak.png", TRAINER, "/pelatih/{cohort}/kotak", height=600),
    Shot(
        "bantu/media/ganda.png", TRAINER, "/pelatih/{cohort}/ganda", steps=(("a.btn.second >> nth=0", ""),), height=740
    ),
    Shot("salah/media/putusan.png", TRAINER, "/pelatih/{cohort}/soal/{question}", top="fieldset", height=520),
    Shot(
        "salah/media/lihat.png",
        TRAINER,
        "/pelatih/{cohort}/soal/{question}",
        ".next button.btn",
        (("input[value=batal]", ""), ("#alasan", "Lampiran aturan menyebut dua jawaban."), (".next .btn", "")),
    ),
    Shot(
        "salah/media/betulkan.png",
        TRAINER,
        "/pelatih/{cohort}/anggota/{member}/bantu",
        steps=(("details:has(#nama) summary", ""),),
        top="#data",
        height=620,
    ),
    Shot(
        "salah/media/sandi.png",
        ADMIN,
        "/kelola/staf/{trainer}",
        steps=(("form[action$='/sandi'] button", ""),),
        height=500,
    ),
    Shot(
        "salah/media/perangkat.png",
        TRAINER,
        "/saya/masuk",
        "form[action$='/keluar'] button.link",
        top="section[aria-labelledby=perangkat]",
    ),
    Shot("menulis/media/meja-kursus.png", TRAINER, f"{EDITING}", height=660),
    Shot(
        "menulis/media/pelajaran.png",
        TRAINER,
        EDITING,
        f"li[id='p-{WAITING}'] button",
        ((f"li[id='p-{WAITING}'] summary", ""),),
        f"li[id='p-{WAITING}']",
        640,
    ),
    Shot("menulis/media/sunting.png", TRAINER, f"{EDITING}/sunting/{WAITING}", "#simpan", height=620),
    Shot(
        "periksa/media/pemeriksaan.png", TRAINER, f"{EDITING}/sunting/{FAULTY}", "#harus a", top="#masalah", height=480
    ),
    Shot("terbit/media/terbitkan.png", TRAINER, f"{EDITING}/terbitkan", top="fieldset", height=740),
    Shot("terbit/media/terbitan.png", TRAINER, f"{EDITING}/terbitan/2", top="#beda", height=640),
    Shot("terbit/media/berdua.png", TRAINER, f"{EDITING}/sunting/{SHARED}", height=700, act=save_late),
    Shot("bimtek/media/acara.png", COLLEAGUE, "/pelatih/{running}", height=740),
    Shot(
        "bimtek/media/pertemuan.png",
        COLLEAGUE,
        "/pelatih/{planned}/acara/pertemuan",
        top="label[for=materi]",
        height=740,
    ),
    Shot("bimtek/media/impor.png", COLLEAGUE, "/pelatih/{planned}/impor/{batch}", height=900),
    Shot("bimtek/media/pilih.png", COLLEAGUE, "/pelatih/{planned}/impor/{batch}", top="nav.parts", height=740),
    Shot("bimtek/media/kode.png", COLLEAGUE, "/pelatih/{running}/hadir/{meeting}", height=760),
    Shot(
        "bimtek/media/centang.png",
        COLLEAGUE,
        "/pelatih/{running}/hadir/{meeting}?bagian=daftar",
        top="fieldset",
        height=560,
    ),
    Shot("bimtek/media/tes.png", COLLEAGUE, "/pelatih/{running}/tes", height=740),
    Shot("bimtek/media/narasumber.png", TRAINER, "/pelatih/{ended}/tes?bagian=awal", top="h2", height=740),
    Shot("bimtek/media/survei.png", TRAINER, "/pelatih/{ended}/survei", height=700),
    Shot("bimtek/media/jangkauan.png", TRAINER, "/pelatih/jangkauan", height=740),
    Shot("bimtek/media/laporan.png", TRAINER, "/pelatih/{ended}/laporan", height=760),
    Shot("gambar/media/tambah.png", TRAINER, f"{EDITING}/gambar?pelajaran={WAITING}", height=620, act=send_picture),
    Shot("sertifikat/media/terbit.png", TRAINER, "/pelatih/{ended}/sertifikat", height=740),
    Shot("sertifikat/media/cek.png", ADMIN, "/cek/{token}", top="section.check", height=700),
    Shot("sertifikat/media/luring.png", ADMIN, "/cek/luring", top="#periksa", height=540, act=check_alone),
    Shot("sertifikat/media/register.png", ADMIN, "/kelola/register", height=740),
    Shot(
        "sertifikat/media/betulkan.png",
        TRAINER,
        "/pelatih/{cohort}/sertifikat/{sheet}",
        ".switch .btn",
        top="#betulkan",
        height=540,
        act=add_title,
    ),
)


class Demo:
    """The served demonstration, and the places in it that a shot may name."""

    def __init__(self, app: Flask, address: str) -> None:
        self.app, self.address = app, address
        self.phones: dict[int, str] = {}
        with app.app_context():
            course = db.session.scalars(select(Course).where(Course.slug == SLUG)).one()
            cohort = db.session.scalars(
                select(Cohort).where(Cohort.course_id == course.id, Cohort.kind == "mandiri")
            ).one()
            attempt, learner, question = _missed()
            trainer = self.person(TRAINER)
            member = db.session.scalars(
                select(Membership.id)
                .join(Person, Person.id == Membership.person_id)
                .join(Enrolment, Enrolment.person_id == Person.id)
                .join(Attempt, Attempt.enrolment_id == Enrolment.id)
                .where(Membership.cohort_id == cohort.id, Person.phone != "", Attempt.submitted_at.is_(None))
                .order_by(Membership.id)
            ).first()
            self.places = {
                "cohort": cohort.code,
                "member": member,
                "attempt": attempt,
                "learner": learner,
                "trainer": trainer,
                "question": question,
                **_bimteks(),
                **_sheet(),
            }
            self.course_id = course.id
            asking = {
                "edition_id": course.current_edition_id or 0,
                "lesson": "konsep-psm/apa-itu-psm",
                "question_hash": "",
            }
            asking |= {"form_id": "gambar", "person_id": learner, "cohort_id": cohort.id, "kind": "tanya"}
            db.session.rollback()
            with writing():
                add_device(trainer, "Windows, Edge", NOW - timedelta(days=3))
                inquiries.ask(**asking, text=QUESTION, at=NOW - timedelta(hours=3))
        self._write(trainer)

    def _write(self, trainer: int) -> None:
        """Drafts at every stage: published, waiting, a colleague's with a fault."""
        self.edit(
            TRAINER, CHANGED, lambda text: reworded(text, "mengenali empat fungsi PSM").replace(" dan ", " serta ", 2)
        )
        with self.app.app_context():
            checked = content.check_changes(self.course_id, [CHANGED], NOW.date())
            with writing():
                content.publish(checked, NOW, person_id=trainer, why="Kalimat tentang empat fungsi dipermudah")
        self.edit(TRAINER, WAITING, lambda text: reworded(text, "membedakan tugas PSM dari yang bukan tugasnya"))
        self.edit(COLLEAGUE, FAULTY, lambda text: text.replace("- [x] Menolak", "- [ ] Menolak", 1))

    def edit(self, who: str, path: str, change: Callable[[str], str]) -> None:
        """Somebody saves a lesson in the draft."""
        with self.app.app_context():
            base = drafts.draft_hash(self.course_id, path)
            text = drafts.blobs({base})[base].decode()
            assert change(text) != text, path
            person_id = self.person(who)
            db.session.rollback()
            with writing():
                content.save_file(self.course_id, path, change(text).encode(), base, person_id, NOW)

    def person(self, login: str) -> int:
        """The id of a member of staff."""
        return db.session.scalars(select(Person.id).where(Person.login == login)).one()

    def cookie(self, who: str) -> str:
        """The session of this person's one phone; they are named by login or id."""
        with self.app.app_context():
            person_id = int(who) if who.isdecimal() else self.person(who)
            db.session.rollback()
            if person_id not in self.phones:
                with writing():
                    self.phones[person_id] = add_device(person_id, "Android, Chrome", NOW).id
        device = self.phones[person_id]
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None
        return str(serializer.dumps({"_user_id": device, "_fresh": True, "_permanent": True}))


def _bimteks() -> dict[str, object]:
    """The codes of the three bimteks, the meeting that goes on now, and the list that waits."""
    codes = db.session.scalars(select(Cohort.code).where(Cohort.kind == "bimtek").order_by(Cohort.starts_on))
    going_on = select(Meeting.id).where(Meeting.starts_at <= NOW, Meeting.ends_at > NOW)
    places = db.session.scalars(going_on).one(), db.session.scalars(select(ImportBatch.id)).one()
    return dict(zip(("ended", "running", "planned", "meeting", "batch"), (*codes, *places), strict=True))


def _sheet() -> dict[str, object]:
    """The first certificate of somebody who studies alone that holds."""
    ended = select(CertificateEvent.certificate_id).where(CertificateEvent.kind != "issued")
    found = select(Certificate.id, Certificate.token).where(Certificate.id.not_in(ended), ~Certificate.sample)
    first = db.session.execute(found.order_by(Certificate.sequence)).first()
    return dict(zip(("sheet", "token"), first or (), strict=True))


def _missed() -> tuple[str, int, str]:
    """An attempt, whose it is, and a question with one right choice that was missed there: the first ones are."""
    fallen = (
        select(Attempt.id, Enrolment.person_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Grading, Grading.attempt_id == Attempt.id)
        .where(Grading.passed.is_(False))
        .order_by(Grading.id.desc())
    )
    for attempt_id, person_id in db.session.execute(fallen):
        attempt = attempt_of(person_id, attempt_id)
        if attempt and not attempt.is_form:
            first = questions_of(attempt)[attempt.sheet.items[0].hash]
            if type(first) is SingleChoice and len(first.options) > 2:
                return attempt_id, person_id, first.hash
    raise LookupError


@contextmanager
def demonstration(folder: Path) -> Iterator[Demo]:
    """A demonstration of its own on a free port."""
    chance = random.Random(7)
    drawn = {"token_bytes": chance.randbytes, "randbelow": chance.randrange, "randbits": chance.getrandbits}
    for name, draw in drawn.items():
        setattr(secrets, name, draw)
    Clock.source = staticmethod(lambda: NOW)
    settings = Settings(data=folder, demo=True, secret_key=KEY, card_key=KEY, signing_key=KEY)
    app = create_app(settings)
    # Without the manual, which can't be published before its pictures are there.
    shutil.copytree(setup.COURSES / SLUG, folder / "kursus" / SLUG)
    setup.COURSES = folder / "kursus"
    setup.initialise(app, settings)
    with app.app_context():
        list(fill(settings, NOW))
        db.session.remove()
    app.config |= {"PUBLIC_URL": ADDRESS, "IS_HTTPS": True}
    with serving(app, settings) as address:
        yield Demo(app, address)
    with app.app_context():
        close_all()


def take(browser: Browser, demo: Demo, shot: Shot) -> bytes:
    """The picture as PNG of few colours."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": shot.height},
        device_scale_factor=SCALE,
        locale="id-ID",
        reduced_motion="reduce",
    )
    context.set_default_timeout(60_000)
    cookie = demo.cookie(shot.who.format(**demo.places))
    context.add_cookies([{"name": "sinau", "value": cookie, "url": demo.address}])
    page = context.new_page()
    page.goto(demo.address + shot.path.format(**demo.places), wait_until="networkidle")
    for selector, text in shot.steps:
        _step(page, selector, text)
    if shot.act:
        shot.act(page, demo)
    if shot.mark:
        page.locator(shot.mark).first.evaluate(OUTLINE)
    page.locator(shot.top).first.evaluate(
        f"found => scrollTo(0, found.getBoundingClientRect().top + scrollY - {FRAME})"
    )
    page.wait_for_timeout(SETTLED)
    data = page.screenshot()
    context.close()
    return _small(data)


def _step(page: Page, selector: str, text: str) -> None:
    found = page.locator(selector).first
    if text:
        found.fill(text)
        return
    found.click()
    page.wait_for_load_state("networkidle")


def _small(data: bytes) -> bytes:
    found = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        found, "PNG", optimize=True
    )
    return found.getvalue()


def main(wanted: list[str]) -> None:
    """Take all pictures, or those whose file names hold one of the words given."""
    shots = [shot for shot in SHOTS if not wanted or any(word in shot.file for word in wanted)]
    with tempfile.TemporaryDirectory() as folder, demonstration(Path(folder)) as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for shot in shots:
            picture = take(browser, demo, shot)
            (FOLDER / shot.file).parent.mkdir(parents=True, exist_ok=True)
            (FOLDER / shot.file).write_bytes(picture)
            sys.stdout.write(f"{shot.file}  {len(picture) // 1000} KB\n")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
