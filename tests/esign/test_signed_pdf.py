"""PDFs that were signed elsewhere, good and bad, as the child process reads them."""

import io
import json
import random
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pypdf
import pytest
from asn1crypto import crl as asn1_crl  # type: ignore[import-untyped] # It brings no types.
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pypdf.annotations import FreeText

from lms.certificate.pdf import render
from lms.certificate.snapshot import TTE, Snapshot
from lms.esign.signed_pdf import drawings, looked_at
from lms.paper.typesetting import printable_letters
from lms.web.crockford import grouped
from tests.certificate.samples import BIMTEK
from tests.conftest import START
from tests.esign.signed import Chain, chain, made, sign

SHEET = replace(BIMTEK, signing=TTE)
CODE = grouped(SHEET.short_code)
Change = Callable[[pypdf.PdfWriter], Any]


@cache
def office() -> Chain:
    return chain()


@cache
def ours(snapshot_name: str = SHEET.name) -> bytes:
    return render([replace(SHEET, name=snapshot_name)])


def drawn(data: bytes) -> str:
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.pdf", data)
    (found,) = json.loads(drawings(packed.getvalue()))
    return str(found)


def look(data: bytes, roots: list[bytes] | None = None, others: tuple[bytes, ...] = (), now: datetime = START) -> Any:
    told = {"roots": roots if roots is not None else [office().root.der], "others": others, "files": [data]}
    payload = {name: [b64encode(each).decode() for each in files] for name, files in told.items()}
    (found,) = json.loads(looked_at(json.dumps(payload | {"now": now.isoformat()}).encode()))
    return found


