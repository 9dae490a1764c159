"""Certificates of self-study: only what the learner finished, in the hours that belong to it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import Row

from lms.certificate import queries
from lms.certificate.actions import SheetDraft, fresh_codes
from lms.certificate.hours import subjects
from lms.certificate.snapshot import PARTICIPANT, WET, Snapshot
from lms.course.load import EditionView
from lms.learn.completion import Completion
from lms.learn.queries import Progress, selfstudy_completion
from lms.people.office import Issuer
from lms.people.regions import villages
from lms.people.signatory import IssuingOffice, Signatory
from lms.web.clock import today
from lms.web.dates import WIB

NAME_NOTE = "Nama menurut isian peserta."
ONLINE = "daring mandiri"
ALONE = "Warga"
"""Nobody vouched for more than this: who studies alone may be a PSM, or on the way to become one."""

SAMPLE = Issuer(
    IssuingOffice("PEMERINTAH KABUPATEN WONOGIRI", "DINAS SOSIAL", "", "Wonogiri"),
    "Dinas Sosial Kabupaten Wonogiri",
    Signatory("Kepala Dinas Sosial", "", "(penanda tangan belum diatur)", "", ""),
    *(0, "", "", ""),
)
"""Who stands on a sheet as long as office, signer, series or https are not set."""


def sheet_draft(
    membership_id: int, edition_id: int, signs: Issuer | None, issued_on: date, *, legal_basis: str = "", **said: Any
) -> SheetDraft:
    """A certificate before its number, under codes of its own: `said` of its owner, and what its issuer gives it."""
    token, short_code, check_url = fresh_codes(current_app.config["PUBLIC_URL"])
    by = signs or SAMPLE
    snapshot = Snapshot(
        token=token,
        short_code=short_code,
        check_url=check_url,
        sample=signs is None,
        issued_on=issued_on,
        signed_on=_signed_on(issued_on),
        issued_place=by.office.place,
        office=by.office,
        organiser=by.organiser,
        signer=by.signer,
        second_signer=by.second_signer,
        legal_basis=legal_basis or by.legal_basis,
        **said,
    )
    return SheetDraft(membership_id, edition_id, signs, snapshot)


def evidence(edition_id: int, completion: Completion, person: Progress) -> dict[str, Any]:
    """Return the evidence that a certificate of any kind rests on."""
    return {
        "terbitan": edition_id,
        "syarat": [[part.kind, int(part.done), part.asked] for part in completion.requirements],
        "pelajaran": sorted(person.finished),
        "kuis": sorted(person.facts.passed),
    }


def draft(
    member: Row[int, datetime],
    enrolment_id: int,
    edition: EditionView,
    person: Progress,
    name: str,
    region: str | None,
    signs: Issuer | None,
    issued_on: date,
) -> SheetDraft:
    """The certificate of a learner, who is called `name` with titles; a sample when nobody signs."""
    exams = person.exams
    steps = [queries.last_step_at(enrolment_id), exams.passed_at if exams else None]
    ended = max((moment for moment in steps if moment), default=member.joined_at)
    tried = {"tes_akhir": exams.passed if exams else None}
    return sheet_draft(
        *(member.membership_id, edition.id, signs, issued_on),
        name=name,
        name_note=NAME_NOTE,
        identity=_identity(region),
        role=PARTICIPANT,
        activity=edition.course.title,
        starts_on=min(member.joined_at, ended).astimezone(WIB).date(),
        ends_on=ended.astimezone(WIB).date(),
        place="",
        mode=ONLINE,
        subjects=subjects(edition.course.modules, person.finished),
        evidence=evidence(edition.id, selfstudy_completion(edition, person), person) | tried,
    )


def revised(old: Snapshot, name: str, region: str | None) -> Snapshot:
    """A sheet with the name and the village of now, for ink, under codes of its own."""
    token, short_code, check_url = fresh_codes(current_app.config["PUBLIC_URL"])
    own = replace(old, token=token, short_code=short_code, check_url=check_url, name=name)
    return replace(own, identity=_identity(region), signing=WET, signed_on=_signed_on(old.issued_on))


def _signed_on(issued_on: date) -> date | None:
    """Today, where that is not the day of issue."""
    return None if issued_on == today() else today()


def _identity(region: str | None) -> str:
    village = villages().get(region or "")
    return f"{ALONE} {village.label}" if village else ""
