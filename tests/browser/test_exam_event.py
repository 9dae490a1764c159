"""A pre-test as it goes in a hall: held, opened, taken on a phone, watched, closed; then the sheet for the speaker."""

import re

import pytest
from playwright.sync_api import expect

from lms.db.engine import writing
from lms.people import actions as accounts
from lms.web.clock import now
from tests.browser.conftest import Phones, Site
from tests.browser.quiz import give_session
from tests.browser.test_exam import take
from tests.conftest import SLUG, Cast, forget_editions, publish_course
from tests.quiz.exam_course import exam_files

pytestmark = pytest.mark.browser


@pytest.fixture
def devices(site: Site) -> dict[str, str]:
    """The devices of the trainer and of a participant of a bimtek whose course has tests."""
    with site.app.app_context():
        publish_course(SLUG, exam_files())
        forget_editions()
        cast = Cast()
        with writing():
            return {
                who: accounts.add_device(person, "Android, Chrome", now()).id
                for who, person in (("trainer", cast.trainer), ("siti", cast.participant))
            }


def test_from_holding_the_pretest_back_to_the_sheet_for_the_speaker(
    site: Site, devices: dict[str, str], new_phone: Phones
) -> None:
    desk, phone = new_phone(), new_phone()
    give_session(desk, site, devices["trainer"])
    give_session(phone, site, devices["siti"])
    trainer, siti = desk.new_page(), phone.new_page()
    trainer.goto(f"{site.url}/pelatih/B1MTEK/tes")
    first = trainer.locator("section", has=trainer.get_by_role("heading", name="Tes awal", exact=True))
    first.get_by_role("button", name="Jangan dibuka dulu").click()
    siti.goto(f"{site.url}/tes/{SLUG}/awal")
    expect(siti.locator("main")).to_contain_text("Tes awal belum dibuka")
    first.get_by_role("button", name="Buka sekarang").click()
    expect(first.locator(".counts li").first).to_have_text("1 belum mulai")
    siti.get_by_role("link", name="Periksa lagi").click()
    siti.get_by_role("button", name="Mulai tes awal").click()
    siti.wait_for_url(re.compile("/kuis/"))
    first.locator("summary", has_text="Belum mulai").click()
    trainer.clock.install()
    trainer.reload()
    expect(first.locator(".counts li").nth(1)).to_have_text("1 sedang mengerjakan")
    take(siti, 2)
    trainer.clock.fast_forward(15_000)
    expect(first.locator(".counts li").nth(2)).to_have_text("1 sudah mengirim")
    first.locator("summary", has_text="Jadwal dan penutupan").click()
    first.get_by_text("Ya, tes awal ditutup sekarang").click()
    first.get_by_role("button", name="Tutup dan nilai").click()
    expect(trainer.get_by_role("heading", level=1)).to_have_text("Lembar narasumber: tes awal")
    expect(trainer.locator("main")).to_contain_text("1 dari 1 memilih “Keliru")
    expect(trainer.locator("main")).to_contain_text("padahal bukan itu jawabannya. Yang perlu dijelaskan: UMPAN-")
    expect(trainer.locator("main")).not_to_contain_text("Siti")
    trainer.emulate_media(media="print")
    expect(trainer.locator(".next")).to_be_hidden()


def test_what_is_open_in_the_page_stays_open_when_the_count_changes(
    site: Site, devices: dict[str, str], new_phone: Phones
) -> None:
    desk, phone = new_phone(), new_phone()
    give_session(desk, site, devices["trainer"])
    give_session(phone, site, devices["siti"])
    trainer, siti = desk.new_page(), phone.new_page()
    siti.goto(f"{site.url}/tes/{SLUG}/awal")
    siti.get_by_role("button", name="Mulai tes awal").click()
    trainer.clock.install()
    trainer.goto(f"{site.url}/pelatih/B1MTEK/tes")
    trainer.locator("#sedang-awal summary").click()
    expect(trainer.locator("#sedang-awal li")).to_have_text("Siti Aminah, Sumberagung")
    old = trainer.locator("#langsung-awal").element_handle()
    trainer.clock.fast_forward(15_000)
    trainer.wait_for_function("old => !old.isConnected", arg=old)
    expect(trainer.locator("#sedang-awal li")).to_be_visible()


def test_without_script_the_trainer_refreshes_by_a_link(site: Site, devices: dict[str, str], new_phone: Phones) -> None:
    desk = new_phone(java_script_enabled=False)
    give_session(desk, site, devices["trainer"])
    page = desk.new_page()
    page.goto(f"{site.url}/pelatih/B1MTEK/tes")
    page.get_by_role("link", name="Muat keadaan terbaru").first.click()
    expect(page.locator("#langsung-awal .counts li").first).to_have_text("1 belum mulai")
    page.get_by_role("button", name="Jangan dibuka dulu").first.click()
    expect(page.locator("#langsung-awal")).to_contain_text("Ditahan")
