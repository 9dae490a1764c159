"""The training record: one's certificates over the years, to print; and the check of a printed one by its seal."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, abort, current_app, render_template

from lms.certificate.keys import has_ended, public_keys
from lms.certificate.qr import short_id, still_holds
from lms.certificate.queries import holding_certificates, named
from lms.certificate.training_record import Claim, Year, by_year, claimed, seal, unsealed
from lms.paper.printing import qr_picture
from lms.people.access import mine
from lms.people.names import full_name
from lms.people.queries import person_facts
from lms.web.clock import now, today

bp = Blueprint("training_record", __name__)


def _years(person_id: int, day: date) -> list[Year]:
    """Return the certificates that hold among those issued up to a day, by year."""
    return by_year(each for each in holding_certificates(person_id) if each.snapshot.issued_on <= day)


def _address(person_id: int, name: str, years: Sequence[Year]) -> str:
    """Return the address that checks the record as of today; "" while there is nothing to check it by."""
    key = current_app.config["SIGNING_KEY"]
    if has_ended(key) or not years:
        return ""
    return f"{current_app.config['PUBLIC_URL']}/cek/rekam/{seal(claimed(person_id, today(), name, years), key)}"


@bp.get("/sertifikat/rekam")
def record() -> str:
    """My certificates over the years, to print."""
    who = mine()
    facts, years = person_facts(who.person_id), _years(who.person_id, today())
    return render_template(
        "certificate/rekam.html",
        facts=facts,
        name=full_name(facts),
        years=years,
        total=sum(year.counted_jp for year in years),
        count=sum(len(year.entries) for year in years),
        day=today(),
        site=current_app.config["PUBLIC_URL"],
        check=_address(who.person_id, full_name(facts), years),
    )


@bp.get("/sertifikat/rekam.svg")
def code() -> Response:
    """The QR of its check."""
    who = mine()
    address = _address(who.person_id, full_name(person_facts(who.person_id)), _years(who.person_id, today()))
    return qr_picture(address) if address else abort(404)


def _claim(record_seal: str) -> Claim | None:
    """Read a seal; None unless a key signed it that is still believed for its day."""
    keys = {short_id(public): (public, *days) for _, public, *days in public_keys(current_app.config["SIGNING_KEY"])}
    found = unsealed(record_seal, {name: public for name, (public, *_) in keys.items()})
    return found[1] if found and still_holds(found[1].day, *keys[found[0]][1:]) else None


@bp.get("/cek/rekam/<record_seal>")
def check(record_seal: str) -> str | tuple[str, int]:
    """Whether a record still is as it was printed; one constant answer for everything unknown and for the erased."""
    claim = _claim(record_seal)
    name = named(claim.person_id) if claim else None
    if claim is None or name is None:
        return render_template("certificate/cek_tidak_dikenal.html", typed=""), 404
    years = _years(claim.person_id, claim.day)
    same = claimed(claim.person_id, claim.day, name, years) == claim
    total = sum(year.counted_jp for year in years)
    shown = {"claim": claim, "name": name, "years": years, "total": total, "same": same, "moment": now()}
    return render_template("certificate/cek_rekam.html", **shown)
