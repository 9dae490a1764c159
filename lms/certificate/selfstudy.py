"""What a self-study certificate will say: only what the learner finished, in the hours that belong to it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import current_app
from sqlalchemy import Row

from lms.certificate import queries
from lms.certificate.actions import SheetDraft, fresh_codes
from lms.certificate.hours import subjects
from lms.certificate.snapshot import Snapshot
from lms.course.load import EditionView
from lms.learn.completion import Completion
from lms.learn.queries import Progress
from lms.people.names import with_titles
from lms.people.office import issuer
from lms.people.regions import Village, villages
from lms.people.signatory import IssuingOffice, Signatory
from lms.web.dates import WIB

NAME_NOTE = "Nama menurut isian peserta."
ALONE = "Warga"
"""Nobody vouched for more than this: who studies alone may be a PSM, or on the way to become one."""

SAMPLE_OFFICE = IssuingOffice("PEMERINTAH KABUPATEN WONOGIRI", "DINAS SOSIAL", "", "Wonogiri")
SAMPLE_ORGANISER = "Dinas Sosial Kabupaten Wonogiri"
SAMPLE_SIGNER = Signatory("Kepala Dinas Sosial", "", "(penanda tangan belum diatur)", "", "")


@dataclass(frozen=True, slots=True)
class ConfirmedName:
    """The person as the learner confirmed them."""

    name: str
    title_before: str
    title_after: str
    region: str | None


def draft(
    member: Row[int, int, datetime, str],
    enrolment_id: int,
    edition: EditionView,
    person: Progress,
    completion: Completion,
    printed: ConfirmedName,
    *,
    public_url: str,
    is_https: bool,
    issued_on: date,
) -> SheetDraft:
    """The certificate before its number; a sample while office, signer, series or https are not set."""
    signs = issuer("mandiri", issued_on) if is_https else None
    token, short_code, check_url = fresh_codes(public_url)
    village = villages().get(printed.region or "")
    exams = person.exams
    steps = [queries.last_step_at(enrolment_id), exams.passed_at if exams else None]
    ended = max((moment for moment in steps if moment), default=member.joined_at)
    office = signs.office if signs else SAMPLE_OFFICE
    snapshot = Snapshot(
        token=token,
        short_code=short_code,
        sample=signs is None,
        number=None,
        revision=0,
        name=with_titles(printed.title_before, printed.name, printed.title_after),
        name_note=NAME_NOTE,
        identity=_identity(village),
        role="PESERTA",
        activity=edition.course.title,
        organiser=signs.organiser if signs else SAMPLE_ORGANISER,
        starts_on=min(member.joined_at, ended).astimezone(WIB).date(),
        ends_on=ended.astimezone(WIB).date(),
        place="",
        mode="daring mandiri",
        subjects=subjects(edition.course.modules, person.finished),
        predicate="",
        issued_on=issued_on,
        issued_place=office.place,
        office=office,
        signer=signs.signer if signs else SAMPLE_SIGNER,
        legal_basis=signs.legal_basis if signs else "",
        second_signer=signs.second_signer if signs else None,
        signing=member.signing,
        check_url=check_url,
        evidence={
            "terbitan": edition.id,
            "syarat": [[part.kind, part.done, part.asked] for part in completion.requirements],
            "pelajaran": sorted(person.finished),
            "kuis": sorted(person.facts.passed),
            "tes_akhir": exams.passed if exams else None,
        },
    )
    return SheetDraft(member.membership_id, edition.id, signs, snapshot)


def revised(old: Snapshot, name: str, region: str | None, signing: str) -> Snapshot:
    """A sheet with the name, the village and the way of signing of now, under codes of its own."""
    token, short_code, check_url = fresh_codes(current_app.config["PUBLIC_URL"])
    own = replace(old, token=token, short_code=short_code, check_url=check_url, name=name)
    return replace(own, identity=_identity(villages().get(region or "")), signing=signing)


def _identity(village: Village | None) -> str:
    return f"{ALONE} {village.label}" if village else ""
