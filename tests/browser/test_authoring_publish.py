"""Publishing on a phone while somebody is in the middle of the quiz, and two who save the same lesson at once."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lms.course import actions as content
from lms.course import queries
from lms.course.course_writing import renamed
from lms.db.engine import db, writing
from lms.db.tables import CourseEditor
from lms.people import actions as accounts
from lms.web.clock import now
from tests.authoring.publishing import HOME, ONE, PUBLISH, TOML, TWO, add_lesson, mend
from tests.authoring.publishing import save as put
from tests.browser.conftest import Phones, Site
from tests.browser.looking import faults
from tests.browser.quiz import answer_and_ask_to_submit, begin, enter, give_session
from tests.conftest import add_person

pytestmark = pytest.mark.browser

EDIT = f"{HOME}/sunting/{ONE}"


def editor(context: BrowserContext, site: Site, name: str) -> tuple[Page, int]:
    """A page of somebody who may edit the test course, and who they are."""
    with site.app.app_context():
        person_id = add_person(name)
        with writing():
            db.session.add(CourseEditor(course_id=1, person_id=person_id, at=now()))
            device = accounts.add_device(person_id, "Android, Chrome", now()).id
    give_session(context, site, device)
    return context.new_page(), person_id


def draft(site: Site) -> str:
    """The lesson as it is in the draft."""
    with site.app.app_context():
        return queries.files_of(queries.draft_hashes(1))[ONE].decode()


def test_who_is_in_the_midst_of_a_quiz_is_not_disturbed_by_publishing_and_it_can_be_undone(
    site: Site, new_phone: Phones
) -> None:
    siti = enter(new_phone(), site)
    begin(siti, site, "dasar/satu")
    retno, by = editor(new_phone(), site, "Retno Wulandari")
    with site.app.app_context():
        mend(ONE, "KUNCI-BENAR Wonogiri", "JAWABAN-LAIN Wonogiri", by)
    retno.goto(f"{site.url}{PUBLISH}")
    expect(retno.get_by_text("1 orang sedang mengerjakan kuis ini")).to_be_visible()
    retno.get_by_text("1 soal berubah").click()
    expect(retno.locator("ins", has_text="JAWABAN-LAIN")).to_be_visible()
    retno.get_by_label("Mengapa?").fill("Kuncinya diperjelas.")
    retno.get_by_role("button", name="Terbitkan 1 berkas").click()
    expect(retno.get_by_role("status")).to_contain_text("Sudah terbit")
    answer_and_ask_to_submit(siti)
    expect(siti.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")
    retno.get_by_label("Mengapa?").fill("Ternyata yang lama benar.")
    retno.get_by_role("button", name="Kembalikan ke terbitan 1").click()
    expect(retno.get_by_role("status")).to_contain_text("Sudah dikembalikan")
    assert retno.evaluate("document.documentElement.scrollWidth <= innerWidth")


def write(page: Page, site: Site, old: str, new: str) -> None:
    """Open the lesson in the editor and change some words, without saving."""
    page.goto(f"{site.url}{EDIT}")
    area = page.locator("textarea[name=teks]")
    text = area.input_value()
    assert old in text
    area.fill(text.replace(old, new))


def save(page: Page) -> None:
    """Press the button of the editor."""
    page.get_by_role("button", name="Simpan rancangan").click()


def both_save(site: Site, phones: Phones, theirs: tuple[str, str], mine: tuple[str, str], *, script: bool) -> Page:
    """Retno and Joko open the lesson, change some words and save, Retno first; what Joko sees then."""
    retno, _ = editor(phones(java_script_enabled=script), site, "Retno Wulandari")
    joko, _ = editor(phones(java_script_enabled=script), site, "Joko Susilo")
    write(retno, site, *theirs)
    write(joko, site, *mine)
    save(retno)
    expect(retno.locator("#kabar")).to_have_text(re.compile(r"Tersimpan \d"))
    save(joko)
    return joko


def test_without_a_reason_it_is_asked_for_in_our_words_at_its_field(site: Site, new_phone: Phones) -> None:
    retno, by = editor(new_phone(), site, "Retno Wulandari")
    with site.app.app_context():
        mend(ONE, "pembuka", "pertama", by)
        mend(TWO, "Pelajaran dua", "Pelajaran kedua", by)
    retno.goto(f"{site.url}{PUBLISH}")
    retno.locator(f"input[value='{TWO}']").uncheck()
    retno.get_by_role("button", name="Terbitkan").click()
    retno.get_by_role("button", name="Periksa pilihan ini").click()
    retno.get_by_role("button", name="Terbitkan 1 berkas").click()
    field = retno.get_by_label("Mengapa?")
    expect(retno.get_by_role("alert")).to_have_text(re.compile("^Tulis satu kalimat"))
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("Tulis satu kalimat"))
    expect(retno.locator(f"input[value='{TWO}']")).not_to_be_checked()
    field.fill("Kata pembuka dipermudah.")
    retno.get_by_role("button", name="Terbitkan 1 berkas").click()
    expect(retno.get_by_role("status")).to_contain_text("Sudah terbit")
    retno.get_by_role("button", name="Kembalikan ke terbitan 1").click()
    expect(retno.get_by_role("alert")).to_have_text(re.compile("mengapa kembali"))
    expect(retno.get_by_label("Mengapa?")).to_be_focused()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_two_who_change_other_places_at_once_are_merged(site: Site, new_phone: Phones, script: bool) -> None:
    theirs, mine = ("Kalimat pembuka", "Kalimat pertama"), ("Kalimat penting", "Kalimat yang penting")
    joko = both_save(site, new_phone, theirs, mine, script=script)
    expect(joko.get_by_role("heading", level=1)).to_have_text("Tulisan Anda dan Retno Wulandari sudah digabung")
    joko.get_by_role("button", name="Simpan gabungan").click()
    expect(joko.locator("textarea[name=teks]")).to_be_visible()
    assert ("Kalimat pertama" in draft(site), "Kalimat yang penting" in draft(site)) == (True, True)


def test_two_who_change_the_same_place_choose(site: Site, new_phone: Phones) -> None:
    old = "Kalimat pembuka tentang desa."
    theirs, mine = (old, "Kalimat Retno tentang desa."), (old, "Kalimat Joko tentang desa.")
    joko = both_save(site, new_phone, theirs, mine, script=False)
    expect(joko.get_by_role("heading", level=1)).to_have_text("Anda dan Retno Wulandari mengubah tempat yang sama")
    assert joko.evaluate("document.documentElement.scrollWidth <= innerWidth")
    joko.get_by_label("Tulis ulang di bawah ini").check()
    joko.get_by_label("Tulisan baru untuk tempat 1").fill("Kalimat berdua tentang desa.")
    joko.get_by_role("button", name="Simpan pilihan").click()
    expect(joko.locator("textarea[name=teks]")).to_be_visible()
    assert "Kalimat berdua tentang desa." in draft(site)
    assert "Kalimat Retno" not in draft(site)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_who_writes_in_a_file_that_is_renamed_meanwhile_saves_under_its_new_name(
    site: Site, new_phone: Phones, script: bool
) -> None:
    retno, _ = editor(new_phone(), site, "Retno Wulandari")
    joko, _ = editor(new_phone(java_script_enabled=script), site, "Joko Susilo")
    write(joko, site, "Kalimat pembuka", "Kalimat dari Joko")
    retno.goto(f"{site.url}{HOME}/nama/{ONE}")
    retno.get_by_label("Nama", exact=True).fill("awal")
    retno.get_by_label("Ya, pelajaran yang sama").check()
    retno.get_by_role("button", name="Simpan nama baru").click()
    expect(retno.get_by_role("status")).to_contain_text("Nama barunya tersimpan")
    save(joko)
    expect(joko.get_by_role("heading", level=1)).to_have_text("Berkas ini sekarang bernama lain")
    expect(joko.get_by_text("menjadi dasar/awal.md")).to_be_visible()
    joko.get_by_role("button", name="Simpan di nama baru").click()
    expect(joko.locator("textarea[name=teks]")).to_have_value(re.compile("Kalimat dari Joko"))
    assert "/sunting/dasar/awal.md" in joko.url


def test_who_writes_in_a_new_file_that_goes_meanwhile_loses_nothing(site: Site, new_phone: Phones) -> None:
    retno, by = editor(new_phone(), site, "Retno Wulandari")
    path = "dasar/tiga.md"
    with site.app.app_context():
        add_lesson(path, by)
    retno.goto(f"{site.url}{HOME}/sunting/{path}")
    with site.app.app_context():
        put(path, None, by)
        mend(TOML, f', "{path}"', "", by)
    retno.locator("#teks").press_sequentially("PUNYA-SAYA ")
    expect(retno.locator("#lihat-kata")).to_contain_text("dihapus sementara itu")
    retno.get_by_role("button", name="Simpan rancangan").click()
    expect(retno.locator("h1")).to_have_text("Berkas ini sudah dihapus")
    expect(retno.get_by_label("Tulisan Anda")).to_have_value(re.compile("PUNYA-SAYA"))
    retno.get_by_role("button", name="Simpan tulisan saya").click()
    expect(retno.locator("#kabar")).to_have_text(re.compile(r"^Tersimpan \d"))
    retno.goto(f"{site.url}{HOME}")
    again = retno.locator(f"[id='p-{path}']")
    again.get_by_text("Atur", exact=False).first.click()
    again.get_by_role("button", name="Masukkan ke “Dasar”").click()
    expect(retno.locator(".lessons h3")).to_have_count(3)
    expect(retno.get_by_text("Tidak masuk materi mana pun")).to_have_count(0)


def test_what_a_phone_kept_under_the_old_name_is_offered_under_the_new_one(site: Site, new_phone: Phones) -> None:
    joko, by = editor(new_phone(), site, "Joko Susilo")
    write(joko, site, "Kalimat pembuka", "Kalimat yang belum terkirim")
    expect(joko.locator("#kabar")).to_contain_text("ada cadangan di HP ini")
    with site.app.app_context():
        held = queries.files_of(queries.draft_hashes(1))
        with writing():
            content.save_files(1, dict(renamed(held, ONE, "dasar/awal.md", same=True)), by, now())
    joko.goto(f"{site.url}{EDIT}")
    joko.get_by_role("button", name="Pulihkan").click()
    expect(joko.locator("textarea[name=teks]")).to_have_value(re.compile("Kalimat yang belum terkirim"))


def test_the_bar_below_leaves_room_on_the_smallest_phone_and_with_the_largest_letters(
    site: Site, new_phone: Phones
) -> None:
    retno, by = editor(new_phone(), site, "Retno Wulandari")
    with site.app.app_context():
        mend(ONE, "pembuka", "pertama", by)
    for address in (PUBLISH, f"{HOME}/terbitan/1", f"{HOME}/nama/{ONE}", f"{HOME}/baru"):
        retno.goto(site.url + address)
        for width, size, most in ((320, "biasa", 90), (360, "sangat-besar", 190)):
            retno.set_viewport_size({"width": width, "height": 740})
            retno.evaluate("size => { document.documentElement.className = `huruf-${size}`; }", size)
            bar = retno.locator(".next").bounding_box()
            assert bar
            assert bar["height"] <= most, (address, width)


def test_a_long_list_of_lessons_is_searched(site: Site, new_phone: Phones) -> None:
    retno, by = editor(new_phone(), site, "Retno Wulandari")
    names = [f"dasar/{word}.md" for word in ("padi", "jagung", "kopi", "ubi", "kelapa", "tebu", "cabai", "bawang")]
    with site.app.app_context():
        held = queries.files_of(queries.draft_hashes(1))["kursus.toml"].decode()
        listed = "".join(f'"{name}", ' for name in names)
        files = {name: f"# Tentang {name[6:-3]}\n".encode() for name in names}
        files["kursus.toml"] = held.replace('pelajaran = ["', f'pelajaran = [{listed}"', 1).encode()
        with writing():
            content.save_files(1, files, by, now())
    retno.goto(f"{site.url}{HOME}")
    retno.get_by_label("Cari pelajaran").fill("KOPI")
    expect(retno.locator("li.lesson:visible h3")).to_have_text(["Tentang kopi"])
    retno.get_by_label("Cari pelajaran").fill("")
    expect(retno.get_by_role("heading", name="Tentang padi")).to_be_visible()


def test_the_pages_are_usable_when_there_is_much_to_say(site: Site, new_phone: Phones) -> None:
    retno, mine = editor(new_phone(), site, "Retno Wulandari")
    joko, theirs = editor(new_phone(), site, "Joko Susilo")
    with site.app.app_context():
        mend(ONE, "Kalimat pembuka tentang desa.", "Bagian ini ditulis ulang untuk semua warga. " * 4, mine)
        mend(TWO, "- [x] Mangga", "- [ ] Mangga", theirs)
        mend(TWO, "Jawaban: 60 | enam puluh", "Jawaban:", theirs)
    retno.goto(f"{site.url}{PUBLISH}")
    found = list(faults(retno))
    joko.goto(f"{site.url}{PUBLISH}")
    expect(joko.get_by_role("heading", name="harus dibetulkan sebelum terbit")).to_be_visible()
    found += faults(joko)
    retno.get_by_label("Mengapa?").fill("Ditulis ulang.")
    retno.get_by_role("button", name="Terbitkan 1 berkas").click()
    expect(retno.get_by_role("status")).to_contain_text("Sudah terbit")
    found += faults(retno)
    write(retno, site, "Kalimat penting.", "Kalimat dari Retno.")
    write(joko, site, "Kalimat penting.", "Kalimat dari Joko.")
    save(retno)
    expect(retno.locator("#kabar")).to_have_text(re.compile(r"Tersimpan \d"))
    save(joko)
    expect(joko.get_by_role("heading", level=1)).to_contain_text("tempat yang sama")
    found += faults(joko)
    assert found == []
