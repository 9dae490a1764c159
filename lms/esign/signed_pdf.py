"""A PDF that was signed elsewhere: what its pages draw, who signed it, and whether that holds. In a child process only.

Some tools append their signature to the file, others write the whole file anew. So a sheet is not known by its bytes
but by what it draws: the contents, fonts, pictures and sizes of its pages, whatever their objects are called and
however they are packed. Of what may lie on a page beside that, only boxes of signatures are allowed, at its foot.
"""

import hashlib
import json
import re
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, FreshnessReqType, RevocationCheckingPolicy
from pypdf import PdfReader

BOX_TOP: Final = 90 / 25.4 * 72
"""A box of a signature ends below this height, in points: the name stands higher."""
MOST_PAGES, DEEPEST = 20, 30
DRAWN_KEYS = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Resources")
PACKING = {"/Length", "/Filter", "/DecodeParms", "/DL"}
OWN_KEYS = {
    *("/Type", "/Pages", "/Metadata", "/OutputIntents", "/Lang", "/StructTreeRoot", "/MarkInfo", "/ViewerPreferences"),
    *("/Outlines", "/PageLabels", "/PageMode", "/PageLayout", "/Version", "/Extensions", "/AcroForm", "/DSS", "/Perms"),
}
"""What a sheet's catalogue holds, and what signing adds: nothing that acts, hides or attaches."""
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}")
SIGNS = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
WITHDRAWN = CertRevTrustPolicy(
    RevocationCheckingPolicy.from_legacy("soft-fail"),
    freshness=timedelta(days=3650),
    freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
)
"""What a file brings about withdrawn certificates counts, also when it is older than its issuer meant it to be used."""
PERMITTED = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)


class PdfRefused(Exception):
    """The file is not what it should be; the text is a word that pages put into a sentence."""


def drawings(payload: bytes) -> bytes:
    """Return what each PDF of a ZIP draws, in order, as a JSON list: for files of our own making."""
    with ZipFile(BytesIO(payload)) as packed:
        return json.dumps([drawn(PdfFileReader(BytesIO(packed.read(name)))) for name in packed.namelist()]).encode()


def looked_at(payload: bytes) -> bytes:
    """Look at signed PDFs: JSON of `files`, `roots` and `others` in Base64, and `now` as ISO time.

    A JSON list with, for each file: `fault` ("" for none), the short `codes` on its first page, what it has `drawn`,
    and its `signers` in order.
    """
    told = json.loads(payload)
    certificates = {name: [Certificate.load(b64decode(each)) for each in told[name]] for name in ("roots", "others")}
    now = datetime.fromisoformat(told["now"])
    # A path is built to its root without asking whether the root still has its time.
    certificates["roots"] = [
        each for each in certificates["roots"] if each.not_valid_before <= now <= each.not_valid_after
    ]
    return json.dumps([_looked_at(b64decode(each), certificates, now) for each in told["files"]]).encode()


