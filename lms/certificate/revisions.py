"""Several sheets issued again at once: what was refused after a leak, what waits in vain, and what says wrong facts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import current_app

from lms.certificate import actions
from lms.certificate.candidates import CORRECTABLE, OF_ISSUING, fault_of, lot, redrafted
from lms.certificate.qr import mark
from lms.certificate.queries import IssuedSheet, sheets_in
from lms.certificate.snapshot import IN_FORCE, TTE, WET, printed_texts
from lms.db.engine import made_once
from lms.people.access import CohortFacts, cohort_facts
from lms.people.jobs import JobFacts, NotDoable, advance
from lms.web.clock import now

KIND = "revisi"
MOST_TOLD = 50
STATES = REFUSED, WAITING, WRONG = "ditolak", "menunggu", "salah"
SIGNINGS = {WET: "tanda tangan basah", TTE: "tanda tangan elektronik (TTE)"}
KEY_CHANGES = ("Tanda tangan situs", "tidak dipercaya lagi; lembar ini ditolak saat diperiksa", "kunci baru")
NEW_ANYWAY = {"Nomor", "Kode pendek", "Tempat dan tanggal terbit"}
NO_FAULT = (*OF_ISSUING, "sample", "token", "short_code", "check_url", "signing")
"""What a new sheet says otherwise though the old one is right: that comes from its issuing, not from its owner."""

ERASED = "Data pemiliknya sudah dihapus, jadi lembarnya tidak dapat disusun lagi."
CHANGED = "Datanya berubah sejak daftar ini diperiksa. Periksa lagi, lalu tekan sekali lagi."
OTHER_WAY = (
    "Cara tanda tangan diganti sementara ini. Sisanya tetap seperti semula: kembali, periksa lagi, lalu tekan sekali"
    " lagi."
)
NO_ISSUER = "Kantor, penanda tangan, atau nomor sertifikat belum diatur. Minta pengelola mengisinya, lalu tekan lagi."

Change = tuple[str, str, str]
"""Name of a field, what is printed, and what would be."""


@dataclass(frozen=True)
class Revision:
    """A sheet and what it would say if it were issued again now; `plan` is None for an owner who was erased."""

    sheet: IssuedSheet
    plan: actions.SheetDraft | None

    @cached_property
    def fault(self) -> str:
        """Why it can't be issued again, "" when it can."""
        return fault_of(self.plan) if self.plan else ERASED

    @cached_property
    def changes(self) -> list[Change]:
        """All that would be printed otherwise."""
        return changes(self.sheet, self.plan) if self.plan else []

    @property
    def seen(self) -> str:
        """The sheet, and a mark of what somebody saw of its changes, so that just these are made."""
        return f"{self.sheet.id}:{mark(str(self.changes))}"


def changes(sheet: IssuedSheet, plan: actions.SheetDraft) -> list[Change]:
    """Return all that differs, but for number, code and day of the sheet."""
    old, fresh = printed_texts(sheet.snapshot), printed_texts(plan.snapshot)
    was, will = (SIGNINGS[each.signing] for each in (sheet.snapshot, plan.snapshot))
    return (
        ([KEY_CHANGES] if sheet.state == REFUSED else [])
        + ([] if was == will else [("Cara tanda tangan", was, will)])
        + [
            (field, _in_lines(field, old.get(field, "")), _in_lines(field, fresh.get(field, "")))
            for field in dict.fromkeys([*old, *fresh])
            if field not in NEW_ANYWAY and old.get(field, "") != fresh.get(field, "")
        ]
    )


def _in_lines(field: str, text: str) -> str:
    """A text as the sheet breaks it."""
    return text.replace(" / ", "\n") if field.startswith("Jabatan penanda") else text


def planned(held: CohortFacts, ids: Sequence[str] | None = None) -> dict[str, list[Revision]]:
    """State -> its sheets, of a cohort or of these ids: refused; awaiting, to be signed with ink; with wrong facts.

    Raises NotDoable while nobody signs.
    """
    found: dict[str, list[Revision]] = {state: [] for state in STATES}
    sheets = [each for each in sheets_in(held.cohort_id, ids=ids) if each.state in CORRECTABLE]
    if not sheets:
        return found
    known = lot(held, list({each.membership_id for each in sheets}))
    if known.issuer is None:
        raise NotDoable(NO_ISSUER)
    people = {who.membership_id: who for who in known.candidates}
    by_issuing = NO_FAULT if known.plan.basis else (*NO_FAULT, "legal_basis")
    for sheet in sheets:
        who = people.get(sheet.membership_id)
        plan = redrafted(known, who, sheet) if who else None
        if sheet.state == REFUSED:
            found[REFUSED].append(Revision(sheet, plan))
        if sheet.state == WAITING:
            ink = plan and replace(plan, snapshot=replace(plan.snapshot, signing=WET))
            found[WAITING].append(Revision(sheet, ink))
        if sheet.state in IN_FORCE and plan and _is_wrong(sheet, plan, by_issuing):
            found[WRONG].append(Revision(sheet, plan))
    return found


def _is_wrong(sheet: IssuedSheet, plan: actions.SheetDraft, by_issuing: Sequence[str]) -> bool:
    as_then = {name: getattr(sheet.snapshot, name) for name in by_issuing}
    return printed_texts(replace(plan.snapshot, **as_then)) != printed_texts(sheet.snapshot)


def revise_some(job: JobFacts) -> None:
    """The next one, weighed again in the very write; what is in that state no longer is left as it is."""
    sheet_id, _, _ = job.told["lembar"][job.position].partition(":")

    def one() -> None:
        actions.hold(sheet_id)
        held = cohort_facts(job.cohort_id or 0)
        if job.told.get("cara", WET) != held.signing:  # Older work does not say: it was the way back to ink.
            raise NotDoable(OTHER_WAY)
        there = next(iter(planned(held, [sheet_id])[job.told.get("keadaan", WAITING)]), None)
        fault = _fault_now(there, job.told["lembar"][job.position])
        outcome: dict[str, Any] = {"terbit": 0, "lewat": {}, "biar": 0, **job.outcome}
        if not fault:
            outcome["terbit" if there else "biar"] += 1
        elif len(outcome["lewat"]) < MOST_TOLD:
            outcome["lewat"] = outcome["lewat"] | {sheet_id: fault}
        if advance(job, job.position + 1, now(), outcome) and there and there.plan and not fault:
            key, why = current_app.config["SIGNING_KEY"], job.told["alasan"]
            actions.reissue(sheet_id, there.plan, key, why, now(), by=job.by_id)

    made_once(one)


def _fault_now(there: Revision | None, seen: str) -> str:
    if there is None:
        return ""
    return there.fault or ("" if seen in (there.seen, there.sheet.id) else CHANGED)


def places_of(job: JobFacts) -> set[tuple[int, int]]:
    """The places in the book of the sheets that this work was for and that were replaced."""
    ids = [each.partition(":")[0] for each in job.told["lembar"]]
    return {each.place for each in sheets_in(job.cohort_id or 0, ids=ids) if each.state == "diganti"}
