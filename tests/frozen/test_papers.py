"""What is downloaded, as text: the report, the roll, letters, labels, cards, workbooks, certificates in bulk."""

from pathlib import Path

import pytest

from tests.frozen import store
from tests.frozen.site import Phone, opened, stop_time
from tests.frozen.texts import text_of

pytestmark = pytest.mark.walk

DOWNLOADS = [
    ("trainer", "/pelatih/B3MTEK/laporan.docx"),
    ("trainer", "/pelatih/B3MTEK/laporan.pdf"),
    ("trainer", "/pelatih/B3MTEK/semua.xlsx"),
    ("trainer", "/pelatih/B3MTEK/daftar.xlsx"),
    ("trainer", "/pelatih/B3MTEK/hadir/daftar.pdf"),
    ("trainer", "/pelatih/B3MTEK/kartu.pdf"),
    ("trainer", "/pelatih/B3MTEK/undangan"),
    ("trainer", "/pelatih/B3MTEK/sertifikat/berkas.zip"),
    ("trainer", "/pelatih/B3MTEK/sertifikat/cetak.pdf"),
    ("trainer", "/pelatih/B3MTEK/sertifikat/tte.zip"),
    ("trainer", "/pelatih/B1MTEK/semua.xlsx"),
    ("trainer", "/pelatih/B1MTEK/kartu.pdf"),
    ("trainer", "/pelatih/B1MTEK/macet"),
    ("trainer", "/pelatih/B1MTEK/rtl"),
    ("trainer", "/pelatih/B1MTEK/impor/dddddddddddddddddddddd/laporan.xlsx"),
    ("trainer", "/pelatih/B1MTEK/anggota/3/kartu"),
    ("admin", "/kelola/register"),
    ("admin", "/kelola/register.xlsx"),
    ("owner", "/saya/unduh"),
]
"""Who presses the button, and where it posts to; each notes in the audit that it was taken."""


def test_what_is_downloaded_says_what_it_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stop_time(monkeypatch)
    with opened(tmp_path) as app:
        texts = {f"{who} {address}": text_of(Phone(app, who).send(address)) for who, address in DOWNLOADS}
    assert [name for name, text in texts.items() if not text.startswith("200")] == []
    store.compare("papers", texts)