def _looked_at(data: bytes, certificates: dict[str, list[Certificate]], now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {"fault": "", "codes": [], "drawn": "", "signers": []}
    try:
        reader = _opened(data)
        found["codes"] = _codes(data)
        found["drawn"] = drawn(reader)
        found["signers"] = _signers(reader, data, certificates, now)
    except PdfRefused as refused:
        found["fault"] = str(refused)
    except MemoryError:
        raise
    except Exception:  # Whatever a parser meets in a file of a stranger is the file's fault.
        found["fault"] = "rusak"
    return found


def _opened(data: bytes) -> PdfFileReader:
    if not data.startswith(b"%PDF-"):
        raise PdfRefused("bukan")
    reader = PdfFileReader(BytesIO(data))
    if reader.encrypted:
        raise PdfRefused("terkunci")
    return reader


def _codes(data: bytes) -> list[str]:
    return list(dict.fromkeys(CODE.findall(PdfReader(BytesIO(data)).pages[0].extract_text())))[:5]


def drawn(reader: PdfFileReader) -> str:
    """SHA-256 of what the pages draw; Refused where something lies over them, or the file does more than draw."""
    if set(reader.root) - OWN_KEYS or "/XFA" in _at(reader.root, "/AcroForm"):
        raise PdfRefused("isi")
    known: dict[generic.Reference, bytes] = {}
    digest = hashlib.sha256()
    for page in _pages(reader.root["/Pages"], {}, DEEPEST):
        for box in page.pop("/Annots"):
            _look_at_box(box.get_object())
        if "/AA" in page:
            raise PdfRefused("isi")
        for key in DRAWN_KEYS:
            digest.update(_canonical(page.get(key, generic.NullObject()), known, DEEPEST))
    return digest.hexdigest()


def _at(node: Any, key: str) -> Any:
    """Return the value under a key of a dictionary, wherever in the file it stands; an empty object for none."""
    return node[key] if key in node else ()  # noqa: SIM401 # `get` would not follow a reference.


def _pages(node: Any, inherited: dict[str, Any], deep: int) -> list[dict[str, Any]]:
    """The pages in order, each with what it has from above."""
    own = inherited | {key: node.raw_get(key) for key in node if key != "/Parent"}
    if "/Kids" not in node:
        return [own | {"/Annots": _at(node, "/Annots")}]
    handed = {key: value for key, value in own.items() if key in DRAWN_KEYS}
    if not deep:
        raise PdfRefused("isi")
    pages = [page for kid in node["/Kids"] for page in _pages(kid.get_object(), handed, deep - 1)]
    if len(pages) > MOST_PAGES:
        raise PdfRefused("isi")
    return pages


def _look_at_box(box: Any) -> None:
    kind = _at(box, "/FT") or _at(_at(box, "/Parent"), "/FT")
    if _at(box, "/Subtype") != "/Widget" or kind != "/Sig":
        raise PdfRefused("isi")
    _, low, _, high = map(float, box["/Rect"])
    if max(low, high) > BOX_TOP:
        raise PdfRefused("kotak")


def _canonical(value: Any, known: dict[generic.Reference, bytes], deep: int) -> bytes:
    """Return equal bytes for what draws alike: names of objects and ways of packing leave no trace."""
    if not deep:
        raise PdfRefused("isi")
    if isinstance(value, generic.IndirectObject):
        if value.reference not in known:
            known[value.reference] = b"in the making"
            behind: Any = value.get_object()  # type: ignore[no-untyped-call] # It brings no types.
            known[value.reference] = _canonical(behind, known, deep)
        return known[value.reference]
    kind = "other"
    if isinstance(value, generic.DictionaryObject):
        kind = "stream" if isinstance(value, generic.StreamObject) else "dictionary"
        keys = sorted(key for key in value if not (kind == "stream" and key in PACKING) and key != "/Parent")
        parts = [part for key in keys for part in (key.encode(), _canonical(value.raw_get(key), known, deep - 1))]
        parts += [_unpacked(value)] if kind == "stream" else []
    elif isinstance(value, generic.ArrayObject):
        kind = "array"
        parts = [_canonical(value.raw_get(place), known, deep - 1) for place in range(len(value))]
    elif isinstance(value, int | float) and not isinstance(value, generic.BooleanObject):
        parts = [f"{float(value):.4f}".encode()]
    else:
        written = BytesIO()
        value.write_to_stream(written)
        parts = [written.getvalue()]
    return hashlib.sha256(kind.encode() + b"".join(hashlib.sha256(part).digest() for part in parts)).digest()


def _unpacked(stream: Any) -> bytes:
    """Return the contents of a stream; a picture that is a file of its own kind is left as it is."""
    try:
        return bytes(stream.data)
    except NotImplementedError:
        return bytes(stream.encoded_data)


def _signers(
    reader: PdfFileReader, data: bytes, certificates: dict[str, list[Certificate]], now: datetime
) -> list[dict[str, str]]:
    """Return the signers in order; Refused for the first signature that does not hold."""
    signatures = reader.embedded_regular_signatures
    if not signatures:
        raise PdfRefused("kosong")
    if not data.rstrip().endswith(b"%%EOF"):
        raise PdfRefused("berubah")
    given: dict[str, Any] = {
        "trust_roots": certificates["roots"],
        "other_certs": certificates["others"],
        "moment": now,
        "allow_fetching": False,
        "revinfo_policy": WITHDRAWN,
    }
    if "/DSS" in reader.root:
        context = DocumentSecurityStore.read_dss(reader).as_validation_context(given)
    else:
        context = ValidationContext(**given)
    found = [validate_pdf_signature(each, context, key_usage_settings=SIGNS) for each in signatures]
    for place, status in enumerate(found):
        _refuse(status, is_last=place == len(found) - 1)
    return [_signer(status) for status in found]


def _refuse(status: PdfSignatureStatus, *, is_last: bool) -> None:
    """Refuse a last signature that is followed by anything but proofs of its validity."""
    allowed = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES) if is_last else PERMITTED
    level = getattr(status, "modification_level", None)
    loose = status.coverage != SignatureCoverageLevel.ENTIRE_FILE and level == ModificationLevel.NONE
    whole = status.coverage in (SignatureCoverageLevel.ENTIRE_REVISION, SignatureCoverageLevel.ENTIRE_FILE)
    if not (status.intact and status.valid and status.docmdp_ok and whole and level in allowed) or loose:
        raise PdfRefused("berubah")
    if status.revoked:
        raise PdfRefused("ditarik")
    if not status.trusted:
        raise PdfRefused("rantai")


def _signer(status: PdfSignatureStatus) -> dict[str, str]:
    """Name, serial number and fingerprint of the certificate, when it was signed, and a fingerprint of the chain."""
    certificate = status.signing_cert
    subject = certificate.subject.native
    stamp = status.timestamp_validity
    proven = stamp is not None and stamp.trusted and stamp.intact
    at = stamp.timestamp if stamp and proven else status.signer_reported_dt
    path = status.validation_path.iter_certs(include_root=True) if status.validation_path else []
    return {
        "name": str(subject.get("common_name", "")),
        "serial": str(subject.get("serial_number", "")),
        "fingerprint": hashlib.sha256(certificate.dump()).hexdigest(),
        "chain": hashlib.sha256(b"".join(hashlib.sha256(each.dump()).digest() for each in path)).hexdigest(),
        "at": at.astimezone(UTC).isoformat() if at else "",
        "proven": "ya" if proven else "",
    }
