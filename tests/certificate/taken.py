"""A number that stands in the book already: of a year whose pattern wrote it so."""

from dataclasses import replace

from sqlalchemy import func, select

from lms.certificate.keys import keep
from lms.certificate.numbering import number_key
from lms.certificate.snapshot import canonical, found_by, sign
from lms.db.engine import db, writing
from lms.db.tables import Certificate, CertificateEvent, NumberSeries
from tests.certificate.samples import ONLINE
from tests.conftest import KEY, START, add_member, add_person


def take_already(number: str) -> None:
    """Let a certificate of long ago have this number."""
    member = add_member(add_person("Nomor Lama"))
    count = db.session.query(Certificate).count() + 1
    said = replace(ONLINE, number=number, token=f"{'L' * 21}{count}", short_code=f"{'L' * 11}{count}")
    payload = canonical(said)
    with writing():
        series = db.session.scalar(select(func.min(NumberSeries.id)))
        place = {"series_id": series, "year": 1999, "sequence": count, "number_key": number_key(number)}
        codes = {"id": said.token, "token": said.token, "short_code": said.short_code, "sought": found_by(said)}
        signed = {"payload": payload, "signature": sign(KEY, payload), "key_id": keep(KEY, START), "issued_at": START}
        db.session.add(Certificate(**codes, **place, **signed, membership_id=member, edition_id=1, sample=False))
        db.session.flush()
        db.session.add(CertificateEvent(certificate_id=said.token, kind="issued", at=START))
