"""Certificates of every kind: what is signed, the signature, the printed QR text, the PDF; and a batch issued anew."""

import json
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.frozen import store
from tests.frozen.site import SITE, Phone, opened, rows, stop_time
from tests.frozen.texts import content

pytestmark = pytest.mark.walk

KEPT = """
    select id, payload, signature, key_id, token, short_code, number_key, sample, revision from certificate
    order by issued_at, sequence, revision, id
"""
KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(SITE["keys"]["SIGNING_KEY"]))


def told(row: tuple[object, ...]) -> str:
    """A row of `KEPT`, the payload as lines."""
    _, payload, signature, *rest = row
    assert isinstance(payload, bytes)
    assert isinstance(signature, bytes)
    lines = json.dumps(json.loads(payload), ensure_ascii=False, indent=1)
    return f"{payload.decode()}\n{lines}\n{signature.hex()}\n{rest}"


def masked(text: str, row: tuple[object, ...]) -> str:
    """Without what is drawn for each new sheet, and the signature over it."""
    for drawn in (row[0], row[4], row[5], bytes(row[2]).hex()):  # type: ignore[arg-type] # A column of bytes.
        text = text.replace(str(drawn), "ACAK")
    return text


def test_a_sheet_of_each_kind_is_what_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stop_time(monkeypatch)
    with opened(tmp_path) as app:
        trainer, texts = Phone(app, "trainer"), {}
        found = rows(KEPT)
        roles = {json.loads(row[1])["role"] for row in found}
        assert roles == {"PESERTA", "NARASUMBER", "PANITIA"}
        for row in found:
            pdf = trainer.ask(f"/sertifikat/{row[0]}/pdf")
            text = content(pdf.mimetype, pdf.data) if pdf.mimetype == "application/pdf" else str(pdf.location)
            texts[str(row[0])] = f"{told(row)}\n{text}"
    store.compare("sheets", texts)


def test_a_batch_that_is_issued_now_says_what_it_would_have_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stop_time(monkeypatch)
    with opened(tmp_path) as app:
        trainer, page = Phone(app, "trainer"), "/pelatih/B3MTEK/sertifikat"
        before = {row[0] for row in rows(KEPT)}
        lacking = sorted(set(re.findall(rf"{page}/kecuali/(\d+)", trainer.page(page))), key=int)
        assert lacking
        for member in lacking:
            done = trainer.send(f"{page}/kecuali/{member}", aksi="kecualikan", alasan="Tugas di kertas.")
            assert done.status_code == 303
        place = trainer.send(page).location
        for _ in range(20):
            if trainer.send(place).status_code == 303 and trainer.ask(place).status_code == 303:
                break
        fresh = [row for row in rows(KEPT) if row[0] not in before]
        texts = {f"baru {number}": masked(told(row), row) for number, row in enumerate(fresh, 1)}
        for row in fresh:
            assert KEY.sign(row[1]) == row[2]
            assert "✓ Berlaku" in Phone(app, "nobody").page(f"/cek/{row[4]}")
    assert len(texts) == len(lacking)
    store.compare("sheets-new", texts)
