"""After a key leaked every page says of a sheet what its check says, and a self-study sheet is issued again."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2  # type: ignore[import-untyped] # It brings no types.
import pytest
import zxingcpp
from flask import Flask

from lms.certificate import keys
from lms.certificate.qr import short_id
from lms.certificate.snapshot import key_id, new_key, public_key, snapshot_of
from lms.db.engine import db, writing
from lms.db.tables import Certificate, Cohort, Membership
from lms.web.dates import WIB
from tests.certificate.qr_reading import read
from tests.certificate.test_take import office, ready, rows, take
from tests.conftest import KEY, START, Client, add_member, add_person, sign_in

__all__ = ["office", "ready"]

Browser = Callable[[], Client]


@dataclass
class Leak:
    """A self-study sheet that a leaked key signed, its owner, its trainer, and the key that signs since."""

    sheet: Certificate
    owner: Client
    trainer: Client
    code: str
    key: bytes

    @property
    def page(self) -> str:
        return f"/pelatih/{self.code}/sertifikat/{self.sheet.id}"


@pytest.fixture
def leak(app: Flask, ready: Client, office: None, browser: Browser) -> Leak:
    take(ready)
    (sheet,) = rows()
    fresh, trainer = new_key(), add_person("Bu Ratih")
    add_member(trainer, role="pelatih")
    with writing():
        keys.end(key_id(public_key(KEY)), START.astimezone(WIB).date(), fresh, START)
    app.config["SIGNING_KEY"] = fresh
    code = db.session.query(Cohort.code).filter_by(kind="mandiri").scalar()
    return Leak(sheet, ready, sign_in(browser(), trainer), code, fresh)


def test_owner_trainer_and_whoever_checks_read_the_same(leak: Leak, client: Client) -> None:
    for who, page in (
        (client, f"/cek/{leak.sheet.token}"),
        (leak.owner, f"/sertifikat/{leak.sheet.id}"),
        (leak.trainer, leak.page),
    ):
        text = who.page(page)
        assert "✗ Ditolak" in text
        assert "✓ Berlaku" not in text
    assert "Mintalah pelatih menerbitkan revisinya" in leak.owner.page(f"/sertifikat/{leak.sheet.id}")


def test_its_trainer_finds_it_and_issues_it_again_under_its_number(leak: Leak, client: Client) -> None:
    member = db.session.query(Membership.id).filter_by(id=leak.sheet.membership_id).scalar()
    assert f'href="{leak.page}"' in leak.trainer.page(f"/pelatih/{leak.code}/anggota/{member}")
    assert "kunci baru" in leak.trainer.page(leak.page)
    answer = leak.trainer.send(leak.page, aksi="betulkan", alasan="Kuncinya bocor.")
    old, new = sorted(rows(), key=lambda row: row.revision)
    assert answer.location == f"/pelatih/{leak.code}/sertifikat/{new.id}"
    said = snapshot_of(new.payload)
    assert (said.number, new.revision, new.sequence) == ("400.9/001/PSM/2026", 1, old.sequence)
    assert new.key_id == key_id(public_key(leak.key))
    before = snapshot_of(old.payload)
    assert (said.name, said.subjects, said.issued_on) == (before.name, before.subjects, before.issued_on)
    assert "✓ Berlaku" in client.page(f"/cek/{new.token}")
    assert "Sertifikat ini sudah diganti" in client.page(f"/cek/{old.token}")
    assert f"/sertifikat/{new.id}" in leak.owner.page("/saya")
    assert "(revisi 1)" in leak.owner.page("/saya")


@pytest.mark.parametrize("refused", [True, False])
def test_the_new_key_does_not_vouch_for_a_refused_sheet_that_is_printed_again(leak: Leak, refused: bool) -> None:
    """Without a network nobody could tell it from a sheet that holds."""
    if not refused:
        leak.trainer.send(leak.page, aksi="betulkan", alasan="Kuncinya bocor.")
    sheet = max(rows(), key=lambda row: row.revision)
    file = io.BytesIO(leak.owner.get(f"/sertifikat/{sheet.id}/pdf").data)
    (code,) = zxingcpp.read_barcodes(pypdfium2.PdfDocument(file)[0].render(scale=150 / 72).to_pil())
    held = {short_id(public_key(leak.key)): public_key(leak.key)}
    assert read(code.text, held)[0] == ("salah" if refused else "benar")
    assert code.text.startswith(f"https://sinau.test/cek/{sheet.token}")
