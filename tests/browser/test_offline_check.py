"""A sheet is checked on a phone without a network: from the page that was open, and from the file that was saved."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped] # It brings no types.
import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
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
# RFC 8032, 7.1: secret key, public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
        "c027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17a"
        "d9bef1177331a704",
    ),
]
ORDER = 2**252 + 27742317777372353535851937790883648493
BY_HAND = "([key, text, sign]) => isSignedByHand(...[key, text, sign].map((part) => Uint8Array.from(part)))"


def by_hand(page: Page, key: bytes, text: bytes, signature: bytes) -> bool:
    return bool(page.evaluate(BY_HAND, [list(key), list(text), list(signature)]))


def test_our_own_signatures_are_those_of_the_standard(phone: Page, site: Site) -> None:
    phone.goto(site.url + PAGE)
    for key, text, signature in VECTORS:
        parts = bytes.fromhex(key), bytes.fromhex(text), bytes.fromhex(signature)
        assert by_hand(phone, *parts)
        for place in (0, 31, 32, 63):
            forged = bytearray(parts[2])
            forged[place] ^= 1
            assert not by_hand(phone, parts[0], parts[1], bytes(forged))
        assert not by_hand(phone, parts[0], parts[1] + b"!", parts[2])
        assert not by_hand(phone, bytes.fromhex(VECTORS[0][0] if text else VECTORS[1][0]), parts[1], parts[2])
        raised = int.from_bytes(parts[2][32:], "little") + ORDER
        assert not by_hand(phone, parts[0], parts[1], parts[2][:32] + raised.to_bytes(32, "little"))
    for place in range(20):
        private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(bytes([place])).digest())
        text = bytes(range(place * 12))
        assert by_hand(phone, private.public_key().public_bytes_raw(), text, private.sign(text))
    assert not by_hand(phone, b"\xff" * 32, b"", bytes(64))


def test_our_own_hash_is_that_of_the_standard(phone: Page, site: Site) -> None:
    phone.goto(site.url + PAGE)
    for length in (0, 1, 63, 111, 112, 119, 120, 127, 128, 129, 240, 300):
        text = bytes(range(256)) * 2
        found = phone.evaluate("(bytes) => Array.from(sha512(Uint8Array.from(bytes)))", list(text[:length]))
        assert bytes(found) == hashlib.sha512(text[:length]).digest()


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


def issue(site: Site, name: str) -> Certificate:
    from lms.db.tables import Edition
    from lms.people.office import issuer

    person = add_person(name)
    add_member(person)
    membership = db.session.query(Membership.id).filter_by(person_id=person).scalar()
    edition = db.session.query(Edition.id).limit(1).scalar()
    token, code, address = actions.fresh_codes(site.url)
    snapshot = replace(BIMTEK, token=token, short_code=code, check_url=address, issued_on=today())
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


@pytest.fixture
def victim(chromium: Browser) -> Iterator[Page]:
    """A page on which the policy may complain."""
    context = chromium.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


def test_a_changed_script_is_not_run(victim: Page, site: Site, tmp_path: Path) -> None:
    answer = victim.request.get(site.url + PAGE)
    changed = answer.text().replace("await isSigned(", "true || await isSigned(")
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
