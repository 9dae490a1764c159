"""A bimtek from the office's spreadsheet to the report: ten minutes without network in the middle, and nothing lost."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from lms.db.engine import db, writing
from lms.db.tables import Answer, Attempt, Attendance, Cohort, Grading, Meeting, Membership, Person
from lms.people import actions as accounts
from lms.web.clock import Clock
from lms.web.dates import WIB
from tests.browser.conftest import Phones, Site
from tests.browser.film import filming
from tests.browser.quiz import attempt_of, expect_news, give_session, gradings, lose_replies
from tests.browser.test_exam import take
from tests.browser.test_reports import taken
from tests.browser.test_survey import judge, send
from tests.conftest import SLUG, Cast, forget_editions, publish_course
from tests.quiz.exam_course import ASKED, exam_files
from tests.report.conftest import add_office
from tests.report.test_report import pdf_text, word_text
from tests.roster.ugly import book

pytestmark = pytest.mark.browser

NAMES = ("Suminah", "Sugeng Riyadi", "Wagiyem", "Slamet", "Parjono")
SUMINAH, SUGENG, WAGIYEM, SLAMET, PARJONO = NAMES
ROWS: list[list[object]] = [
    ["DAFTAR PESERTA BIMTEK"],
    ["KECAMATAN SELOGIRI"],
    ["No", "Nama", "L/P", "Desa", "No HP", "NIK"],
    [1, "HJ. SUMINAH, S.Sos", "P", "Pule", 81234567890, 3312010101800001],
    [2, "Sugeng Riyadi", "L", "Ds. Pule", None, 3312010101800002],
    [3, "Wagiyem", "P", "Pule", "8,12E+09", None],
    [4, "Slamet", "L", "Desa Antah Berantah", None, None],
    [5, "Parjono", "L", "Pule", None, None],
    [None, "Mengetahui, Camat Selogiri"],
]
BEGAN = timedelta(minutes=8)
OUTAGE = timedelta(minutes=10)
"""A card scanned in the 8th minute is in time; in the 18th, when it is sent, it would be late."""


class Day:
    """The site and its trainer's browser; `phones` are the pages of the participants by name."""

    def __init__(self, site: Site, new_phone: Phones, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site, self.new_phone, self.ahead = site, new_phone, timedelta(0)
        monkeypatch.setattr(Clock, "source", staticmethod(lambda: datetime.now(UTC) + self.ahead))
        with site.app.app_context():
            publish_course(SLUG, exam_files())
            forget_editions()
            cast = Cast()
            add_office()
            with writing():
                self.device = accounts.add_device(cast.trainer, "Android, Chrome", Clock.source()).id
        desk = new_phone(accept_downloads=True)
        give_session(desk, site, self.device)
        self.desk = desk.new_page()
        self.code = ""
        self.cards: dict[str, str] = {}
        self.phones: dict[str, Page] = {}

    def at(self, path: str) -> Page:
        """The trainer's page of the bimtek at this address."""
        self.desk.goto(f"{self.site.url}/pelatih/{self.code}{path}")
        return self.desk

    def count(self, *what: object) -> int:
        """Rows in the database."""
        with self.site.app.app_context():
            return int(db.session.scalar(select(func.count()).where(*what)) or 0)  # type: ignore[arg-type] # conditions of any kind


def plan(day: Day) -> None:
    """The trainer opens a bimtek of today with one meeting that began a few minutes ago."""
    page, began = day.desk, datetime.now(WIB) - BEGAN
    page.goto(f"{day.site.url}/pelatih")
    page.get_by_role("link", name="Buka angkatan baru").click()
    page.get_by_label("Kursus").select_option(SLUG)
    page.get_by_label("Nama angkatan").fill("Bimtek Selogiri")
    page.get_by_label("Hari pertama").fill(f"{began:%Y-%m-%d}")
    page.get_by_label("Hari terakhir").fill(f"{began + timedelta(days=1):%Y-%m-%d}")
    page.get_by_label("Tempat").fill("Pendopo Kecamatan Selogiri")
    page.get_by_role("button", name="Buka angkatan").click()
    with day.site.app.app_context():
        day.code = db.session.scalars(select(Cohort.code).where(Cohort.name == "Bimtek Selogiri")).one()
    day.at("").get_by_role("link", name="Tambah pertemuan pertama").click()
    last = f"{began:%Y-%m-%d} 23:59"
    page.get_by_label("Tanggal").fill(f"{began:%Y-%m-%d}")
    page.get_by_label("Mulai").fill(f"{min(began, read(last) - timedelta(minutes=1)):%H:%M}")
    page.get_by_label("Selesai").fill(f"{min(began + timedelta(minutes=45), read(last)):%H:%M}")
    page.get_by_label("Judul acara").fill("Praktik asesmen")
    page.get_by_label("Narasumber").fill("Drs. Wiyono")
    page.get_by_role("button", name="Tambah").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bimtek Selogiri")


def name_speaker(day: Day) -> None:
    """The speaker of the programme becomes a person of the site, and finds the page of the bimtek by a card."""
    page = day.at("/petugas")
    page.get_by_role("link", name="Tambahkan Drs. Wiyono").click()
    page.get_by_role("button", name="Tambah", exact=True).click()
    page.get_by_role("button", name="Tampilkan nomor dan pesan").click()
    page.get_by_text("Pesan untuk Drs. Wiyono").first.click()
    card = page.get_by_label("Pesan untuk Drs. Wiyono").input_value().partition("/kartu#")[2][:24]
    phone = day.new_phone().new_page()
    phone.goto(f"{day.site.url}/kartu#{card}")
    phone.get_by_role("button", name="Ya, masuk").click()
    phone.wait_for_url(f"{day.site.url}/")
    phone.goto(f"{day.site.url}/acara/{day.code}")
    expect(phone.locator("main")).to_contain_text("Anda di sini sebagai narasumber.")


def read(text: str) -> datetime:
    """A moment in Wonogiri."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=WIB)


def invite(day: Day) -> None:
    """The spreadsheet is read, one village settled, everybody written; each message has the link of a card."""
    page = day.at("/impor")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    data = book({"Sheet1": ROWS})
    page.get_by_label("Berkas daftar").set_input_files({"name": "Daftar FIX.xlsx", "mimeType": kind, "buffer": data})
    page.get_by_role("button", name="Baca daftar ini").click()
    expect(page.get_by_text("Sengaja tidak diambil: NIK.")).to_be_visible()
    page.get_by_role("region", name=SLAMET).get_by_label("Desa lain").fill("Desa Pule, Kecamatan Selogiri")
    page.get_by_role("button", name="Simpan pilihan").click()
    page.get_by_role("button", name=re.compile(r"Masukkan 5 (orang|yang jelas)")).click()
    expect(page.get_by_role("status")).to_contain_text("Sudah dimasukkan: 5 orang baru")
    page.get_by_role("link", name="Lanjut ke kartu dan undangan").click()
    page.get_by_role("button", name="Tampilkan nomor dan pesan").click()
    for name in NAMES:
        message = page.locator("textarea", has_text="/kartu#").and_(page.get_by_label(f"Pesan untuk {name}"))
        day.cards[name] = message.input_value().partition("/kartu#")[2][:24]


def come(day: Day, name: str) -> None:
    """Sign in by the card's link on a phone of one's own, and read the first lesson at home."""
    page = day.new_phone().new_page()
    page.clock.install()
    page.goto(f"{day.site.url}/kartu#{day.cards[name]}")
    page.get_by_role("button", name="Ya, masuk").click()
    page.wait_for_url(f"{day.site.url}/")
    page.goto(f"{day.site.url}/belajar/{SLUG}/dasar/satu")
    page.get_by_role("button", name=re.compile("^Selesai, lanjut")).click()
    page.wait_for_url(re.compile("/(mulai-kuis|belajar)/"))
    day.phones[name] = page


def begin_pretest(day: Day) -> dict[str, str]:
    """The trainer holds the pre-test back and opens it; everybody begins. Name -> attempt."""
    page = day.at("/tes")
    first = page.locator("section", has=page.get_by_role("heading", name="Tes awal", exact=True))
    first.get_by_role("button", name="Jangan dibuka dulu").click()
    day.phones[SUMINAH].goto(f"{day.site.url}/tes/{SLUG}/awal")
    expect(day.phones[SUMINAH].locator("main")).to_contain_text("Tes awal belum dibuka")
    first.get_by_role("button", name="Buka sekarang").click()
    begun = {}
    for name, phone in day.phones.items():
        phone.goto(f"{day.site.url}/tes/{SLUG}/awal")
        phone.get_by_role("button", name="Mulai tes awal").click()
        phone.wait_for_url(re.compile("/kuis/"))
        begun[name] = attempt_of(phone)
    expect(day.at("/tes").locator("#langsung-awal .counts li").nth(1)).to_have_text("5 sedang mengerjakan")
    return begun


def tap(page: Page, number: int, *, right: bool) -> None:
    """Answer one question of a test and go on."""
    page.locator(f"#soal-{number} label", has_text="Betul" if right else "Keliru").click()
    page.get_by_role("button", name="Soal berikutnya" if number < ASKED else "Periksa jawaban").click()


def go_on_without_network(day: Day, begun: dict[str, str], scanner: Page) -> None:
    """The line is cut for ten minutes: cards are scanned and tests answered, and two are sent before it is back.

    Suminah's first answer arrived, its receipt did not. Parjono never sends.
    """
    lost = lose_replies(day.phones[SUMINAH], 1)
    tap(day.phones[SUMINAH], 1, right=True)
    expect_news(day.phones[SUMINAH], "1 jawaban menunggu sinyal")
    assert lost() == 1
    for phone in day.phones.values():
        phone.context.set_offline(True)
    scanner.context.set_offline(True)
    expect(scanner.locator("#antre")).to_contain_text("5 kartu menunggu terkirim", timeout=40_000)
    before = day.count(Answer.attempt_id.in_(begun.values()))
    for at, (name, phone) in enumerate(day.phones.items()):
        for number in range(2 if name == SUMINAH else 1, 4 if name == PARJONO else ASKED + 1):
            tap(phone, number, right=number <= at)
        expect_news(phone, "jawaban menunggu sinyal")
    for name in (SUMINAH, SUGENG):
        day.phones[name].get_by_role("button", name="Kirim jawaban").click()
        expect_news(day.phones[name], "Kiriman Anda menunggu sinyal")
    assert day.count(Answer.attempt_id.in_(begun.values())) == before == 1
    assert day.count(Attendance.id > 0) == 0
    day.ahead = OUTAGE
    for page in (*day.phones.values(), scanner):
        page.clock.fast_forward(int(OUTAGE.total_seconds() * 1000))


def come_back(day: Day, begun: dict[str, str], scanner: Page) -> None:
    """The line is mended: everything arrives by itself and counts once, and the cards when they were scanned."""
    for page in (*day.phones.values(), scanner):
        page.context.set_offline(False)
    for name in (SUMINAH, SUGENG):
        day.phones[name].wait_for_url(re.compile("/tes/hasil/"))
    expect_news(day.phones[PARJONO], "Tersimpan")
    for name in (WAGIYEM, SLAMET):
        expect_news(day.phones[name], "Tersimpan")
        day.phones[name].get_by_role("button", name="Kirim jawaban").click()
        day.phones[name].wait_for_url(re.compile("/tes/hasil/"))
    expect(scanner.locator("#antre")).to_have_text("")
    assert sorted(scanner.locator("#hasil li").all_inner_texts()) == [f"{name}: hadir" for name in sorted(NAMES)]
    for name, attempt in begun.items():
        count = 3 if name == PARJONO else ASKED
        mine = Answer.attempt_id == attempt
        assert day.count(mine) == day.count(mine, Answer.late.is_(False)) == count, name
        right = {SUMINAH: 1, SUGENG: 1, WAGIYEM: 2, SLAMET: 3}.get(name)
        assert gradings(day.site, attempt) == ([] if right is None else [(right, ASKED)]), name
    assert noted(day) == dict.fromkeys(NAMES, ("hadir", 1, True))


def noted(day: Day) -> dict[str, tuple[str, int, bool]]:
    """Name -> (state, rows, whether they stand at the moment of scanning, not of sending)."""
    with day.site.app.app_context():
        limit = Clock.source() - OUTAGE + timedelta(seconds=5)
        rows = db.session.execute(
            select(Person.name, func.max(Attendance.state), func.count(), func.max(Attendance.noted_at))
            .join(Membership, Membership.id == Attendance.membership_id)
            .join(Person, Person.id == Membership.person_id)
            .group_by(Person.name)
        )
        return {name: (state, count, moment <= limit) for name, state, count, moment in rows}


def end_pretest(day: Day, begun: dict[str, str]) -> None:
    """Closing it grades by a job what Parjono never sent, and leads to the sheet for the speaker."""
    page = day.at("/tes")
    first = page.locator("section", has=page.get_by_role("heading", name="Tes awal", exact=True))
    first.locator("summary", has_text="Jadwal dan penutupan").click()
    first.get_by_text("Ya, tes awal ditutup sekarang").click()
    first.get_by_role("button", name="Tutup dan nilai").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lembar narasumber: tes awal", timeout=30_000)
    assert gradings(day.site, begun[PARJONO]) == [(3, ASKED)]


def afternoon(day: Day) -> None:
    """The post-test, once it is opened, the survey without names, and a plan, on every phone."""
    page = day.at("/survei")
    page.get_by_role("button", name="Buka survei").click()
    page = day.at("/tes")
    last = page.locator("section", has=page.get_by_role("heading", name="Tes akhir", exact=True))
    last.get_by_role("button", name="Buka sekarang").click()
    for at, phone in enumerate(day.phones.values()):
        phone.goto(f"{day.site.url}/tes/{SLUG}/akhir")
        phone.get_by_role("button", name="Mulai tes akhir").click()
        phone.wait_for_url(re.compile("/kuis/"))
        take(phone, ASKED - (at == 0))
        phone.goto(f"{day.site.url}/survei/{day.code}")
        judge(phone, "Konsumsi", "Baik")
        judge(phone, "Sikap", "Sangat baik", "Narasumber: Drs. Wiyono")
        send(phone)
    phone = day.phones[SUMINAH]
    phone.goto(f"{day.site.url}/rtl/{day.code}")
    first = phone.get_by_role("region", name="Rencana 1")
    first.get_by_label("Bila …").fill("ada lansia yang tinggal sendiri")
    first.get_by_label("… maka saya akan …").fill("mengunjunginya")
    phone.get_by_role("button", name="Simpan rencana").click()
    expect(phone.get_by_text("Rencana Anda tersimpan")).to_be_visible()


def close(day: Day) -> None:
    """Survey, tests and bimtek are closed."""
    page = day.at("/survei")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Tutup survei").click()
    page = day.at("/tes")
    page.get_by_text("Ya, kedua tes Bimtek Selogiri memang akan ditutup").click()
    page.get_by_role("button", name="Tutup kedua tes").click()
    expect(page.get_by_text("Kedua tes ditutup")).to_be_visible()
    page = day.at("")
    page.locator("summary", has_text="Tutup bimtek").click()
    page.get_by_text("Ya, Bimtek Selogiri sudah selesai").click()
    page.get_by_role("button", name="Tutup bimtek").click()
    page.get_by_role("link", name="Buat laporan kegiatan").click()


def report(day: Day) -> dict[str, str]:
    """The work is done before the bar; both files in words."""
    page = day.desk
    page.get_by_text("Yang Anda tulis dalam laporan").click()
    page.get_by_label("Dasar").fill("SK Kepala Dinas Sosial Nomor 12 Tahun 2026")
    page.get_by_label("Hambatan").fill("Jaringan balai putus sepuluh menit.")
    page.get_by_role("button", name="Buat laporan").click()
    expect(page.get_by_role("heading", name="Laporannya siap")).to_be_visible(timeout=30_000)
    pdf, docx = taken(page, "Unduh untuk dicetak"), taken(page, "Unduh untuk Word")
    return {"pdf": pdf_text(pdf), "docx": word_text(docx)}


def told_by_pages(day: Day) -> list[str]:
    """What the trainer's pages say, in the words of the report."""
    gain = day.at("/tes?bagian=peningkatan").content()
    of_means, mean = re.findall(r"<dd><b>([\d,]+)</b>", gain)
    means = re.search(r"dari rata-rata ([\d,]+) menjadi ([\d,]+)", gain)
    passed = re.search(r"<b>(\d+) dari (\d+)</b> lulus tes akhir \(([\d,]+%)\)", gain)
    index = re.search(r"Indeks <b>([\d,]+)</b>: ([a-z ]+)\.", day.at("/survei").content())
    plans = day.at("/rtl").locator("main").inner_text()
    with day.site.app.app_context():
        meeting = db.session.scalars(select(Meeting.id).where(Meeting.subject == "Praktik asesmen")).one()
    came = day.at(f"/hadir/{meeting}").locator("#hadir").inner_text()
    assert means
    assert passed
    assert index
    assert "1 orang menulis 1 rencana" in plans
    return [
        f"dari {means[1]} menjadi {means[2]}: gain rata-rata kelas {of_means}",
        f"rata-rata gain perorangan {mean} dari 5 orang",
        f"{passed[1]} dari {passed[2]} peserta lulus tes akhir ({passed[3]})",
        f"Penyelenggaraan {index[1]}",
        f"Praktik asesmen {came} 0 0 0 0",
        "1 peserta menulis 1 rencana tindak lanjut",
    ]


def test_a_bimtek_goes_from_the_spreadsheet_to_the_report_though_the_network_fails(
    site: Site, chromium: Browser, new_phone: Phones, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    day = Day(site, new_phone, monkeypatch)
    plan(day)
    name_speaker(day)
    invite(day)
    for name in NAMES:
        come(day, name)
    begun = begin_pretest(day)
    links = [f"{day.site.url}/kartu#{card}" for card in day.cards.values()]
    with filming(chromium, links, tmp_path / "kartu.y4m") as phone:
        give_session(phone, day.site, day.device)
        scanner = phone.new_page()
        scanner.clock.install()
        with day.site.app.app_context():
            meeting = db.session.scalars(select(Meeting.id)).one()
        # A card is before the camera as soon as the page is open, and the line not yet cut.
        scanner.route("**/pindai", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
        scanner.goto(f"{site.url}/pelatih/{day.code}/hadir/{meeting}/pindai")
        go_on_without_network(day, begun, scanner)
        scanner.unroute("**/pindai")
        come_back(day, begun, scanner)
    end_pretest(day, begun)
    afternoon(day)
    close(day)
    files = report(day)
    for words in (
        *told_by_pages(day),
        "5 (lima) orang",
        "5 dari 5 peserta mengirim survei tanpa nama",
        "SK Kepala Dinas Sosial Nomor 12 Tahun 2026",
        "Jaringan balai putus sepuluh menit.",
        "Drs. H. Contoh, M.Si.",
        *NAMES,
    ):
        for extension, text in files.items():
            assert words in text, (extension, words)
    assert day.count(Attempt.id != "", Attempt.quiz.like("tes:%")) == day.count(Grading.attempt_id != "") == 10
