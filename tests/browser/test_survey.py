"""The end of a bimtek's day: a hall answers the survey and its trainer reads it; somebody writes a plan."""

import pytest
from playwright.sync_api import Page, expect

from lms.db.engine import db, writing
from lms.db.tables import SurveyResponse
from lms.people import actions as accounts
from lms.web.clock import now
from tests.bimtek.conftest import add_meeting
from tests.browser.conftest import Phones, Site
from tests.browser.quiz import give_session
from tests.conftest import Cast, add_member, add_person

pytestmark = pytest.mark.browser

SURVEY, PLAN, DESK = "/survei/B1MTEK", "/rtl/B1MTEK", "/pelatih/B1MTEK/survei"
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('draf:'))"


class Hall:
    """The bimtek: a device for its trainer and for each of five participants."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with site.app.app_context():
            cast = Cast()
            add_meeting(cast.bimtek, "Drs. Wiyono")
            people = [cast.participant, *(add_person(f"Peserta {number}") for number in range(4))]
            for person in people:
                add_member(person, cast.bimtek)
            with writing():
                self.trainer, *self.participants = (
                    accounts.add_device(person, "Android, Chrome", now()).id for person in (cast.trainer, *people)
                )

    def page(self, phones: Phones, device: str, path: str, **options: object) -> Page:
        phone = phones(**options)
        give_session(phone, self.site, device)
        page = phone.new_page()
        page.goto(self.site.url + path)
        return page

    def kept(self) -> int:
        with self.site.app.app_context():
            return db.session.query(SurveyResponse).count()


@pytest.fixture
def hall(site: Site) -> Hall:
    return Hall(site)


def judge(page: Page, question: str, answer: str, part: str = "Penyelenggaraan") -> None:
    row = page.get_by_role("region", name=part).get_by_role("group", name=question)
    row.get_by_text(answer, exact=True).click()


def send(page: Page) -> None:
    """Send it, say that what is empty is meant, and send again."""
    page.get_by_role("button", name="Kirim survei tanpa nama").click()
    expect(page.get_by_role("alert")).to_contain_text("pertanyaan yang kosong")
    page.get_by_label("Kirim begini saja").check()
    page.get_by_role("button", name="Kirim survei tanpa nama").click()
    expect(page.get_by_text("sudah terkirim, tanpa nama")).to_be_visible()


def test_five_answer_and_the_trainer_closes_and_reads(hall: Hall, new_phone: Phones) -> None:
    desk = hall.page(new_phone, hall.trainer, DESK)
    desk.get_by_role("button", name="Buka survei").click()
    for number, device in enumerate(hall.participants):
        page = hall.page(new_phone, device, SURVEY, java_script_enabled=number != 0)
        judge(page, "Konsumsi", "Baik")
        judge(page, "Sikap", "Sangat baik", "Narasumber: Drs. Wiyono")
        page.get_by_label("Apa saran Anda?").fill(f"Saran nomor {number}")
        send(page)
    desk.reload()
    expect(desk.get_by_role("status").first).to_have_text("5 dari 5 peserta sudah mengirim.")
    expect(desk.get_by_text("Saran nomor")).to_have_count(0)
    desk.get_by_role("checkbox").check()
    desk.get_by_role("button", name="Tutup survei").click()
    speaker = desk.get_by_role("region", name="Narasumber: Drs. Wiyono")
    expect(speaker).to_contain_text("Indeks 100,00: sangat baik")
    expect(desk.get_by_role("region", name="Penyelenggaraan")).to_contain_text("Indeks 75,00: kurang baik")
    expect(desk.get_by_text("Saran nomor")).to_have_count(5)
    assert not desk.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_what_was_typed_waits_on_the_phone_until_it_was_sent(hall: Hall, new_phone: Phones) -> None:
    desk = hall.page(new_phone, hall.trainer, DESK)
    desk.get_by_role("button", name="Buka survei").click()
    page = hall.page(new_phone, hall.participants[0], SURVEY)
    judge(page, "Konsumsi", "Cukup")
    page.get_by_label("Apa yang paling sulit?").fill("Sinyal di dusun")
    expect(page.locator("#kabar-draf")).to_contain_text("disimpan di HP ini sampai terkirim")
    page.context.set_offline(True)
    page.get_by_role("button", name="Kirim survei tanpa nama").click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.goto(hall.site.url + SURVEY)
    expect(page.locator("#kabar-draf")).to_contain_text("sudah dipasang lagi")
    expect(page.get_by_label("Apa yang paling sulit?")).to_have_value("Sinyal di dusun")
    expect(page.locator("[name=acara-konsumsi]:checked")).to_have_value("2")
    send(page)
    assert page.evaluate(KEPT) == []
    assert hall.kept() == 1


def test_the_next_person_on_a_shared_phone_finds_nothing(hall: Hall, new_phone: Phones) -> None:
    desk = hall.page(new_phone, hall.trainer, DESK)
    desk.get_by_role("button", name="Buka survei").click()
    page = hall.page(new_phone, hall.participants[0], SURVEY)
    page.get_by_label("Apa saran Anda?").fill("Panitianya galak")
    assert len(page.evaluate(KEPT)) == 1
    give_session(page.context, hall.site, hall.participants[1])
    page.goto(hall.site.url + SURVEY)
    expect(page.get_by_label("Apa saran Anda?")).to_have_value("")
    give_session(page.context, hall.site, hall.participants[0])
    page.goto(f"{hall.site.url}/keluar")
    page.get_by_role("button", name="Keluar", exact=True).or_(page.locator("#hapus")).first.wait_for()
    expect(page.locator("#kabar")).to_contain_text("Tulisan Anda di survei belum tersimpan")
    page.get_by_role("button", name="Hapus tulisan yang belum terkirim").click()
    page.wait_for_url(f"{hall.site.url}/?keluar=1")
    assert page.evaluate(KEPT) == []


def test_a_plan_is_written_and_found_again(hall: Hall, new_phone: Phones) -> None:
    page = hall.page(new_phone, hall.participants[0], PLAN)
    first = page.get_by_role("region", name="Rencana 1")
    first.get_by_label("Bila …").fill("ada lansia yang tinggal sendiri")
    page.get_by_role("button", name="Simpan rencana").click()
    expect(first.get_by_text("Tulis dulu apa yang akan Anda lakukan")).to_be_visible()
    expect(first.get_by_label("Bila …")).to_have_value("ada lansia yang tinggal sendiri")
    first.get_by_label("… maka saya akan …").fill("mengunjunginya")
    page.get_by_role("button", name="Simpan rencana").click()
    expect(page.get_by_text("Rencana Anda tersimpan")).to_be_visible()
    assert page.evaluate(KEPT) == []
    desk = hall.page(new_phone, hall.trainer, "/pelatih/B1MTEK/rtl")
    expect(desk.get_by_text("maka saya akan mengunjunginya")).to_be_visible()
