"""A trainer writes on a phone: sees it, tries it, is told what to mend, and loses nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, Route, expect

from lms.course import actions as content
from lms.course import queries
from lms.db.engine import db, writing
from lms.db.tables import CourseEditor
from lms.people import actions as accounts
from lms.web.clock import now
from tests.browser.conftest import Site
from tests.browser.quiz import give_session
from tests.browser.test_weights import KB, weigh
from tests.conftest import SLUG, add_person

pytestmark = pytest.mark.browser

HOME = f"/pelatih/kursus/{SLUG}"
SATU = "dasar/satu.md"
CLIPBOARDS = sorted((Path(__file__).parents[1] / "data/papan-klip").glob("*.html"))
SAVES = "**/sunting/**"
PASTE = """html => {
    const data = new DataTransfer();
    data.setData('text/html', html);
    data.setData('text/plain', 'POLOS');
    const area = document.getElementById('teks');
    area.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def enter(context: BrowserContext, site: Site, name: str = "Retno Wulandari") -> int:
    """Sign somebody in who may edit the course; their id."""
    with site.app.app_context():
        person_id = add_person(name)
        with writing():
            db.session.add(CourseEditor(course_id=1, person_id=person_id, at=now()))
            device = accounts.add_device(person_id, "Android, Chrome", now()).id
    give_session(context, site, device)
    return person_id


@pytest.fixture
def editor(site: Site, phone: Page) -> Page:
    """The first lesson, open for writing."""
    enter(phone.context, site)
    phone.goto(f"{site.url}{HOME}/sunting/{SATU}")
    expect(seen(phone).locator("h1")).to_have_text("Pelajaran satu")
    return phone


def seen(page: Page) -> FrameLocator:
    """The preview."""
    return page.frame_locator("#layar iframe")


def area(page: Page) -> Locator:
    return page.locator("#teks")


def put_caret(page: Page, before: str) -> None:
    """The caret goes before these words of the text."""
    page.evaluate(
        """words => {
            const area = document.getElementById('teks');
            const at = area.value.indexOf(words);
            area.focus();
            area.setSelectionRange(at, at);
        }""",
        before,
    )


def selected(page: Page) -> str:
    found: str = page.evaluate(
        "(area => area.value.slice(area.selectionStart, area.selectionEnd))(document.getElementById('teks'))"
    )
    return found


def expect_selected(page: Page, words: str) -> None:
    page.wait_for_function(
        "words => { const a = document.getElementById('teks');"
        " return a.value.slice(a.selectionStart, a.selectionEnd) === words; }",
        arg=words,
    )


def ask(page: Page, part: str, name: str) -> None:
    """Insert a question of a kind for a part of the lesson."""
    page.locator("summary", has_text="Soal").first.click()
    page.get_by_role("group", name=part).get_by_role("button", name=name).click()


def held(site: Site, path: str = SATU) -> str:
    """What the draft has."""
    with site.app.app_context():
        db.session.rollback()
        blob = queries.draft_hash(1, path)
        return queries.blobs({blob})[blob].decode()


def test_what_is_typed_is_seen_and_saved_without_leaving(editor: Page, site: Site) -> None:
    put_caret(editor, "Kalimat pembuka")
    editor.keyboard.type("KATA-BARU di awal. ")
    expect(seen(editor).locator("article")).to_contain_text("KATA-BARU di awal.")
    expect(editor.locator("#kabar")).to_have_text("Belum dikirim ke situs; ada cadangan di HP ini.")
    editor.keyboard.press("Control+s")
    expect(editor.locator("#kabar")).to_have_text(re.compile(r"^Tersimpan \d\d\.\d\d, belum terbit$"))
    assert "KATA-BARU di awal." in held(site)
    editor.reload()
    expect(editor.locator("#pulih")).to_be_hidden()
    assert "KATA-BARU" in area(editor).input_value()


def test_a_fault_is_counted_and_one_press_leads_to_its_line(editor: Page) -> None:
    text = area(editor).input_value()
    area(editor).fill(text.replace("- [x] KUNCI", "- [ ] KUNCI"))
    expect(editor.locator("#hitung")).to_contain_text("1 harus dibetulkan")
    editor.locator("#hitung").click()
    editor.locator("#harus a").click()
    assert selected(editor) == "### Ibu kota kabupaten?"
    box = editor.evaluate("document.getElementById('teks').getBoundingClientRect().top")
    assert box < 740, "the text is not before the eyes"


def test_hard_reading_is_told_with_its_line_and_the_plainer_word(editor: Page, site: Site) -> None:
    with site.app.app_context(), writing():
        words = b"## Sinergi | bersinergi\n\nBekerja sama.\n\nKata mudah: kerja sama\n"
        content.save_files(1, {"glosarium.md": words}, 1, now())
    put_caret(editor, "Kalimat pembuka")
    editor.keyboard.type(f"Kita bersinergi.\n\n{'kata ' * 26}.\n\nTanya BAPPEDA dulu.\n\n")
    told = editor.locator("#bacaan")
    expect(told.locator(".istilah")).to_contain_text('pakai "kerja sama"')
    expect(told.locator(".kalimat")).to_be_visible()
    told.locator(".singkatan", has_text="BAPPEDA").get_by_role("link").click()
    expect_selected(editor, "Tanya BAPPEDA dulu.")


def test_each_rule_is_one_tap_away_with_an_example_that_comes_into_the_text(editor: Page) -> None:
    put_caret(editor, "Kalimat pembuka")
    editor.locator("summary", has_text="Bantuan").click()
    rule = editor.locator("#cara-ingat, [id^=cara-]", has_text="Ingat").first
    rule.locator("summary").click()
    rule.get_by_role("button", name="Sisipkan contoh ini").click()
    assert "> **Ingat.**" in area(editor).input_value()
    expect(seen(editor).locator(".callout", has_text="Kalimat yang perlu")).to_be_visible()
    expect(editor.locator("#bantuan")).not_to_have_attribute("open", "")


def test_back_from_the_preview_is_back_where_the_caret_was(editor: Page) -> None:
    area(editor).fill("# Satu\n\n" + "Satu kalimat.\n\n" * 60 + "Di sini.\n\n" + "Satu kalimat.\n\n" * 60)
    put_caret(editor, "Di sini.")
    editor.get_by_role("link", name="Kembali ke tulisan").click()
    place = editor.evaluate("scrollY + innerHeight / 3 - document.getElementById('teks').offsetTop")
    tall = editor.evaluate("document.getElementById('teks').offsetHeight")
    assert 0.4 < place / tall < 0.6, "not where the caret is"
    assert editor.evaluate("document.activeElement.id") == "teks"
    editor.keyboard.type("Lanjut. ")
    assert "Lanjut. Di sini." in area(editor).input_value()


def test_headings_are_one_press_away_and_the_last_step_is_taken_back(editor: Page) -> None:
    area(editor).fill("# Satu\n\n" + "Kalimat.\n\n" * 60 + "```\n## Kode\n```\n\n## Bagian akhir\n\nIsi.\n")
    editor.locator("summary", has_text="Lompat ke bagian").click()
    expect(editor.locator("#lompat button")).to_have_text(["Satu", "Bagian akhir"])
    editor.get_by_role("button", name="Bagian akhir").click()
    assert selected(editor) == "## Bagian akhir"
    assert editor.evaluate("scrollY") > 740, "the heading is not before the eyes"
    before = area(editor).input_value()
    editor.keyboard.type("x")
    assert area(editor).input_value() != before
    editor.get_by_role("button", name="Urungkan").click()
    assert area(editor).input_value() == before


def test_publishing_is_offered_only_when_nothing_must_be_mended(editor: Page) -> None:
    put_caret(editor, "Kalimat pembuka")
    editor.keyboard.type("Baru. ")
    editor.keyboard.press("Control+s")
    expect(editor.locator("#lanjut")).to_be_visible()
    bar = editor.locator("#naskah .next").bounding_box()
    assert bar
    assert bar["height"] <= 145, "more than a line above the buttons"
    text = area(editor).input_value()
    area(editor).fill(text.replace("- [x] KUNCI", "- [ ] KUNCI"))
    expect(editor.locator("#hitung")).to_contain_text("1 harus dibetulkan")
    editor.keyboard.press("Control+s")
    expect(editor.locator("#kabar")).to_have_text(re.compile(r"^Tersimpan \d"))
    expect(editor.locator("#lanjut")).to_be_hidden()


@pytest.mark.parametrize("size", ["biasa", "sangat-besar"])
def test_on_the_smallest_phone_most_of_the_screen_is_left_to_write_in(editor: Page, size: str) -> None:
    editor.set_viewport_size({"width": 320, "height": 568})
    editor.evaluate("size => { document.documentElement.className = `huruf-${size}`; }", size)
    put_caret(editor, "# Pelajaran satu")
    editor.keyboard.type("- [v] keliru\n")
    expect(editor.locator("#hitung")).to_contain_text("harus dibetulkan")
    editor.route(SAVES, lambda route: route.abort())
    editor.click("#simpan")
    expect(editor.locator("#kabar")).to_contain_text("Menunggu sinyal")
    bar, tools = editor.locator("#naskah .next").bounding_box(), editor.locator("#alat").bounding_box()
    assert bar
    assert tools
    assert bar["height"] < 120
    assert bar["height"] + tools["height"] < 290
    for button in editor.locator("#naskah .next .btn").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 48


def test_a_question_is_inserted_and_tried_in_the_preview(editor: Page, site: Site) -> None:
    put_caret(editor, "Kalimat pembuka")
    ask(editor, "Untuk latihan (tidak dinilai)", "Beberapa jawaban")
    expect_selected(editor, "Judul soal banyak jawaban")
    editor.keyboard.type("Mana yang sayur")
    text = area(editor).input_value()
    assert text.index("Penjelasan latihan.") < text.index("### Mana yang sayur") < text.index("## Kuis")
    question = seen(editor).locator("[data-latihan]", has_text="Mana yang sayur")
    question.get_by_label("Yang termasuk", exact=True).check()
    question.get_by_label("Ini juga termasuk").check()
    question.get_by_role("button", name="Periksa").click()
    expect(question.locator(".verdict")).to_contain_text("✓ Benar.")
    expect(editor.locator("#hitung")).not_to_contain_text("harus dibetulkan")
    editor.keyboard.press("Control+z")
    quiz = seen(editor).locator("section.practice", has_text="Ibu kota kabupaten?")
    expect(quiz).to_contain_text("hanya dicoba: tidak dikirim dan tidak dicatat")
    quiz.get_by_label("KUNCI-BENAR Wonogiri").check()
    expect(quiz.locator(".verdict")).to_contain_text("✓ Benar")
    with site.app.app_context():
        assert db.session.execute(db.text("select count(*) from attempt")).scalar() == 0


def test_the_preview_follows_to_what_was_just_put_in(editor: Page) -> None:
    ask(editor, "kuis", "Satu jawaban")
    legend = seen(editor).locator("legend", has_text="Judul soal")
    expect(legend).to_have_count(1)
    top = "found => found.getBoundingClientRect().top"
    editor.wait_for_function("() => document.querySelector('#layar iframe').contentWindow.scrollY > 0")
    assert 0 <= legend.evaluate(top) < 60
    put_caret(editor, "Apa yang Anda lakukan?")
    editor.keyboard.type("Bu Sari bertanya. ")
    expect(seen(editor).locator("main")).to_contain_text("Bu Sari bertanya.")
    assert 0 <= legend.evaluate(top) < 60


def test_a_picture_of_the_preview_is_loaded_once(editor: Page) -> None:
    loaded: list[str] = []
    picture = seen(editor).locator("img").first
    picture.scroll_into_view_if_needed()
    picture.evaluate("found => found.decode()")
    editor.on("request", lambda request: loaded.append(request.url) if "/berkas/" in request.url else None)
    put_caret(editor, "Kalimat pembuka")
    editor.keyboard.type("BARU ")
    expect(seen(editor).locator("main")).to_contain_text("BARU")
    assert picture.evaluate("found => found.complete && found.naturalWidth > 0")
    assert loaded == []


def test_a_question_goes_to_its_own_part_wherever_the_caret_was_left(editor: Page) -> None:
    """Each part is made once, practice before the quiz and both before the rules."""
    long = "Satu kalimat.\n\n" * 60
    area(editor).fill(f"# Satu\n\nAwal.\n\n## Bagian\n\n{long}## Dasar hukum\n\n- Aturan\n\nDiperiksa: 1 Juni 2026\n")
    for part, name, title in (
        ("kuis (dinilai)", "Benar atau salah", "Judul pernyataan"),
        ("latihan (tidak dinilai)", "Urutkan", "Judul urutan"),
        ("kuis (dinilai)", "Isian singkat", "Judul isian"),
    ):
        put_caret(editor, "Awal.")
        ask(editor, f"Untuk {part}", name)
        expect_selected(editor, title)
        assert editor.evaluate("scrollY") > 740, "what was inserted is not before the eyes"
    text = area(editor).input_value()
    headings = [line for line in text.split("\n") if line.startswith("##")]
    assert headings == [
        *("## Bagian", "## Latihan", "### Judul urutan"),
        *("## Kuis", "### Judul pernyataan", "### Judul isian", "## Dasar hukum"),
    ]
    expect(editor.locator("#saran")).to_contain_text('contoh "Judul isian" belum diganti')


def test_of_several_pools_the_one_with_the_caret_takes_the_question(editor: Page) -> None:
    pool = "\n\n### {0}?\n\nJawaban: {0}\n\n"
    area(editor).fill(f"# Satu\n\n## Kuis: a{pool.format('satu')}## Kuis: b{pool.format('dua')}")
    put_caret(editor, "Jawaban: satu")
    ask(editor, "Untuk kuis (dinilai)", "Isian singkat")
    expect_selected(editor, "Judul isian")
    text = area(editor).input_value()
    assert text.index("Jawaban: satu") < text.index("### Judul isian") < text.index("## Kuis: b")


@pytest.mark.parametrize("other", ["Kuis", "Latihan"])
def test_every_button_inserts_what_the_checker_accepts(editor: Page, other: str) -> None:
    area(editor).fill("# Satu\n\nAwal.\n")
    for menu in ("Teks", "Kotak", "Soal", "Lain"):
        buttons = editor.locator("details.menu", has_text=menu).first.locator(
            f"button:not([data-untuk={other}], [data-sisip=kolom])"
        )
        for at in range(buttons.count()):
            before = area(editor).input_value()
            editor.locator("summary", has_text=re.compile(f"^{menu}$")).click()
            buttons.nth(at).click()
            expect(area(editor)).not_to_have_value(before)
            if menu != "Lain":
                area(editor).press("Control+End")
    text = area(editor).input_value()
    expect(editor.locator("#ringkas")).to_contain_text("kata ·")
    expect(editor.locator("#hitung")).not_to_contain_text("harus dibetulkan")
    for part in (
        "## Judul bagian",
        "**kata penting**",
        "| Siapa |",
        "> **Hati-hati.**",
        "Urutkan:",
        "Jodohkan:",
        "Diperiksa:",
    ):
        assert part in text


def test_undo_takes_an_insertion_back_and_shortcuts_wrap_what_is_selected(editor: Page) -> None:
    before = area(editor).input_value()
    put_caret(editor, "Kalimat pembuka")
    for _ in "Kalimat":
        editor.keyboard.press("Shift+ArrowRight")
    editor.keyboard.press("Control+b")
    assert "**Kalimat** pembuka" in area(editor).input_value()
    editor.keyboard.press("Control+z")
    assert area(editor).input_value() == before


def test_lessons_and_terms_are_chosen_from_lists(editor: Page) -> None:
    put_caret(editor, "Kalimat pembuka")
    editor.locator("summary", has_text="Lain").click()
    editor.locator("#pilih-pelajaran").select_option("dua.md")
    assert re.search(r"\[Pelajaran dua[^\]]*\]\(dua\.md\)", area(editor).input_value())


@pytest.mark.parametrize("clipboard", CLIPBOARDS, ids=lambda path: path.stem)
def test_what_other_programs_copy_becomes_plain_markdown(editor: Page, clipboard: Path) -> None:
    area(editor).fill("")
    editor.evaluate(PASTE, clipboard.read_text(encoding="utf-8"))
    expected = clipboard.with_suffix(".md").read_text(encoding="utf-8").strip("\n")
    expect(area(editor)).not_to_have_value("")
    assert area(editor).input_value() == expected


def test_text_without_form_is_pasted_as_the_browser_does(editor: Page) -> None:
    prevented = editor.evaluate(PASTE.replace("area.dispatch", "return !area.dispatch"), "<span>biasa</span>")
    assert prevented is False


def test_a_crash_loses_nothing_and_the_text_is_offered_again(editor: Page, site: Site) -> None:
    put_caret(editor, "Kalimat pembuka")
    editor.keyboard.type("SEBELUM-MATI ")
    expect(editor.locator("#kabar")).to_contain_text("ada cadangan di HP ini")
    context = editor.context
    editor.close()
    again = context.new_page()
    again.goto(f"{site.url}{HOME}/sunting/{SATU}")
    expect(again.locator("#pulih")).to_contain_text(re.compile(r"belum dikirim ke situs, dari \d+ \w+ .*\d\d\.\d\d"))
    assert "SEBELUM-MATI" not in area(again).input_value()
    again.get_by_role("button", name="Pulihkan").click()
    assert "SEBELUM-MATI" in area(again).input_value()
    again.reload()
    again.get_by_role("button", name="Buang").click()
    expect(again.locator("#pulih")).to_be_hidden()
    again.reload()
    expect(again.locator("#pulih")).to_be_hidden()


def test_without_signal_a_save_waits_and_goes_out_by_itself(editor: Page, site: Site) -> None:
    put_caret(editor, "Kalimat pembuka")
    editor.keyboard.type("TANPA-SINYAL ")
    editor.route(SAVES, lambda route: route.abort())
    editor.get_by_role("button", name="Simpan rancangan").click()
    expect(editor.locator("#kabar")).to_contain_text("Menunggu sinyal. Ada cadangan di HP ini")
    assert "TANPA-SINYAL" not in held(site)
    editor.unroute(SAVES)
    expect(editor.locator("#kabar")).to_have_text(re.compile(r"^Tersimpan \d"))
    assert "TANPA-SINYAL" in held(site)


def test_a_save_whose_reply_got_lost_does_not_quarrel_with_itself(editor: Page, site: Site) -> None:
    def lose_reply(route: Route) -> None:
        route.fetch()
        route.abort()

    editor.route(SAVES, lose_reply, times=1)
    put_caret(editor, "Kalimat pembuka")
    editor.keyboard.type("SATU ")
    editor.keyboard.press("Control+s")
    expect(editor.locator("#kabar")).to_contain_text("Menunggu sinyal")
    editor.keyboard.type("DUA ")
    expect(editor.locator("#kabar")).to_have_text(re.compile(r"^Tersimpan \d"))
    assert "SATU DUA" in held(site)


def test_two_who_write_at_once_see_both_texts(
    editor: Page, site: Site, new_phone: Callable[..., BrowserContext]
) -> None:
    other = new_phone()
    enter(other, site, "Joko Susilo")
    second = other.new_page()
    second.goto(f"{site.url}{HOME}/sunting/{SATU}")
    put_caret(second, "Kalimat pembuka")
    second.keyboard.type("PUNYA-JOKO ")
    second.keyboard.press("Control+s")
    expect(second.locator("#kabar")).to_have_text(re.compile(r"^Tersimpan \d"))
    put_caret(editor, "Kalimat pembuka")
    editor.keyboard.type("PUNYA-RETNO ")
    editor.get_by_role("button", name="Simpan rancangan").click()
    editor.wait_for_load_state()
    expect(editor.get_by_role("heading", level=1)).not_to_have_text("Pelajaran satu")
    content = editor.content()
    assert "PUNYA-JOKO" in content
    assert "PUNYA-RETNO" in content
    assert "PUNYA-RETNO" not in held(site)


def test_signing_out_warns_of_what_is_not_saved(editor: Page, site: Site) -> None:
    put_caret(editor, "Kalimat pembuka")
    editor.keyboard.type("BELUM ")
    expect(editor.locator("#kabar")).to_contain_text("ada cadangan di HP ini")
    editor.goto(f"{site.url}/keluar")
    expect(editor.locator("#kabar")).to_contain_text("Tulisan Anda di “Pelajaran satu” belum tersimpan")
    expect(editor.get_by_role("button", name="Keluar", exact=True)).to_be_hidden()
    editor.get_by_role("button", name="Hapus tulisan yang belum terkirim").click()
    editor.wait_for_url("**/?keluar=1")
    assert editor.evaluate("Object.keys(localStorage).filter(key => key.startsWith('susun:')).length") == 0


def test_the_preview_has_the_width_of_a_phone_or_of_a_computer(editor: Page) -> None:
    frame = editor.locator("#layar iframe")
    width = "element => element.contentWindow.innerWidth"
    assert frame.evaluate(width) == 360
    editor.get_by_role("button", name="Komputer").click()
    assert frame.evaluate(width) == 1000
    assert not editor.evaluate("document.documentElement.scrollWidth > innerWidth")
    seen(editor).get_by_role("link", name="pelajaran dua").click()
    expect(editor.locator("#lihat-kata")).to_contain_text("Di pratinjau tautan tidak dibuka")


def test_without_script_it_is_written_previewed_and_saved(site: Site, new_phone: Callable[..., BrowserContext]) -> None:
    context = new_phone(java_script_enabled=False)
    enter(context, site)
    page = context.new_page()
    page.goto(f"{site.url}{HOME}/sunting/{SATU}")
    area(page).fill("# Satu\n\nTANPA-SKRIP.\n\n## Kuis\n\n### Soal\n\n- [ ] a\n- [ ] b\n")
    page.get_by_role("button", name="Pratinjau").click()
    expect(page.locator(".kertas")).to_contain_text("TANPA-SKRIP.")
    expect(page.locator("#harus")).to_contain_text("### Soal")
    page.get_by_role("button", name="Simpan rancangan").click()
    expect(page.locator("#kabar")).to_contain_text("Tersimpan")
    assert "TANPA-SKRIP" in held(site)


def test_the_editor_comes_in_forty_kilobytes(site: Site, new_phone: Callable[..., BrowserContext]) -> None:
    context = new_phone()
    enter(context, site)
    assert weigh(context.new_page(), f"{site.url}{HOME}/sunting/{SATU}").text <= 40 * KB


def test_a_pasted_picture_is_described_sent_and_seen(editor: Page, site: Site) -> None:
    put_caret(editor, "Kalimat pembuka")
    editor.evaluate(
        """async () => {
            const canvas = document.createElement('canvas');
            canvas.width = canvas.height = 40;
            canvas.getContext('2d').fillRect(0, 0, 20, 40);
            const blob = await new Promise(done => canvas.toBlob(done));
            const data = new DataTransfer();
            data.items.add(new File([blob], 'sawah.png', {type: 'image/png'}));
            const area = document.getElementById('teks');
            area.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    editor.get_by_label("Apa yang terlihat?").fill("Sawah sesudah panen")
    editor.get_by_role("button", name="Sisipkan", exact=True).click()
    expect(area(editor)).to_have_value(re.compile(r"!\[Sawah sesudah panen\]\(media/sawah[^)]*\)"))
    picture = seen(editor).get_by_role("img", name="Sawah sesudah panen")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 40)
    expect(editor.locator("#hitung")).not_to_contain_text("harus dibetulkan")


def test_a_choice_is_added_behind_the_last_one_while_the_caret_stands_among_them(editor: Page) -> None:
    text = "# A\n\n## Kuis\n\n### S\n\nTanya?\n\n- [x] satu\n- [ ] dua\n  > Karena.\n\nPenjelasan.\n"
    text += "\n### T\n\nJawaban: 1\n"
    area(editor).fill(text)
    more = editor.get_by_role("button", name="Tambah pilihan")
    for place in ("Tanya?", "Penjelasan.", "Jawaban:"):
        put_caret(editor, place)
        editor.keyboard.press("ArrowRight")
        expect(more).to_be_hidden()
    put_caret(editor, "atu\n")
    editor.keyboard.press("ArrowRight")
    expect(more).to_be_visible()
    tops = [editor.locator(each).bounding_box() for each in ("#tambah-pilihan", "#urung")]
    assert len({box["y"] for box in tops if box}) == 1, "the tools take a line more of the phone"
    more.click()
    expect(area(editor)).to_have_value(text.replace("  > Karena.\n", "  > Karena.\n- [ ] \n  > \n"))
    editor.keyboard.type("tiga")
    assert "- [ ] tiga\n  > \n\nPenjelasan." in area(editor).input_value()
    more.click()
    expect(area(editor)).to_have_value(re.compile(r"- \[ \] tiga\n  > \n- \[ \] \n  > \n\nPenjelasan\."))


def open_fields(page: Page, name: str, part: str = "") -> Locator:
    """The fields of a question, from the menu of questions."""
    page.locator("summary", has_text="Soal").first.click()
    menu = page.get_by_role("group", name=part) if part else page
    menu.get_by_role("button", name=name).click()
    panel = page.locator("#contoh-kolom")
    expect(panel).to_be_visible()
    return panel


def test_the_question_with_the_caret_is_changed_in_fields(editor: Page) -> None:
    text = "# A\n\n## Kuis\n\n### Papan\n\nTanya?\n\n- [x] satu\n- [ ] dua\n  > Karena.\n\nPenjelasan.\n"
    text += "\n### Lain\n\n- [x] a\n- [ ] b\n"
    area(editor).fill(text)
    put_caret(editor, "dua")
    panel = open_fields(editor, "Ubah soal ini lewat kolom")
    expect(panel.get_by_role("heading")).to_have_text("Ubah soal")
    expect(area(editor)).to_be_hidden()
    assert editor.evaluate("document.documentElement.scrollWidth") <= 360
    expect(panel.get_by_label("Judul soal")).to_have_value("Papan")
    expect(panel.get_by_label("Pertanyaan")).to_have_value("Tanya?")
    expect(panel.get_by_label("Jawaban B")).to_have_value("dua")
    expect(panel.get_by_label("Mengapa B benar atau keliru?")).to_have_value("Karena.")
    assert [box.is_checked() for box in panel.get_by_label("Ini benar").all()] == [True, *[False] * 5]
    panel.get_by_role("button", name="Simpan ke tulisan").click()
    expect(panel).to_be_hidden()
    expect(area(editor)).to_have_value(text)
    panel = open_fields(editor, "Ubah soal ini lewat kolom")
    panel.get_by_label("Jawaban C").fill("2 * 3 [tiga]")
    panel.get_by_label("Mengapa C benar atau keliru?").fill("Sebab tiga.")
    panel.get_by_label("Pertanyaan").fill("Tanya apa?")
    panel.get_by_role("button", name="Simpan ke tulisan").click()
    changed = text.replace("Tanya?", "Tanya apa?").replace(
        "Karena.\n", "Karena.\n- [ ] 2 \\* 3 \\[tiga\\]\n  > Sebab tiga.\n"
    )
    expect(area(editor)).to_have_value(changed)
    expect(seen(editor).locator("article")).to_contain_text("Tanya apa?")
    editor.get_by_role("button", name="Urungkan").click()
    expect(area(editor)).to_have_value(text)


def test_a_new_question_of_fields_goes_into_its_part(editor: Page) -> None:
    text = "# A\n\nBacaan.\n\n## Latihan\n\n### Satu\n\n- [x] a\n- [ ] b\n\n## Kuis\n\n### Dua\n\n- [x] a\n- [ ] b\n"
    area(editor).fill(text)
    put_caret(editor, "Bacaan")
    panel = open_fields(editor, "Isi lewat kolom", "Untuk latihan (tidak dinilai)")
    expect(panel.get_by_role("heading")).to_have_text("Soal baru untuk latihan")
    panel.get_by_label("Pertanyaan").fill("Apa tugas PSM?")
    panel.get_by_label("Jawaban A").fill("Mendata")
    panel.get_by_role("button", name="Simpan ke tulisan").click()
    expect(panel.get_by_role("alert")).to_contain_text("kurang dari dua pilihan")
    panel.get_by_label("Ini benar").first.check()
    panel.get_by_label("Jawaban B").fill("Menilang")
    panel.get_by_role("button", name="Simpan ke tulisan").click()
    asked = "### Apa tugas PSM?\n\n- [x] Mendata\n- [ ] Menilang\n\n"
    expect(area(editor)).to_have_value(text.replace("## Kuis", f"{asked}## Kuis"))
    put_caret(editor, "Bacaan")
    panel = open_fields(editor, "Ubah soal ini lewat kolom")
    expect(panel.get_by_role("heading")).to_have_text("Soal baru untuk kuis")
    expect(panel.get_by_label("Pertanyaan")).to_have_value("")
    panel.get_by_role("button", name="Batal").click()
    expect(area(editor)).to_be_visible()


def test_what_does_not_fit_into_fields_and_what_does_not_arrive_is_said(editor: Page) -> None:
    text = "# A\n\n## Kuis\n\n### Satu\n\nJawaban: 60\n\n### Dua\n\n- [x] a\n- [ ] b\n"
    area(editor).fill(text)
    put_caret(editor, "60")
    editor.locator("summary", has_text="Soal").first.click()
    editor.get_by_role("button", name="Ubah soal ini lewat kolom").click()
    expect(editor.locator("#kabar")).to_contain_text("tidak muat di kolom")
    expect(editor.locator("#contoh-kolom")).to_be_hidden()
    put_caret(editor, "] b")
    panel = open_fields(editor, "Ubah soal ini lewat kolom")
    panel.get_by_label("Jawaban C").fill("c")
    editor.route("**/isian", lambda route: route.abort())
    panel.get_by_role("button", name="Simpan ke tulisan").click()
    expect(panel.get_by_role("alert")).to_contain_text("Belum ada sinyal")
    expect(panel.get_by_label("Jawaban C")).to_have_value("c")
    editor.unroute("**/isian")
    panel.get_by_role("button", name="Simpan ke tulisan").click()
    expect(area(editor)).to_have_value(f"{text}- [ ] c\n")
