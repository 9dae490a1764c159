"""Writes about certificates: who issues, issuing, revoking. Nothing here commits."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, select, update

from lms.bimtek.predicate import Bands
from lms.certificate import keys, numbers, queries
from lms.certificate import snapshot as core
from lms.certificate.numbering import number_key
from lms.certificate.snapshot import Snapshot
from lms.db.engine import db, insert_missing, read, writer
from lms.db.tables import Certificate, CertificateEvent, Cohort, Exemption, HandedSheet, Membership, Person, SignedSheet
from lms.people.actions import note
from lms.people.jobs import NotDoable
from lms.people.office import Issuer
from lms.quiz.queries import is_or_absorbed_by

TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class SheetDraft:
    """Everything a certificate will say but its number; `issuer` is None for a sample."""

    membership_id: int
    edition_id: int
    issuer: Issuer | None
    snapshot: Snapshot


def fresh_codes(public_url: str) -> tuple[str, str, str]:
    """(token, short code, check address) of a new certificate."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, core.short_code(secrets.token_bytes(8)), f"{public_url}/cek/{token}"


def numbered(draft: SheetDraft, sequence: int) -> Snapshot:
    """The snapshot with the number that this place in the series has."""
    issuer, day = draft.issuer, draft.snapshot.issued_on
    if issuer is None:
        return draft.snapshot
    number = core.format_number(issuer.pattern, sequence, issuer.code, issuer.classification, day)
    return replace(draft.snapshot, number=number)


def issue(draft: SheetDraft, signing_key: bytes, now: datetime, *, by: int | None = None, why: str = "") -> str:
    """The id of the membership's certificate (or sample): the one it has, else a new one, numbered and signed.

    A sample that it has is made anew, since nothing rests on it and what was mended is to be seen. The number is drawn
    here, inside the caller's write, so that there are neither gaps nor doubles. Raises KeyEnded
    and NumberTaken.
    """
    if known := queries.held(draft.membership_id, sample=draft.issuer is None):
        return known if draft.issuer else _remade(known, draft, signing_key, now)
    if draft.issuer is None:
        return _keep(draft, draft.snapshot, signing_key, now, by)
    series_id, year = draft.issuer.series_id, draft.snapshot.issued_on.year
    sequence = numbers.next_sequence(series_id, year)
    snapshot = numbered(draft, sequence)
    assert snapshot.number is not None
    if taken([snapshot.number]):
        raise NumberTaken(snapshot.number)
    return _keep(draft, snapshot, signing_key, now, by, why, series_id=series_id, year=year, sequence=sequence)


