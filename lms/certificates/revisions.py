"""The way back from waiting: what will not be signed electronically is issued anew, to be signed with ink."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import current_app

from lms.certificates import actions
from lms.certificates.candidates import fault_of, lot, redrafted
from lms.certificates.keys import KEY_ENDED, KeyEnded
from lms.certificates.queries import Sheet, sheets_in
from lms.certificates.selfstudy import revised
from lms.certificates.sheet_queries import owners
from lms.core.certificate import WET
from lms.database import made_once
from lms.jobs.actions import NotDoable, advance
from lms.jobs.queries import JobFacts
from lms.web.access import CohortFacts, cohort_facts
from lms.web.clock import now, today

KIND = "revisi"
AT_ONCE = 10
ERASED = "Data pemiliknya sudah dihapus, jadi lembarnya tidak dapat disusun lagi."
OTHER_WAY = (
    "Sementara ini ada yang memilih tanda tangan elektronik lagi. Sisanya tetap menunggu; bila memang tidak jadi,"
    " kembali dan tekan sekali lagi."
)
NO_ISSUER = "Kantor, penanda tangan, atau nomor sertifikat belum diatur. Minta pengelola mengisinya, lalu tekan lagi."


def revise_some(job: JobFacts) -> None:
    """The next few of them, each in a write of its own; what waits no longer is left as it is."""
    held = cohort_facts(job.cohort_id or 0)
    if held.signing != WET:
        raise NotDoable(OTHER_WAY)
    ids = job.told["lembar"][job.position : job.position + AT_ONCE]
    waiting = [each for each in sheets_in(held.cohort_id, ids=ids) if each.state == "menunggu"]
    plans = _plans(held, waiting) if waiting else {}
    faults = {each.id: fault_of(plans[each.id]) if each.id in plans else ERASED for each in waiting}
    for sheet_id in ids:
        following = _revise_one(job, sheet_id, plans.get(sheet_id), faults.get(sheet_id, ""))
        if following is None:
            return
        job = following


def _plans(held: CohortFacts, waiting: Sequence[Sheet]) -> dict[str, actions.Draft]:
    """Sheet -> what its revision would say. Of self-study, which has many, only the owners are read."""
    members = [each.membership_id for each in waiting]
    if held.kind == "mandiri":
        known = owners(members)
        fresh = {each.id: (each, *known[each.membership_id]) for each in waiting if each.membership_id in known}
        return {
            sheet_id: actions.Draft(
                sheet.membership_id, held.edition_id, None, revised(sheet.snapshot, name, village, held.signing)
            )
            for sheet_id, (sheet, name, village) in fresh.items()
        }
    found = lot(held, members)
    if found.issuer is None:
        raise NotDoable(NO_ISSUER)
    people = {who.membership_id: who for who in found.candidates}
    return {
        each.id: redrafted(found, people[each.membership_id], each, today())
        for each in waiting
        if each.membership_id in people
    }


def _revise_one(job: JobFacts, sheet_id: str, plan: actions.Draft | None, fault: str) -> JobFacts | None:
    """The job after its next unit; None when another request did that unit."""
    done: dict[str, Any] = {"terbit": 0, "lewat": {}, "biar": 0, **job.outcome}

    def one() -> JobFacts | None:
        if fault:
            outcome = done | {"lewat": {**done["lewat"], sheet_id: fault}}
        else:
            what = "terbit" if plan and actions.still_waits(sheet_id) else "biar"
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
