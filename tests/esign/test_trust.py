"""The chain the office believes: added, listed with fingerprints and days, taken out with a reason."""

import hashlib
import io
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from lms.db.engine import db
from lms.db.tables import AuditEntry, TrustedCertificate
from lms.esign.queries import trusted
from lms.esign.signing import UploadRefused
from lms.esign.trust import read_certificates
from tests.conftest import START, Cast, Client, sign_in
from tests.esign.signed import chain, made

PAGE, CHAIN = "/kelola/penanda-tangan", "/kelola/rantai"


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    sign_in(client, cast.admin)
    return client


def add(client: Client, data: bytes) -> int:
    return client.send(CHAIN, berkas=(io.BytesIO(data), "a.pem")).status_code


def test_an_empty_chain_says_what_that_means(admin: Client) -> None:
    assert "Selama itu tidak ada PDF bertanda tangan yang diterima" in admin.page(PAGE)


def test_certificates_are_listed_with_fingerprint_days_and_what_they_are(admin: Client) -> None:
    found = chain()
    assert add(admin, found.root.pem + found.between.pem) == 303
    assert add(admin, found.official.der) == 303
    page = admin.page(PAGE)
    digest = hashlib.sha256(found.root.certificate.public_bytes(Encoding.DER)).hexdigest().upper()
    assert "-".join(digest[at : at + 4] for at in range(0, 64, 4)) in page
    assert [role for role in ("akar, berlaku", "antara, berlaku", "milik pejabat, berlaku") if role not in page] == []
    assert "CN=Akar Uji" in page
    assert {role: len(rows) for role, rows in trusted().items()} == {"akar": 1, "antara": 1, "pejabat": 1}


def test_the_same_again_changes_nothing(admin: Client) -> None:
    pem = made("Akar", is_ca=True).pem
    assert add(admin, pem + pem) == 303
    assert add(admin, pem) == 303
    assert db.session.query(TrustedCertificate).count() == 1
    assert db.session.query(AuditEntry).filter_by(action="sertifikat elektronik dipercaya").count() == 1


def test_taking_out_needs_a_reason_is_noted_and_ends_the_trust(admin: Client) -> None:
    add(admin, made("Akar", is_ca=True).pem)
    refused = admin.send(f"{CHAIN}/1/keluarkan", alasan="  ")
    assert refused.status_code == 422
    assert "Tulis alasannya" in refused.get_data(as_text=True)
    assert len(trusted()["akar"]) == 1
    assert admin.send(f"{CHAIN}/1/keluarkan", alasan="Diganti penerbitnya.").location == f"{PAGE}#rantai"
    assert admin.send(f"{CHAIN}/1/keluarkan", alasan="Lagi.").location == f"{PAGE}#rantai"
    assert trusted()["akar"] == []
    assert "Diganti penerbitnya." in admin.page(PAGE)
    noted = db.session.query(AuditEntry).filter_by(action="sertifikat elektronik dikeluarkan").one()
    assert noted.reason == "Diganti penerbitnya."
    assert admin.send(f"{CHAIN}/9/keluarkan", alasan="Tidak ada.").status_code == 404


def test_one_past_its_time_says_so(admin: Client) -> None:
    add(admin, made("Akar Lama", is_ca=True, end=START - timedelta(days=1)).pem)
    assert "kedaluwarsa" in admin.page(PAGE)


@pytest.mark.parametrize(
    "data",
    [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", b"\x30\x82" + bytes(900)],
)
def test_what_is_no_certificate_is_refused(admin: Client, data: bytes) -> None:
    assert add(admin, data) == 422
    assert db.session.query(TrustedCertificate).count() == 0


def test_too_much_is_refused(admin: Client) -> None:
    pem = made("Akar", is_ca=True).pem
    assert add(admin, pem * 21) == 422
    assert add(admin, pem * 400) == 422
    assert admin.send(PAGE).status_code == 422


def test_any_byte_of_a_certificate_changed_is_another_one_or_none() -> None:
    der = made("Akar", is_ca=True).der
    (true,) = read_certificates(der)
    for place in range(0, len(der), 7):
        data = bytearray(der)
        data[place] ^= 1
        try:
            (found,) = read_certificates(bytes(data))
        except UploadRefused:
            continue
        assert found.fingerprint != true.fingerprint
