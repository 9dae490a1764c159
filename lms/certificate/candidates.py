"""Candidates of a bimtek for a certificate: what each lacks and what each sheet will say, by the rules learners see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from flask import current_app
from sqlalchemy import Row

from lms.bimtek.attendance import MeetingFacts
from lms.bimtek.predicate import predicate
from lms.bimtek.queries import Details, Roll, details, meetings, roll
from lms.certificate.actions import SheetDraft
from lms.certificate.hours import speaks, subjects
from lms.certificate.numbering import next_numbers
from lms.certificate.numbers import counted
from lms.certificate.pdf import unprintable
from lms.certificate.qr import mark
from lms.certificate.queries import IssuedSheet, exemptions, sheets_in
from lms.certificate.selfstudy import ONLINE, evidence, revised, sheet_draft
from lms.certificate.snapshot import IN_FORCE, NO_SCORE, format_number, lacks_hours
from lms.cohort.desk_queries import Learner, Participant, everybody, lines
from lms.cohort.queries import CrewMember, crew, names
from lms.course.load import edition_view
from lms.course.outline import CertificateRules
from lms.db.tables.cohorts import CREW
from lms.db.words import PRESENT
from lms.learn.completion import crew_completion
from lms.learn.queries import NOTHING
from lms.people.access import CohortFacts
from lms.people.office import Issuer, as_noted, issuer
from lms.quiz.queries import POSTTEST
from lms.web.clock import today
from lms.web.rounding import nilai, persen

ROLES = ("peserta", *CREW)
CORRECTABLE = (*IN_FORCE, "ditolak")
BY_WORTH = ("diganti", "contoh", "dicabut", "ditolak", "menunggu", "berlaku")
OF_ISSUING = ("number", "revision", "organiser", "issued_on", "issued_place", "office", "signer", "second_signer")
NO_HOURS = "Jumlah jam pelajarannya 0. Periksa kehadirannya dan JP di susunan acara."
IDENTITY = "Pekerja Sosial Masyarakat"
ASSUMED = "dianggap"
EVE, LATEST = timedelta(1), timedelta(31)
"""How long before the first date of issue sheets may be issued, and how much later they may be dated."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with all that decides on their certificate; `sheets` are those not replaced, the best one last.

    `name` is as it is printed. `came_to`: the meetings whose hours they have; of a speaker, those they spoke at.
    `share`: percent of them attended. `assumed`: the kinds that only the last day can meet, on the day before it.
    """

    line: Learner
    sheets: Sequence[IssuedSheet]
    exemption: Row[int, str, int, str] | None
    came_to: tuple[MeetingFacts, ...]
    identity: str
    name: str
    role: str = ROLES[0]
    share: Fraction | None = None
    assumed: frozenset[str] = frozenset()

    @property
    def membership_id(self) -> int:
        return self.line.who.membership_id

    @property
    def seen(self) -> str:
        """Stands for what the dry run shows of them, so that work that lies about need not keep it."""
        return mark(f"{self.name} {self.identity}")

    @property
    def sheet(self) -> IssuedSheet | None:
        """The one that holds, or their sample."""
        return self.sheets[-1] if self.sheets else None

    @property
    def holds_two(self) -> bool:
        """As whoever was two people before they were merged."""
        return sum(each.state in IN_FORCE for each in self.sheets) > 1

    @property
    def lost_one(self) -> bool:
        """One of theirs was revoked, so that what they hold may be of a later day."""
        return any(each.state == "dicabut" for each in self.sheets)

    @property
    def may_have_one(self) -> bool:
        """Nothing is missing, or nothing but what is assumed, or somebody decided that it does not matter."""
        missing = {part.kind for part in self.line.completion.missing}
        return self.line.completion.met or self.exemption is not None or (bool(missing) and missing <= self.assumed)

    @property
    def was_assumed(self) -> frozenset[str]:
        """What was assumed of them when the sheet that they hold was issued ahead."""
        return frozenset(self.evidence.get(ASSUMED, ()))

    @property
    def evidence(self) -> Mapping[str, Any]:
        """What the sheet rests on that they hold; nothing without one."""
        return self.sheet.snapshot.evidence if self.sheet and self.sheet.state in CORRECTABLE else {}

    @property
    def failed(self) -> bool:
        """Something that was assumed of them turned out to be missing."""
        missing = {part.kind for part in self.line.completion.missing}
        return not self.may_have_one and not missing.isdisjoint(self.was_assumed)

    @property
    def may_be_exempted(self) -> bool:
        """They learn, and lack something."""
        return self.role == ROLES[0] and not self.line.completion.met

    @property
    def score(self) -> Fraction | None:
        """The score of the post-test that counts for them, if they took one."""
        return self.line.progress.exams.counting if self.line.progress.exams else None

    @property
    def by_place(self) -> tuple[int, str, str, str]:
        """Kecamatan, village and name, as the office hands out; then who has no village, who spoke, and who helped."""
        village, role = self.line.who.village, ROLES.index(self.role)
        return role, village.district if village else "\uffff", village.name if village else "", self.line.who.name


@dataclass(frozen=True, slots=True)
class Lot:
    """The candidates of a bimtek by place, and what all their sheets share; `issuer` is None while they are samples.

    `noted`: the meetings of which a roll was taken; `ahead`: those of the last day, on the day before it. `day`: the
    date of issue.
    """

    held: CohortFacts
    plan: Details
    meetings: tuple[MeetingFacts, ...]
    noted: frozenset[int]
    issuer: Issuer | None
    candidates: tuple[Candidate, ...]
    day: date
    ahead: tuple[MeetingFacts, ...]

    @property
    def unnoted(self) -> list[MeetingFacts]:
        """The meetings with hours that count for no participant, as others' roll was taken and theirs was not."""
        past = [each for each in self.meetings if each not in self.ahead] if self.noted else []
        return [each for each in past if each.jp and each.id not in self.noted]

    @property
    def ready(self) -> list[Candidate]:
        """The people who get one now: a sample gives way to a real one, or without an issuer to one made anew."""
        free = [each for each in self.candidates if each.sheet is None or each.sheet.state == "contoh"]
        return [each for each in free if each.may_have_one]

    @property
    def waiting(self) -> list[Candidate]:
        """The people who lack something."""
        return [each for each in self.candidates if not each.may_have_one and not self.is_issued(each)]

    @property
    def issued(self) -> list[Candidate]:
        """The people who have one."""
        return [each for each in self.candidates if self.is_issued(each)]

    @property
    def failed(self) -> list[Candidate]:
        """The people whose sheet was issued ahead and who turned out to lack what was assumed."""
        return [each for each in self.candidates if each.failed]

    def was_absent(self, who: Candidate) -> bool:
        """Whether their sheet counts a meeting to which they turned out not to have come."""
        return not self.noted.intersection(who.evidence.get("pertemuan", ())) <= {each.id for each in who.came_to}

    @property
    def by_whom(self) -> str:
        """Stands for office, signers and series, so that what somebody saw of them can be compared later."""
        return mark(as_noted(self.issuer))

    def predicate(self, who: Candidate) -> str:
        """Return the word for their score, where this bimtek gives a predicate."""
        return predicate(self.plan.predicates, who.score)

    def score(self, who: Candidate) -> str:
        """Return the score as it is written; one below a bound never looks as if it had reached it."""
        exams, bounds = who.line.progress.exams, [int(least) for least, _ in self.plan.predicates]
        if exams and exams.best:
            bounds.append(exams.best.mark)
        return NO_SCORE if who.score is None else nilai(who.score, *bounds)

    def is_issued(self, who: Candidate) -> bool:
        """Whether they hold the kind of sheet that is issued now; who lost theirs gets no other by a batch."""
        return who.sheet is not None and (who.sheet.state != "contoh" or self.issuer is None)


