"""The way back from waiting: what will not be signed electronically is issued anew, to be signed with ink."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.certificate import actions
from lms.certificate.candidates import fault_of, lot, redrafted
from lms.certificate.keys import KEY_ENDED, KeyEnded
from lms.certificate.queries import IssuedSheet, sheets_in
from lms.certificate.selfstudy import revised
from lms.certificate.snapshot import WET
from lms.db.engine import made_once, read
from lms.db.tables import Certificate, Cohort, Membership, Person
from lms.people.access import CohortFacts, cohort_facts
from lms.people.jobs import JobFacts, NotDoable, advance
from lms.people.names import with_titles
from lms.web.clock import now

KIND = "revisi"
AT_ONCE = 10
MOST_TOLD = 50
ERASED = "Data pemiliknya sudah dihapus, jadi lembarnya tidak dapat disusun lagi."
OTHER_WAY = (
    "Sementara ini ada yang memilih tanda tangan elektronik lagi. Sisanya tetap menunggu; bila memang tidak jadi,"
    " kembali dan tekan sekali lagi."
)
NO_ISSUER = "Kantor, penanda tangan, atau nomor sertifikat belum diatur. Minta pengelola mengisinya, lalu tekan lagi."


Owner = tuple[str, str | None, str, str]
"""Whose a sheet is, as known now: name as printed, code of the village, how it would be signed, and their post."""

_ISSUED_TO = aliased(Membership)
_OWNERS = (
    select(Certificate.id, Person.region, Cohort.signing, Person.position)
    .add_columns(Person.title_before, Person.name, Person.title_after)
    .join(_ISSUED_TO, _ISSUED_TO.id == Certificate.membership_id)
    .join(Membership, Membership.id == func.coalesce(_ISSUED_TO.absorbed_by_id, _ISSUED_TO.id))
    .join(Person, Person.id == Membership.person_id)
    .join(Cohort, Cohort.id == Membership.cohort_id)
    .where(Person.erased_at.is_(None))
)


def owners(sheet_ids: Collection[str], *, locked: bool = False) -> dict[str, Owner]:
    """Sheet -> its owner; who was erased is not there. `locked`: it stays true to the end of the write."""
    known = _OWNERS.where(Certificate.id.in_(sheet_ids))
    rows = read(known.with_for_update(read=True, of=(Person, Cohort)) if locked else known)
    return {each: (with_titles(*name), region, way, post) for each, region, way, post, *name in rows}


def revise_some(job: JobFacts) -> None:
    """The next few of them, each in a write of its own; what waits no longer is left as it is."""
    ids = job.told["lembar"][job.position : job.position + AT_ONCE]
    known = owners(ids)  # Before all else is read, so that each write notices what changed since.
    held = cohort_facts(job.cohort_id or 0)
    if held.signing != WET:
        raise NotDoable(OTHER_WAY)
    waiting = [each for each in sheets_in(held.cohort_id, ids=ids) if each.state == "menunggu"]
    plans = _plans(held, waiting, known) if waiting else {}
    faults = {each.id: fault_of(plans[each.id]) if each.id in plans else ERASED for each in waiting}
    for sheet_id in ids:
        following = _revise_one(job, sheet_id, known.get(sheet_id), plans.get(sheet_id), faults.get(sheet_id, ""))
        if following is None:
            return
        job = following


def _plans(
    held: CohortFacts, waiting: Sequence[IssuedSheet], known: Mapping[str, Owner]
) -> dict[str, actions.SheetDraft]:
    """Sheet -> what its revision would say. Of self-study, which has many, nothing but the owners is needed."""
    if held.kind == "mandiri":
        return {
            each.id: actions.SheetDraft(each.membership_id, held.edition_id, None, revised(each.snapshot, *who[:3]))
            for each in waiting
            if (who := known.get(each.id))
        }
    found = lot(held, [each.membership_id for each in waiting])
    if found.issuer is None:
        raise NotDoable(NO_ISSUER)
    people = {who.membership_id: who for who in found.candidates}
    return {
        each.id: redrafted(found, people[each.membership_id], each) for each in waiting if each.membership_id in people
    }


def _revise_one(
    job: JobFacts, sheet_id: str, owner: Owner | None, plan: actions.SheetDraft | None, fault: str
) -> JobFacts | None:
    """The job after its next unit; None when another request did that unit, or the plan is to be made anew."""
    done: dict[str, Any] = {"terbit": 0, "lewat": {}, "biar": 0, **job.outcome}

    def one() -> JobFacts | None:
        waits = actions.still_waits(sheet_id)
        if owners([sheet_id], locked=True).get(sheet_id) != owner:
            return None
        if fault:
            outcome = done | {"lewat": done["lewat"] | ({sheet_id: fault} if len(done["lewat"]) < MOST_TOLD else {})}
        else:
            what = "terbit" if plan and waits else "biar"
            outcome = done | {what: done[what] + 1}
        if not advance(job, job.position + 1, now(), outcome):
            return None
        if plan and outcome["terbit"] > done["terbit"]:
            key, why = current_app.config["SIGNING_KEY"], job.told["alasan"]
            actions.reissue(sheet_id, plan, key, why, now(), by=job.by_id)
        return replace(job, position=job.position + 1, outcome=outcome)

    try:
        return made_once(one)
    except KeyEnded as ended:
        raise NotDoable(KEY_ENDED) from ended