class NumberTaken(NotDoable):
    """The next number stands in the book already; the message says what to do, in Indonesian."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"Sertifikat belum dapat terbit: nomor {number} sudah ada di buku register. Minta pengelola memajukan nomor"
            " berikutnya atau mengganti kodenya di halaman Nomor sertifikat. Tidak ada yang hilang."
        )


def taken(numbers: Sequence[str]) -> list[str]:
    """Return those of these numbers that a certificate of any series has already."""
    keys = [number_key(number) for number in numbers]
    issued = select(Certificate.number_key).where(Certificate.number_key.in_(keys), Certificate.revision == 0)
    found = set(read(issued).scalars()) if keys else set()
    return [number for number, key in zip(numbers, keys, strict=True) if key in found]


def _remade(sample_id: str, draft: SheetDraft, signing_key: bytes, now: datetime) -> str:
    row = db.session.get_one(Certificate, sample_id, with_for_update=True)
    old = core.snapshot_of(row.payload)
    # What was printed of it is still known, as a sample.
    snapshot = replace(draft.snapshot, token=old.token, short_code=old.short_code, check_url=old.check_url)
    for name, value in _frozen(draft, snapshot, signing_key, now).items():
        setattr(row, name, value)
    return row.id


def _frozen(draft: SheetDraft, snapshot: Snapshot, signing_key: bytes, now: datetime) -> dict[str, Any]:
    """The columns that hold what a sheet says, and whose word that is."""
    payload = core.canonical(snapshot)
    signature, key_id = core.sign(signing_key, payload), keys.keep(signing_key, now)
    columns = {"payload": payload, "sought": core.found_by(snapshot), "signature": signature, "key_id": key_id}
    return columns | {"edition_id": draft.edition_id, "issued_at": now}


def renumber(
    certificate_id: str, draft: SheetDraft, signing_key: bytes, reason: str, now: datetime, *, by: int | None = None
) -> str:
    """The id of a sheet under a new number; the old one was revoked by mistake, and stays so. Raises NotInForce."""
    old = db.session.get_one(Certificate, certificate_id, with_for_update=True)
    if old.renumbered_at or _state(old) != "dicabut":
        raise NotInForce(certificate_id)
    theirs = Certificate.membership_id.in_(_same_member(draft.membership_id)), Certificate.sample.is_(False)
    db.session.execute(update(Certificate).where(*theirs).values(renumbered_at=now))
    return issue(draft, signing_key, now, by=by, why=reason)


def reissue(
    certificate_id: str, draft: SheetDraft, signing_key: bytes, reason: str, now: datetime, *, by: int | None = None
) -> str:
    """The id of a corrected sheet under the same number, one revision on; the old one says “diganti” from now on.

    Raises NotInForce for a sample and for a sheet that was replaced or revoked already.
    """
    old = _in_force(certificate_id)
    number = core.snapshot_of(old.payload).number
    snapshot = replace(draft.snapshot, sample=False, number=number, revision=old.revision + 1)
    draft = replace(draft, membership_id=old.membership_id)
    place: dict[str, Any] = {"series_id": old.series_id, "year": old.year, "sequence": old.sequence}
    fresh = _keep(draft, snapshot, signing_key, now, by, **place)
    _append(old.id, "replaced", reason, by, now)
    return fresh


def _same_member(membership_id: int) -> Select[int]:
    return select(Membership.id).where(is_or_absorbed_by(Membership, membership_id))


class NotInForce(Exception):
    """The sheet is a sample, or was replaced, revoked or given another number meanwhile."""


def hold(certificate_id: str) -> None:
    """Keep a sheet, and whom it was issued to, as they are to the end of this write."""
    theirs = select(Certificate.id).join(Membership, Membership.id == Certificate.membership_id).join(Person)
    read(theirs.where(Certificate.id == certificate_id).with_for_update(of=(Certificate, Person)))


def _in_force(certificate_id: str) -> Certificate:
    """The certificate, locked; raises NotInForce when it is none that holds."""
    row = db.session.get_one(Certificate, certificate_id, with_for_update=True)
    if _state(row) not in core.IN_FORCE:
        raise NotInForce(certificate_id)
    return row


def _state(row: Certificate) -> core.State:
    kinds = select(CertificateEvent.kind).where(CertificateEvent.certificate_id == row.id)
    return core.state(row.sample, db.session.scalars(kinds.order_by(CertificateEvent.id)))


def _keep(
    draft: SheetDraft, snapshot: Snapshot, key: bytes, now: datetime, by: int | None, why: str = "", **place: Any
) -> str:
    """`place`: series, year and count of its number; a sample has none."""
    row = Certificate(
        id=secrets.token_urlsafe(16),
        token=snapshot.token,
        short_code=snapshot.short_code,
        membership_id=draft.membership_id,
        sample=snapshot.sample,
        revision=snapshot.revision,
        number_key=number_key(snapshot.number) if snapshot.number else None,
        **place,
        **_frozen(draft, snapshot, key, now),
    )
    db.session.add(row)
    db.session.flush()
    _append(row.id, "issued", why, by, now)
    if snapshot.signing == core.TTE and not snapshot.sample:
        _append(row.id, "awaiting", "", None, now)
    return row.id


def confirm_name(cohort_id: int, person_id: int, now: datetime) -> None:
    """Somebody says that their name is right, in whatever roles they have; the first time counts."""
    mine = update(Membership).where(Membership.cohort_id == cohort_id, Membership.person_id == person_id)
    db.session.execute(mine.where(Membership.name_confirmed_at.is_(None)).values(name_confirmed_at=now))


def set_content(cohort_id: int, bands: Bands, by: int, now: datetime, *, scores: bool, days: bool) -> None:
    """Whether the sheets of a cohort bear a predicate, and by which bands, a table of scores, and days of their own."""
    cohort = db.session.get_one(Cohort, cohort_id)
    cohort.predicates, cohort.prints_scores, cohort.prints_own_days = [list(band) for band in bands], scores, days
    changed = ["predicates", "prints_scores", "prints_own_days"]
    note(by, "isi sertifikat diatur", f"cohort:{cohort_id}", now, changed)


def drop(cohort_id: int, dropped: Sequence[str], reason: str, now: datetime, *, by: int) -> None:
    """Set which requirements a bimtek asks nobody, in place of what was dropped before."""
    cohort = db.session.get_one(Cohort, cohort_id, with_for_update=True)
    if cohort.dropped != list(dropped):
        cohort.dropped = list(dropped)
        note(by, "syarat sertifikat dilepas", f"cohort:{cohort_id}", now, ["dropped"], reason)


def exempt(members: Iterable[int], reason: str, now: datetime, *, by: int) -> None:
    """These get a certificate though something is missing; who decides again replaces the reason."""
    for membership_id in sorted(members):
        row = db.session.get(Exemption, membership_id) or Exemption(membership_id=membership_id)
        row.reason, row.by_id, row.at = reason, by, now
        db.session.add(row)
        note(by, "syarat dikecualikan", f"membership:{membership_id}", now, ["exemption"])


def take_exemption_back(membership_id: int, now: datetime, *, by: int) -> None:
    """Let what is missing count again; nothing changes where it always did."""
    whose = Exemption.membership_id.in_(_same_member(membership_id))
    rows = db.session.scalars(select(Exemption).where(whose)).all()
    for row in rows:
        db.session.delete(row)
    if rows:
        note(by, "pengecualian dicabut", f"membership:{membership_id}", now, ["exemption"])


def revoke(certificate_id: str, reason: str, now: datetime, *, by: int | None = None) -> None:
    """Append that the certificate no longer holds; its number is not used again. Raises NotInForce."""
    _in_force(certificate_id)
    _append(certificate_id, "revoked", reason, by, now)


def choose_signing(cohort_id: int, signing: str, now: datetime, *, by: int) -> None:
    """Let what is issued from now on be signed in this way; what was issued keeps its own."""
    held = db.session.get_one(Cohort, cohort_id, with_for_update=True)
    if held.signing != signing:
        held.signing = signing
        note(by, "cara tanda tangan dipilih", f"cohort:{cohort_id}", now, ["signing"], signing)


def hand_out(drawings: Mapping[str, str]) -> None:
    """Keep what the PDF of each certificate draws that now goes out to be signed."""
    rows = [{"certificate_id": certificate_id, "drawn": drawn} for certificate_id, drawn in drawings.items()]
    if rows:
        writer().execute(insert_missing(HandedSheet, "certificate_id", "drawn"), rows)


def keep_signed(certificate_id: str, data: bytes, said: str, now: datetime, *, by: int) -> str:
    """Keep a signed PDF as it came; a word for what became of it. Of several the first stays, whatever comes later."""
    row = db.session.get_one(Certificate, certificate_id, with_for_update=True)
    stands = _state(row)
    digest = sha256(data).hexdigest()
    kept = db.session.scalar(select(SignedSheet.hash).where(SignedSheet.certificate_id == row.id))
    if stands not in core.IN_FORCE:
        return stands
    if kept is not None or stands == "berlaku":
        return "basah" if kept is None else "sudah" if kept == digest else "lain"
    db.session.add(SignedSheet(certificate_id=row.id, hash=digest, data=data, at=now))
    _append(row.id, "signed", said, by, now)
    note(by, "PDF bertanda tangan disimpan", f"certificate:{row.id}", now, ["signed_sheet"])
    return "tersimpan"


def _append(certificate_id: str, kind: str, reason: str, by: int | None, now: datetime) -> None:
    db.session.add(CertificateEvent(certificate_id=certificate_id, kind=kind, reason=reason, person_id=by, at=now))
    db.session.flush()