def lot(held: CohortFacts, only: Sequence[int] | None = None, day: date | None = None) -> Lot:
    """Everybody who takes part, speaks or helps, or these memberships, with as many statements for many as for one.

    Who left is still there with their certificate. `day`: the date of issue, where it is not the one to be offered.
    """
    day = day or offered_day(held)
    sheets = _sheets(held.cohort_id, only)
    also = [member for member, each in sheets.items() if each[-1].state != "contoh"] if only is None else only
    helping = crew(held.cohort_id, also=also)
    printed = names(held.cohort_id)
    found = lines(held, only, also)
    planned, seen = meetings(held.cohort_id), roll(held.cohort_id, also)
    met = tuple(each for each in planned if each.cancelled_at is None)
    notes = [note for each in seen.states.values() for note in zip(seen.meetings, each, strict=True) if note[1]]
    noted = frozenset(meeting for meeting, _ in notes)
    is_eve = first_day(held) == today() + EVE
    ahead = tuple(each for each in met if is_eve and each.day > today() and each.id not in noted)
    of = len({meeting for meeting, state in notes if state in PRESENT}) + len(ahead)
    exempt = exemptions(held.cohort_id)
    rules = edition_view(held.edition_id, held.slug).course.certificate.without(held.dropped)
    people = []
    for line in found:
        if line.who.person_id not in printed:
            continue
        mine = line.who.membership_id
        came = (*_came_to(met, seen, mine), *ahead)
        share = Fraction(100 * len(came), of) if ahead else seen.shares.get(mine)
        people.append(
            Candidate(
                line,
                sheets.get(mine, ()),
                exempt.get(mine),
                came if noted else met,
                f"{IDENTITY} {line.who.village.label}" if line.who.village else IDENTITY,
                printed[line.who.person_id],
                share=share if noted else None,
                assumed=_assumed(rules, line, share if ahead else None) if is_eve else frozenset(),
            )
        )
    is_held = bool(met) or not planned
    for each in helping:
        if only is None or each.membership_id in only:
            spoke = tuple(one for one in met if each.role == "narasumber" and speaks(one.speaker, each.bare_name))
            line = _line_of(each, was_held=is_held and is_over(held))
            assumed = frozenset({"acara"} if is_held and is_eve else ())
            theirs = sheets.get(each.membership_id, ())
            who = each.position, each.name, each.role
            people.append(Candidate(line, theirs, None, spoke, *who, assumed=assumed))
    return Lot(
        held,
        details(held.cohort_id),
        met,
        noted,
        issuer(held.kind, day) if current_app.config["IS_HTTPS"] else None,
        tuple(sorted(people, key=lambda each: each.by_place)),
        day,
        ahead,
    )


