"""A sheet is checked on a phone without a network: from the page that was open, and from the file that was saved."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped] # It brings no types.
import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from lms.certificate import actions, keys, pdf
from lms.certificate.office import set_office
from lms.certificate.qr import encode
from lms.certificate.snapshot import Snapshot, key_id, new_key, public_key, snapshot_of
from lms.db.engine import db, writing
from lms.db.tables import Certificate, Membership
from lms.web.clock import now, today
from lms.web.dates import tanggal
from tests.browser.conftest import PHONE, Phones, Site
from tests.browser.film import filming
from tests.certificate.samples import BIMTEK
from tests.certificate.test_take import OFFICE
from tests.conftest import KEY, add_member, add_person

pytestmark = pytest.mark.browser

PAGE = "/cek/luring"
NO_CRYPTO = "Object.defineProperty(crypto, 'subtle', {value: undefined})"


@dataclass
class Shelf:
    """A site that issued: the snapshots by what became of them, and the code each sheet carries."""

    site: Site
    sheets: dict[str, Snapshot]

    def code(self, which: str, key: bytes = KEY, **changes: object) -> str:
        return encode(replace(self.sheets[which], **changes), key)  # type: ignore[arg-type] # Any field of it.


@pytest.fixture
def shelf(site: Site) -> Shelf:
    """Three sheets of three people: one holds, one was replaced, one withdrawn."""
    with site.app.app_context():
        with writing():
            set_office(OFFICE, now())
        found = {name: issue(site, name) for name in ("berlaku", "diganti", "dicabut")}
        with writing():
            actions.revoke(found["dicabut"].id, "", now())
            actions.reissue(found["diganti"].id, corrected(found["diganti"], site), KEY, "Ejaan.", now())
        sheets = {name: snapshot_of(row.payload) for name, row in found.items()}
        db.session.rollback()
    return Shelf(site, sheets)


def corrected(row: Certificate, site: Site) -> actions.SheetDraft:
    token, code, address = actions.fresh_codes(site.url)
    snapshot = replace(snapshot_of(row.payload), token=token, short_code=code, check_url=address)
    return actions.SheetDraft(row.membership_id, row.edition_id, None, snapshot)


def issue(site: Site, name: str, **changes: date) -> Certificate:
    from lms.db.tables import Edition
    from lms.people.office import issuer

    person = add_person(name)
    add_member(person)
    membership = db.session.query(Membership.id).filter_by(person_id=person).scalar()
    edition = db.session.query(Edition.id).limit(1).scalar()
    token, code, address = actions.fresh_codes(site.url)
    snapshot = replace(BIMTEK, token=token, short_code=code, check_url=address, issued_on=today())
    snapshot = replace(snapshot, **changes)  # type: ignore[arg-type] # Two of its days.
    with writing():
        made = actions.issue(actions.SheetDraft(membership, edition, issuer("mandiri", today()), snapshot), KEY, now())
    return db.session.get_one(Certificate, made)


def told(page: Page, text: str) -> str:
    """What the page says of a text."""
    page.fill("#teks", text)
    page.click("#periksa")
    expect(page.locator("#hasil h2")).to_be_focused()
    return page.locator("#hasil").inner_text()


Opened = Callable[[Phones, Shelf, Path], Page]


def served(phones: Phones, shelf: Shelf, _: Path) -> Page:
    page = phones().new_page()
    page.goto(shelf.site.url + PAGE)
    return page


def saved(phones: Phones, shelf: Shelf, folder: Path) -> Page:
    """The file as the page's own link saves it, opened from the phone's folder."""
    first = served(phones, shelf, folder)
    with first.expect_download() as download:
        first.get_by_role("link", name="Simpan di HP ini").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    page = phones().new_page()
    page.goto(file.as_uri())
    return page


def old_browser(phones: Phones, shelf: Shelf, folder: Path) -> Page:
    page = phones().new_page()
    page.add_init_script(NO_CRYPTO)
    page.goto(shelf.site.url + PAGE)
    assert page.evaluate("crypto.subtle === undefined")
    return page


@pytest.mark.parametrize("opened", [served, saved, old_browser])
def test_without_a_network_it_says_what_a_sheet_is_worth(
    opened: Opened, new_phone: Phones, shelf: Shelf, tmp_path: Path
) -> None:
    page = opened(new_phone, shelf, tmp_path)
    page.context.set_offline(True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    true = told(page, f"  {shelf.code('berlaku')}\n")
    for words in ("✓ BENAR", "SITI AMINAH, S.Pd.", "400.9/001/PSM/2026", BIMTEK.activity, "12 JP", "per "):
        assert words in true
    with shelf.site.app.app_context():
        day = tanggal(today())
    kept = f"{day}, menurut catatan per {day}"
    assert f"Dicabut oleh penerbit {kept}" in told(page, shelf.code("dicabut"))
    assert f"Diganti {day} oleh revisi yang lebih baru, menurut catatan per {day}" in told(page, shelf.code("diganti"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth && innerWidth === 360")
    again = told(page, shelf.code("diganti", revision=1, token="t" * 22, check_url=f"{shelf.site.url}/cek/{'t' * 22}"))
    assert "✓ BENAR" in again
    assert "Revisi" in again
    assert "Contoh" in told(page, shelf.code("berlaku", sample=True, number=None))
    assert "Kunci tidak dikenal" in told(page, shelf.code("berlaku", key=new_key()))
    code = shelf.code("berlaku")
    token = code.index("/cek/") + len("/cek/")
    for forged in (
        code.replace("SITI", "SITA"),
        code.replace(";12;", ";13;"),
        code[:-1] + ("A" if code[-1] != "A" else "B"),
        code[:token] + ("x" if code[token] != "x" else "y") + code[token + 1 :],
    ):
        assert "✗ SALAH" in told(page, forged)
    assert "Bukan kode sertifikat kami" in told(page, "https://contoh.id/")
    for only_online in (code.partition("#")[0], "YW5H-EY4F-VP4A", "yw5h ey4f vp4a"):
        assert "Tanpa jaringan, pindai kode QR-nya" in told(page, only_online)
    assert "Belum ada teks" in told(page, "")
    assert asked == []


def test_a_name_that_was_cut_is_compared_with_the_sheet(new_phone: Phones, shelf: Shelf, tmp_path: Path) -> None:
    page = served(new_phone, shelf, tmp_path)
    name = "Raden Mas " * 18 + "Notonegoro"
    assert "hanya memuat awalnya" in told(page, shelf.code("berlaku", name=name, activity="Bimtek"))
    field = page.get_by_label("Nama selengkapnya")
    field.fill(name + "x")
    expect(page.locator("#hasil output")).to_have_text("belum sama")
    field.fill(name)
    expect(page.locator("#hasil output")).to_have_text("✓ Sama")


def test_after_a_leak_only_what_was_issued_before_is_believed(new_phone: Phones, shelf: Shelf, tmp_path: Path) -> None:
    with shelf.site.app.app_context(), writing():
        keys.end(key_id(public_key(KEY)), today() + timedelta(1), new_key(), now())
    page = served(new_phone, shelf, tmp_path)
    assert "✓ BENAR" in told(page, shelf.code("berlaku"))
    assert "✗ DITOLAK" in told(page, shelf.code("berlaku", name="SITI PALSU"))
    assert "✗ DITOLAK" in told(page, shelf.code("berlaku", issued_on=today() - timedelta(300)))
    assert "✗ DITOLAK" in told(page, shelf.code("berlaku", issued_on=today() + timedelta(1)))


def test_what_a_key_signed_after_its_last_day_is_refused(new_phone: Phones, shelf: Shelf, tmp_path: Path) -> None:
    with shelf.site.app.app_context(), writing():
        keys.end(key_id(public_key(KEY)), None, new_key(), now())
    page = served(new_phone, shelf, tmp_path)
    assert "✓ BENAR" in told(page, shelf.code("berlaku"))
    assert "sudah diakhiri" in told(page, shelf.code("berlaku", issued_on=today() + timedelta(2)))


def test_what_is_dated_ahead_holds_from_its_day_on(new_phone: Phones, shelf: Shelf, tmp_path: Path) -> None:
    page = served(new_phone, shelf, tmp_path)
    page.context.set_offline(True)
    tomorrow = today() + timedelta(1)
    early = told(page, shelf.code("berlaku", issued_on=tomorrow))
    assert f"Berlaku mulai {tanggal(tomorrow)}" in early
    assert "✓ BENAR" not in early
    page.clock.install(time=now() + timedelta(1))
    assert "✓ BENAR" in told(page, shelf.code("berlaku", issued_on=tomorrow))


@pytest.mark.parametrize("leaked", [False, True])
def test_what_a_key_signed_on_its_last_day_for_a_later_one_is_believed(
    leaked: bool, new_phone: Phones, shelf: Shelf, tmp_path: Path
) -> None:
    tomorrow = today() + timedelta(1)
    with shelf.site.app.app_context():
        early = issue(shelf.site, "dini", issued_on=tomorrow, signed_on=today())
        ahead = snapshot_of(early.payload)
        with writing():
            keys.end(key_id(public_key(KEY)), tomorrow if leaked else None, new_key(), now())
    page = served(new_phone, shelf, tmp_path)
    assert f"Berlaku mulai {tanggal(tomorrow)}" in told(page, encode(ahead, KEY))
    assert "✗ DITOLAK" in told(page, encode(replace(ahead, name="SITI PALSU"), KEY))


@pytest.fixture
def victim(chromium: Browser) -> Iterator[Page]:
    """A page on which the policy may complain."""
    context = chromium.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


def test_a_changed_script_is_not_run(victim: Page, site: Site, tmp_path: Path) -> None:
    answer = victim.request.get(site.url + PAGE)
    changed = answer.text().replace("!isSigned(", "!true && isSigned(")
    added = answer.text().replace("</main>", "</main><script>window.ditambah = 1</script>")
    assert changed != answer.text() != added
    for body, runs in ((changed, False), (added, True)):
        victim.route("**" + PAGE, lambda route, _, body=body: route.fulfill(body=body, headers=answer.headers))
        victim.goto(site.url + PAGE)
        assert victim.evaluate("typeof judged === 'function'") is runs
        assert victim.evaluate("window.ditambah === undefined")
        file = tmp_path / "diubah.html"
        file.write_text(body)
        victim.goto(file.as_uri())
        assert victim.evaluate("typeof judged === 'function'") is runs
        assert victim.evaluate("window.ditambah === undefined")


def test_without_its_policy_a_changed_script_would_run(victim: Page, site: Site, tmp_path: Path) -> None:
    text = victim.request.get(site.url + PAGE).text().replace("http-equiv", "data-x")
    file = tmp_path / "tanpa.html"
    file.write_text(text.replace("</main>", "</main><script>window.ditambah = 1</script>"))
    victim.goto(file.as_uri())
    assert victim.evaluate("window.ditambah === 1")


@pytest.mark.parametrize("from_file", [False, True])
def test_the_camera_reads_a_code_without_a_network(
    from_file: bool, chromium: Browser, shelf: Shelf, tmp_path: Path
) -> None:
    with filming(chromium, [shelf.code("berlaku")], tmp_path / "lembar.y4m", scale=5) as context:
        page = context.new_page()
        address = f"{shelf.site.url}{PAGE}?kamera=1"
        if from_file:
            file = tmp_path / "cek.html"
            file.write_bytes(page.request.get(address).body())
            address = file.as_uri()
        page.goto(address)
        context.set_offline(True)
        page.get_by_role("button", name="Pindai dengan kamera").click()
        expect(page.locator("#hasil h2")).to_have_text("✓ BENAR", timeout=30_000)
        expect(page.locator("video")).to_be_hidden()


def picture_of(code: str, file: Path, scale: int = 5) -> Path:
    segno.make(code, error="m", micro=False).save(str(file), scale=scale, border=4)
    return file


def test_where_the_camera_is_closed_to_the_page_a_photo_is_read(
    new_phone: Phones, shelf: Shelf, tmp_path: Path
) -> None:
    """As on Android, where a file that was downloaded opens at an address that is not secure."""
    page = new_phone().new_page()
    saved = page.request.get(f"{shelf.site.url}{PAGE}?kamera=1").body().decode()
    page.route("http://unduhan.test/*", lambda route: route.fulfill(body=saved, content_type="text/html"))
    page.goto("http://unduhan.test/cek-sertifikat-kamera.html")
    page.context.set_offline(True)
    assert page.evaluate("[isSecureContext, navigator.mediaDevices === undefined]") == [False, True]
    expect(page.get_by_role("button", name="Pindai dengan kamera")).to_be_hidden()
    photo, title, said = page.get_by_label("Potret kode QR"), page.locator("#hasil h2"), page.get_by_role("status")
    photo.set_input_files(picture_of(shelf.code("berlaku"), tmp_path / "lembar.png"))
    expect(title).to_have_text("✓ BENAR")
    expect(page.locator("#hasil")).to_contain_text(BIMTEK.name)
    forged = shelf.code("berlaku").replace("SITI", "SITA")
    photo.set_input_files(picture_of(forged, tmp_path / "palsu.png"))
    expect(title).to_have_text("✗ SALAH")
    for name, data in (("kosong.png", blank(400, 300)), ("bukan.jpg", b"bukan gambar")):
        photo.set_input_files({"name": name, "mimeType": "image/png", "buffer": data})
        expect(said).to_contain_text("belum terbaca")
        expect(title).to_be_hidden()
    photo.set_input_files(picture_of(shelf.code("dicabut"), tmp_path / "dicabut.png"))
    expect(title).to_have_text("✗ Dicabut")
    expect(said).to_be_empty()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth && innerWidth === 360")


def test_a_photo_of_a_whole_sheet_is_read(new_phone: Phones, shelf: Shelf, tmp_path: Path) -> None:
    page = new_phone().new_page()
    page.goto(f"{shelf.site.url}{PAGE}?kamera=1")
    front = pypdfium2.PdfDocument(pdf.render([shelf.sheets["berlaku"]], signing_key=KEY))[0]
    front.render(scale=250 / 72).to_pil().rotate(7, expand=True, fillcolor="grey").save(tmp_path / "lembar.jpg")
    page.get_by_label("Potret kode QR").set_input_files(tmp_path / "lembar.jpg")
    expect(page.locator("#hasil h2")).to_have_text("✓ BENAR", timeout=30_000)


def blank(width: int, height: int) -> bytes:
    made = BytesIO()
    Image.new("L", (width, height), 200).save(made, "PNG")
    return made.getvalue()


def test_the_small_page_without_a_reader_says_how_to_paste(new_phone: Phones, shelf: Shelf, tmp_path: Path) -> None:
    page = served(new_phone, shelf, tmp_path)
    expect(page.get_by_role("button", name="Pindai dengan kamera")).to_be_hidden()
    expect(page.get_by_label("Potret kode QR")).to_be_hidden()
    expect(page.get_by_text("lalu tempel di sini")).to_be_visible()
