"""On a phone: a lesson from a template, another name for one that was read, settings that two change at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lms.course.outline import CourseRules
from lms.db.engine import db, writing
from lms.db.tables import CourseEditor
from lms.web.clock import now
from tests.authoring.drafts import HOME, course, files, publish, save
from tests.browser.conftest import Site
from tests.browser.looking import faults
from tests.browser.quiz import give_session
from tests.conftest import SLUG, Cast, add_member

pytestmark = pytest.mark.browser


@pytest.fixture
def people(site: Site) -> dict[str, str]:
    """Devices of somebody who edits the course, and of somebody who studies it by themself."""
    from lms.people import actions as accounts

    with site.app.app_context():
        cast = Cast()
        add_member(cast.stranger)
        with writing():
            db.session.add(CourseEditor(course_id=1, person_id=cast.trainer, at=now()))
            return {
                name: accounts.add_device(person, "Android, Chrome", now()).id
                for name, person in (("writer", cast.trainer), ("reader", cast.stranger))
            }


def opened(site: Site, context: BrowserContext, device: str, address: str) -> Page:
    give_session(context, site, device)
    page = context.new_page()
    page.goto(site.url + address)
    return page


def draft(site: Site) -> CourseRules:
    with site.app.app_context():
        return course()


@pytest.mark.parametrize("scripted", [True, False])
def test_a_lesson_is_made_of_a_template_and_stands_where_it_was_put(
    site: Site, people: dict[str, str], new_phone: Callable[..., BrowserContext], scripted: bool
) -> None:
    page = opened(site, new_phone(java_script_enabled=scripted), people["writer"], HOME)
    page.get_by_role("link", name="Tulis pelajaran baru").click()
    page.get_by_label("Judul pelajaran").fill("Menjaga rahasia warga")
    page.get_by_label("Perbandingan").check()
    page.get_by_label("Letaknya").select_option(label="sesudah Pelajaran satu")
    page.get_by_role("button", name="Buat dan mulai menulis").click()
    page.wait_for_url(f"**{HOME}/sunting/dasar/menjaga-rahasia-warga.md")
    page.goto(site.url + HOME)
    names = page.locator(".lessons h3").all_inner_texts()
    assert names[:3] == ["Pelajaran satu", "Menjaga rahasia warga", "Pelajaran dua"]
    assert draft(site).lessons[1] == "dasar/menjaga-rahasia-warga"


def test_progress_follows_a_lesson_under_its_new_name(
    site: Site, people: dict[str, str], new_phone: Callable[..., BrowserContext]
) -> None:
    reader = opened(site, new_phone(), people["reader"], f"/belajar/{SLUG}/dasar/satu")
    reader.get_by_role("button", name=re.compile("Selesai")).click()
    page = opened(site, new_phone(), people["writer"], f"{HOME}/nama/dasar/satu.md")
    page.get_by_label("Nama", exact=True).fill("Desa kita/Mengenal desa")
    page.get_by_role("button", name="Simpan nama baru").click()
    expect(page.locator("#sama-salah")).to_be_visible()
    expect(page.get_by_label("Ya, pelajaran yang sama")).to_be_focused()
    expect(page.get_by_label("Nama", exact=True)).to_have_value("Desa kita/Mengenal desa")
    page.get_by_label("Ya, pelajaran yang sama").check()
    page.get_by_role("button", name="Simpan nama baru").click()
    expect(page.get_by_role("status")).to_contain_text("dulu dasar/satu.md")
    expect(page.get_by_text("desa-kita/mengenal-desa.md")).to_be_visible()
    with site.app.app_context():
        assert "../dasar/media/rumah.svg" in files()["desa-kita/mengenal-desa.md"].decode()
        publish()
    reader.goto(f"{site.url}/belajar/{SLUG}")
    expect(reader.get_by_text("1 dari 2 pelajaran")).to_be_visible()
    reader.goto(f"{site.url}/belajar/{SLUG}/dasar/satu")
    expect(reader).to_have_url(f"{site.url}/belajar/{SLUG}/desa-kita/mengenal-desa")
    expect(reader.get_by_role("img", name="Sebuah rumah di desa")).to_be_visible()


def test_a_lesson_goes_and_comes_back(
    site: Site, people: dict[str, str], new_phone: Callable[..., BrowserContext]
) -> None:
    page = opened(site, new_phone(), people["writer"], f"{HOME}/nama/dasar/satu.md")
    page.get_by_label("Ya, hapus “Pelajaran satu”").check()
    page.get_by_role("button", name="Hapus pelajaran ini").click()
    page.wait_for_url(f"**{HOME}")
    assert draft(site).lessons == ("dasar/dua",)
    page.goto(f"{site.url}{HOME}/nama/dasar/satu.md")
    page.get_by_label("Ya, kembalikan pelajaran ini").check()
    page.get_by_role("button", name="Kembalikan seperti terbitan 1").click()
    expect(page.get_by_role("heading", name="Hapus pelajaran ini")).to_be_visible()
    assert draft(site).lessons == ("dasar/satu", "dasar/dua")


def test_the_order_is_changed_by_buttons_and_what_readers_reported_stands_at_its_lesson(
    site: Site, people: dict[str, str], new_phone: Callable[..., BrowserContext]
) -> None:
    reader = opened(site, new_phone(), people["reader"], f"/belajar/{SLUG}/dasar/dua")
    reader.get_by_role("link", name="Ada yang keliru?").click()
    reader.locator("main textarea").fill("Angka di paragraf kedua sudah lama.")
    reader.locator("main .next button").click()
    page = opened(site, new_phone(), people["writer"], HOME)
    second = page.locator("[id='p-dasar/dua.md']")
    expect(second).to_contain_text("1 laporan pembaca")
    second.get_by_text("Atur", exact=False).first.click()
    second.get_by_role("button", name="Naikkan").click()
    expect(page.locator(".lessons h3")).to_have_text(["Pelajaran dua", "Pelajaran satu"])
    assert draft(site).lessons == ("dasar/dua", "dasar/satu")
    page.get_by_role("link", name="1 laporan pembaca").click()
    expect(page.get_by_text("Angka di paragraf kedua sudah lama.")).to_be_visible()
    second.get_by_role("link", name="Pelajaran dua", exact=True).click()
    expect(page.locator("h1")).to_have_text("Pelajaran dua")


def test_a_broken_kursus_toml_opens_as_text_with_its_line_marked(
    site: Site, people: dict[str, str], new_phone: Callable[..., BrowserContext]
) -> None:
    with site.app.app_context():
        held = files()["kursus.toml"]
        save("kursus.toml", held.replace(b'judul = "Kursus kecil"', b'judul = "Kursus kecil', 1), 1)
    page = opened(site, new_phone(), people["writer"], f"{HOME}/atur")
    expect(page.locator(".source mark")).to_contain_text('judul = "Kursus kecil')
    page.goto(site.url + HOME)
    page.get_by_role("alert").get_by_role("link").first.click()
    chosen = "a => a.value.slice(a.selectionStart, a.selectionEnd)"
    expect(page.locator("#harus a").first).to_be_visible()
    assert page.locator("#teks").evaluate(chosen) == 'judul = "Kursus kecil'
    page.keyboard.press("End")
    page.keyboard.type('"')
    expect(page.locator("#harus a")).to_have_count(0)
    page.get_by_role("button", name="Simpan rancangan").click()
    expect(page.locator("#kabar")).to_have_text(re.compile(r"^Tersimpan \d"))
    with site.app.app_context():
        assert files()["kursus.toml"] == held


def test_two_who_change_the_settings_at_once_lose_nothing(
    site: Site, people: dict[str, str], new_phone: Callable[..., BrowserContext]
) -> None:
    first, second = (opened(site, new_phone(), people["writer"], f"{HOME}/atur") for _ in range(2))
    first.get_by_label("Ringkasan").fill("Ringkasan yang pertama.")
    first.get_by_role("button", name="Simpan pengaturan").click()
    expect(first.get_by_role("status")).to_contain_text("Tersimpan")
    second.get_by_label("Judul kursus").fill("Judul yang kedua")
    second.get_by_role("button", name="Simpan pengaturan").click()
    expect(second.get_by_role("alert")).to_contain_text("Ringkasan: sekarang “Ringkasan yang pertama.”")
    expect(second.get_by_label("Judul kursus")).to_have_value("Judul yang kedua")
    second.get_by_role("button", name="Simpan pengaturan").click()
    expect(second.get_by_role("status")).to_contain_text("Tersimpan")
    held = draft(site)
    assert (held.title, held.summary) == ("Judul yang kedua", "Ringkasan yang pertama.")


def test_the_pages_are_usable_on_every_screen(
    site: Site, people: dict[str, str], new_phone: Callable[..., BrowserContext]
) -> None:
    page = opened(site, new_phone(), people["writer"], HOME)
    found: list[str] = []
    for address in (f"{HOME}/atur", f"{HOME}/baru", f"{HOME}/nama/dasar/satu.md", "/pelatih/kursus"):
        page.goto(site.url + address)
        found += faults(page)
    with site.app.app_context():
        save("kursus.toml", b'judul = "K"\n' + b"x" * 200 + b"\n", 1)
    page.goto(f"{site.url}{HOME}/atur")
    found += faults(page)
    assert found == []