def _assumed(rules: CertificateRules, line: Learner, share: Fraction | None) -> frozenset[str]:
    """What only the last day can meet of this participant, whose `share` it will be if they come to its meetings."""
    exams = line.progress.exams
    later = {
        "kehadiran": share is not None and share >= (rules.attendance or 0),
        "tes_akhir": rules.posttest and exams is not None and exams.state(POSTTEST) in ("ditahan", "dijadwalkan"),
        "survei": rules.survey and line.progress.survey_sent is None,
    }
    return frozenset(kind for kind, is_later in later.items() if is_later)


def numbers_ahead(found: Lot, count: int) -> list[str]:
    """The numbers that so many sheets take if nobody else issues meanwhile; none for samples."""
    issuer, day = found.issuer, found.day
    if issuer is None or not count:
        return []
    coming = next_numbers(*counted(issuer.series_id, day.year), count)
    return [format_number(issuer.pattern, each, issuer.code, issuer.classification, day) for each in coming]


def still_in(held: CohortFacts) -> set[int]:
    """The memberships of all who take part, speak or help now."""
    return {*everybody(held), *(each.membership_id for each in crew(held.cohort_id))}


def _sheets(cohort_id: int, only: Sequence[int] | None) -> dict[int, list[IssuedSheet]]:
    """Membership -> its sheets that were not replaced: samples, what was withdrawn, what holds."""
    found: dict[int, list[IssuedSheet]] = {}
    for each in sorted(sheets_in(cohort_id, only), key=lambda each: BY_WORTH.index(each.state)):
        if each.state != "diganti":
            found.setdefault(each.membership_id, []).append(each)
    return found


def first_day(held: CohortFacts) -> date:
    """The first date of issue for a bimtek: its last day; today where it has none, or was closed before it."""
    last = held.ends_on or held.starts_on or today()
    return min(last, today()) if held.closed_at else last


def last_day(held: CohortFacts) -> date:
    """The last date of issue that may be chosen today."""
    return max(first_day(held) + LATEST, today())


def may_be_issued(held: CohortFacts, day: date) -> bool:
    """Whether sheets of this date may be issued today."""
    return first_day(held) - EVE <= today() and first_day(held) <= day <= last_day(held)


def offered_day(held: CohortFacts) -> date:
    """The date of issue where none is chosen."""
    return max(first_day(held), today())


def is_over(held: CohortFacts) -> bool:
    """Whether the last day of a bimtek has come."""
    return first_day(held) <= today()


def _line_of(each: CrewMember, *, was_held: bool) -> Learner:
    """Return the line of a speaker or helper, who learns nothing and passes nothing."""
    who = Participant(
        each.membership_id, each.person_id, each.bare_name, None, "", 0, each.since, None, False, False, each.since
    )
    return Learner(who, crew_completion(was_held=was_held), NOTHING, (), ())


def _came_to(met: Sequence[MeetingFacts], seen: Roll, membership_id: int) -> tuple[MeetingFacts, ...]:
    """Return the meetings this person came to; without any roll paper says who came, and the plan counts for all."""
    states = dict(zip(seen.meetings, seen.states.get(membership_id, ()), strict=False))
    return tuple(each for each in met if states.get(each.id) in PRESENT)


