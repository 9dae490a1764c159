"""Certificates made on the fly, root → intermediate → official, and the signing of a PDF as another tool does it."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped] # It brings no types.
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.conftest import START

OFFICIAL = "Drs. WIYONO, M.Si."
YEAR = timedelta(days=365)
SPACE = (430, 110, 640, 160)
"""Where tools put their stamp: the space above the official's name."""


@dataclass(frozen=True)
class Authority:
    """A certificate with its key, which can sign others."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


def made(
    name: str,
    above: Authority | None = None,
    *,
    is_ca: bool = False,
    start: datetime = START - YEAR,
    end: datetime = START + YEAR,
    serial: str = "",
) -> Authority:
    """A certificate that `above` vouches for, or one that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    parts += [x509.NameAttribute(NameOID.SERIAL_NUMBER, serial)] if serial else []
    subject = x509.Name(parts)
    issuer, signer = (above.certificate.subject, above.key) if above else (subject, key)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    usage |= {"digital_signature": not is_ca, "content_commitment": not is_ca}
    usage |= {"key_cert_sign": is_ca, "crl_sign": is_ca}
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start.astimezone(UTC))
        .not_valid_after(end.astimezone(UTC))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if above:
        place = [x509.UniformResourceIdentifier("http://crl.test/daftar.crl")]
        listed = x509.DistributionPoint(full_name=place, relative_name=None, reasons=None, crl_issuer=None)
        built = built.add_extension(x509.CRLDistributionPoints([listed]), critical=False)
    return Authority(built.sign(signer, hashes.SHA256()), key)


@dataclass(frozen=True)
class Chain:
    """What an office has: a root, what stands between, and its official."""

    root: Authority
    between: Authority
    official: Authority


def chain(name: str = OFFICIAL, around: datetime = START, **root: Any) -> Chain:
    """A chain of its own, good for a year before and after a moment."""
    days = {"start": around - YEAR, "end": around + YEAR}
    top = made("Akar Uji", is_ca=True, **days | root)
    between = made("Antara Uji", top, is_ca=True, **days)
    return Chain(top, between, made(name, between, **days))


def _asn1(authority: Authority) -> Any:
    return asn1_x509.Certificate.load(authority.der)


def sign(
    data: bytes,
    by: Chain,
    *,
    field: str = "Tanda1",
    page: int = 0,
    box: tuple[int, int, int, int] | None = SPACE,
) -> bytes:
    """The PDF with a PAdES signature after it, as one more revision; with a stamp where `box` is."""
    key = by.official.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    store = SimpleCertificateStore()
    store.register_multiple([_asn1(by.between), _asn1(by.root)])
    signer = signers.SimpleSigner(
        signing_cert=_asn1(by.official), signing_key=asn1_keys.PrivateKeyInfo.load(key), cert_registry=store
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    spec = fields.SigFieldSpec(field, on_page=page, box=box)
    meta = signers.PdfSignatureMetadata(
        field_name=field, subfilter=fields.SigSeedSubFilter.PADES, name=OFFICIAL, md_algorithm="sha256"
    )
    out = io.BytesIO()
    tool = signers.PdfSigner(meta, signer, new_field_spec=spec)
    with ThreadPoolExecutor(1) as apart:  # A browser's test has an event loop in its own thread.
        apart.submit(tool.sign_pdf, writer, output=out).result()
    return out.getvalue()