def changed(data: bytes, change: Change, *, incremental: bool) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(data), incremental=True) if incremental else pypdf.PdfWriter(io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def cover_the_name(writer: pypdf.PdfWriter) -> None:
    writer.add_annotation(0, FreeText(text="BUDI", rect=(200, 300, 600, 360)))


def put_the_back_in_front(writer: pypdf.PdfWriter) -> None:
    writer.pages[0].merge_page(writer.pages[1])


def test_a_signed_sheet_draws_what_was_handed_out_and_says_who_signed() -> None:
    found = look(sign(ours(), office()))
    (signer,) = found["signers"]
    assert (found["fault"], found["codes"], found["drawn"]) == ("", [CODE], drawn(ours()))
    assert signer["name"] == "Drs. WIYONO, M.Si."
    assert len(signer["chain"]) == 64
    assert datetime.fromisoformat(signer["at"]).tzinfo


def test_a_tool_that_writes_the_whole_file_anew_leaves_what_is_drawn_the_same() -> None:
    anew = changed(ours(), lambda writer: None, incremental=False)
    assert anew[:2000] != ours()[:2000]
    found = look(sign(anew, office()))
    assert (found["fault"], found["drawn"]) == ("", drawn(ours()))


def test_two_may_sign_one_after_the_other() -> None:
    found = look(sign(sign(ours(), office()), office(), field="Tanda2", page=1))
    assert (found["fault"], len(found["signers"]), found["drawn"]) == ("", 2, drawn(ours()))


@pytest.mark.parametrize("place", [200, 20_000, 60_000])
def test_a_flipped_byte_is_seen(place: int) -> None:
    data = bytearray(sign(ours(), office()))
    data[place] ^= 1
    assert look(bytes(data))["fault"] in ("berubah", "rusak")
    assert look(bytes(data))["signers"] == []


@pytest.mark.walk
def test_whatever_byte_that_is_signed_is_another_one_it_is_seen() -> None:
    signed, chance = sign(ours(), office()), random.Random(7)
    gap = range(signed.index(b"/Contents <") if b"/Contents <" in signed else signed.index(b"/Contents<"), len(signed))
    files = []
    for place in chance.sample(range(gap.start), 60):
        data = bytearray(signed)
        data[place] ^= 1 << chance.randrange(8)
        files.append(bytes(data))
    assert [number for number, found in enumerate(map(look, files)) if not found["fault"]] == []


@pytest.mark.parametrize("tail", [b"x", b"\n%%EOF", b"\nstartxref\n0\n%%EOF\n"])
def test_whatever_follows_the_signature_is_seen(tail: bytes) -> None:
    assert look(sign(ours(), office()) + tail)["fault"] in ("berubah", "rusak")


@pytest.mark.parametrize("change", [cover_the_name, put_the_back_in_front])
def test_what_is_drawn_after_signing_is_seen(change: Change) -> None:
    found = look(changed(sign(ours(), office()), change, incremental=True))
    assert found["fault"] in ("isi", "berubah")


@pytest.mark.parametrize("incremental", [True, False])
@pytest.mark.parametrize("change", [cover_the_name, put_the_back_in_front])
def test_what_is_drawn_before_signing_is_not_what_was_handed_out(change: Change, incremental: bool) -> None:
    """The bytes that were handed out may even be the beginning of such a file."""
    found = look(sign(changed(ours(), change, incremental=incremental), office()))
    assert found["fault"] == "isi" or found["drawn"] != drawn(ours())


def test_another_name_under_our_number_is_not_what_was_handed_out() -> None:
    found = look(sign(ours("SITI AMINAX, S.Pd."), office()))
    assert (found["fault"], found["codes"]) == ("", [CODE])
    assert found["drawn"] != drawn(ours())


def test_a_box_of_a_signature_stays_at_the_foot() -> None:
    assert look(sign(ours(), office(), box=(200, 240, 600, 340)))["fault"] == "kotak"
    assert look(sign(ours(), office(), box=None))["fault"] == ""


def with_action(data: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    action = {generic.pdf_name("/S"): generic.pdf_name("/JavaScript"), generic.pdf_name("/JS"): generic.pdf_string("1")}
    writer.root["/OpenAction"] = generic.DictionaryObject(action)
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_file_that_does_more_than_draw_is_refused() -> None:
    assert look(sign(with_action(ours()), office()))["fault"] == "isi"


def test_only_the_chain_of_the_office_is_believed() -> None:
    signed = sign(ours(), office())
    assert look(signed, roots=[])["fault"] == "rantai"
    assert look(signed, roots=[chain().root.der])["fault"] == "rantai"
    alone = made("Drs. WIYONO, M.Si.")
    assert look(sign(ours(), replace(office(), official=alone)))["fault"] == "rantai"


def listed(*, revoked: bool) -> asn1_crl.CertificateList:
    """What the one in between says of withdrawn certificates, for five days."""
    between, official = office().between, office().official.certificate
    built = x509.CertificateRevocationListBuilder().issuer_name(between.certificate.subject)
    built = built.last_update(START - timedelta(days=1)).next_update(START + timedelta(days=4))
    known = x509.AuthorityKeyIdentifier.from_issuer_public_key(between.key.public_key())
    built = built.add_extension(known, critical=False)
    if revoked:
        one = x509.RevokedCertificateBuilder().serial_number(official.serial_number)
        built = built.add_revoked_certificate(one.revocation_date(START - timedelta(days=2)).build())
    signed = built.sign(between.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    return asn1_crl.CertificateList.load(signed)


def with_proof(data: bytes, *lists: asn1_crl.CertificateList) -> bytes:
    """What proves a signature later, appended as PAdES allows."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    chain_of = [asn1_x509.Certificate.load(office().between.der)]
    DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=chain_of, crls=list(lists))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("day", [0, 60])
def test_what_proves_a_signature_later_may_follow_it_and_says_who_was_withdrawn(day: int) -> None:
    signed, then = sign(ours(), office()), START + timedelta(days=day)
    assert look(with_proof(signed), now=then)["fault"] == ""
    assert look(with_proof(signed, listed(revoked=False)), now=then)["fault"] == ""
    assert look(with_proof(signed, listed(revoked=True)), now=then)["fault"] == "ditarik"
    assert look(with_proof(signed) + b"x")["fault"] == "berubah"


@pytest.mark.parametrize("day", [-400, 400])
def test_outside_the_time_of_the_certificates_nothing_is_believed(day: int) -> None:
    assert look(sign(ours(), office()), now=START + timedelta(days=day))["fault"] == "rantai"
    expired = chain(end=START - timedelta(days=1))
    assert look(sign(ours(), expired), roots=[expired.root.der])["fault"] == "rantai"


def test_what_is_no_signed_pdf_says_so() -> None:
    locked = changed(ours(), lambda writer: writer.encrypt("rahasia"), incremental=False)
    faults = [look(data)["fault"] for data in (b"", b"bukan pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40, locked)]
    assert faults == ["bukan", "bukan", "rusak", "terkunci"]
    assert look(ours())["fault"] == "kosong"


def test_the_sheet_says_nothing_that_is_not_true_before_it_is_signed() -> None:
    text = pypdf.PdfReader(io.BytesIO(ours())).pages[0].extract_text()
    wet = pypdf.PdfReader(io.BytesIO(render([BIMTEK]))).pages[0].extract_text()
    assert "Berlaku sebagai berkas PDF yang bertanda tangan elektronik" in " ".join(text.split())
    assert "elektronik" not in wet
    assert "telah ditandatangani" not in text
    assert len(pypdf.PdfReader(io.BytesIO(ours())).pages) == 2


def test_a_wet_sheet_is_the_same_bytes_as_before_there_was_another_way() -> None:
    assert "signing" not in BIMTEK.to_dict()
    assert Snapshot.from_dict(BIMTEK.to_dict()) == BIMTEK
    assert Snapshot.from_dict(SHEET.to_dict()) == SHEET
    assert printable_letters()