def draft(found: Lot, who: Candidate) -> SheetDraft:
    """The certificate of a candidate before its number."""
    held, line = found.held, who.line
    edition = edition_view(held.edition_id, held.slug)
    rows = subjects(edition.course.modules, line.progress.finished, who.came_to)
    learns = who.role == ROLES[0]
    if not learns:
        rows = tuple(replace(row, speaker="") for row in rows)
    starts_on, ends_on = _days(found, who)
    mode = _mode(any(row.online_jp for row in rows), any(row.hall_jp for row in rows))
    return sheet_draft(
        *(who.membership_id, edition.id, found.issuer, found.day),
        legal_basis=found.plan.basis,
        name=who.name,
        identity=who.identity,
        role=who.role.upper(),
        activity=held.name,
        starts_on=starts_on,
        ends_on=ends_on,
        place="" if mode == ONLINE else held.place,
        mode=mode,
        subjects=rows,
        predicate=found.predicate(who),
        scores=_scores(found, who) if learns and found.plan.prints_scores else (),
        signing=held.signing,
        evidence=_evidence(found, who, edition.id),
    )


def _days(found: Lot, who: Candidate) -> tuple[date, date]:
    """First and last day of the bimtek, or where its own are printed, of the meetings whose hours somebody has."""
    own = who.role != ROLES[0] or found.plan.prints_own_days
    if own and (mine := [each.day for each in who.came_to if each.jp]):
        return min(mine), max(mine)
    held, days = found.held, [each.day for each in found.meetings] or [found.day]
    return held.starts_on or min(days), held.ends_on or held.starts_on or max(days)


def _mode(online: bool, hall: bool) -> str:
    if online and hall:
        return "tatap muka, didahului belajar mandiri secara daring"
    return ONLINE if online else "tatap muka"


def _scores(found: Lot, who: Candidate) -> tuple[tuple[str, str], ...]:
    """What a sheet said before figures were rounded, cut off, stays on what takes its place."""
    exams = who.line.progress.exams
    pretest = exams.pretest if exams else None
    before = pretest.score if pretest else None
    told = {
        "Tes awal": (before, nilai(before, pretest.mark) if pretest and before is not None else NO_SCORE),
        "Tes akhir": (who.score, found.score(who)),
        "Kehadiran": (who.share, NO_SCORE if who.share is None else persen(who.share)),
    }
    stands = who.sheet is not None and who.sheet.state not in ("contoh", "dicabut")
    printed = dict(who.sheet.snapshot.scores) if who.sheet and stands else {}
    return tuple(
        (name, old if exact is not None and (old := printed.get(name, "")).rstrip("%") == str(int(exact)) else text)
        for name, (exact, text) in told.items()
    )


def _evidence(found: Lot, who: Candidate, edition_id: int) -> dict[str, Any]:
    told = evidence(edition_id, who.line.completion, who.line.progress)
    told |= {"pertemuan": [each.id for each in who.came_to], "kehadiran_dicatat": bool(found.noted)}
    rules = edition_view(edition_id, found.held.slug).course.certificate
    if dropped := set(rules.asked) - set(rules.without(found.held.dropped).asked):
        told["dilepas"] = sorted(dropped)
    if who.assumed:
        told[ASSUMED] = sorted(who.assumed)
    if who.exemption and not who.line.completion.met:
        told["pengecualian"] = {"alasan": who.exemption.reason, "oleh": who.exemption.by_id}
    return told


def drafts(found: Lot) -> tuple[dict[int, SheetDraft], dict[int, str]]:
    """Membership -> the certificate of who is ready, and -> why it can't be issued, of those that can't."""
    plans = {each.membership_id: draft(found, each) for each in found.ready}
    return plans, {member: fault for member, plan in plans.items() if (fault := fault_of(plan))}


def fault_of(plan: SheetDraft) -> str:
    """Why a certificate can't be issued as it is planned, in words; "" when it can."""
    return unprintable(plan.snapshot) or (NO_HOURS if lacks_hours(plan.snapshot.role, plan.snapshot.subjects) else "")


def redrafted(found: Lot, who: Candidate, sheet: IssuedSheet) -> SheetDraft:
    """A sheet with what is known now in place of what was printed; who studied alone keeps what they learnt.

    In place of a revoked one it is a first sheet. A date of issue that is still to come stays.
    """
    plan = draft(replace(found, day=max(found.day, sheet.snapshot.issued_on)), who)
    if found.held.kind == "bimtek":
        stays = {"pengecualian"} if who.line.completion.met else {"pengecualian", ASSUMED}
        kept = {key: value for key, value in sheet.snapshot.evidence.items() if key in stays}
        return replace(plan, snapshot=replace(plan.snapshot, evidence=kept | plan.snapshot.evidence))
    old, fresh = sheet.snapshot, plan.snapshot
    if sheet.state == "dicabut":
        old = replace(old, **{name: getattr(fresh, name) for name in OF_ISSUING})
    return replace(plan, snapshot=revised(old, fresh.name, who.line.who.region))
