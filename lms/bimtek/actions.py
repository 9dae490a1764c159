"""Writes of a bimtek: its plan and meetings, who came, its survey, action plans. Nothing here commits; all may repeat.

That nothing is written into a closed bimtek is the views' to ask first (`still_open`). An answered survey is kept
without person and time. It waits in a box, and whenever five wait, or the survey closes, all of the cohort get new
random ids and are written anew in their order, so that neither ids nor the places of rows in the file tell which came
when.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import delete, exists, func, insert, literal, select, update

from lms.bimtek import queries
from lms.bimtek.attendance import MeetingFacts, state_at
from lms.bimtek.forms import NUMBERS, Meant, PlanForm, mark
from lms.bimtek.queries import meetings
from lms.bimtek.survey import FEWEST, Answers
from lms.db.engine import db, insert_for, insert_missing, writer
from lms.db.tables import ActionPlan, Attendance, Cohort, Meeting, Membership, Period, SurveyResponse, SurveyTicket
from lms.db.words import PRESENT
from lms.people.access import still_open
from lms.people.actions import note, random_id
from lms.quiz.actions import close_tests
from lms.quiz.presence import IS_NEWEST
from lms.quiz.queries import PRETEST, is_or_absorbed_by
from lms.web.dates import WIB

COPIED = ("map_link", "bring", "basis", "quota", "committee", "predicates", "prints_scores", "prints_own_days")


def keep_details(cohort_id: int, values: Mapping[str, Any], by: int, now: datetime) -> None:
    """Change what these columns of a cohort say, and note which of them did."""
    cohort = db.session.get_one(Cohort, cohort_id)
    before = begins(cohort)
    changed = [name for name, value in values.items() if getattr(cohort, name) != value]
    for name in changed:
        setattr(cohort, name, values[name])
    if changed:
        note(by, "keterangan bimtek diubah", f"cohort:{cohort_id}", now, changed)
        _follow(cohort, before)


def begins(cohort: Cohort) -> datetime | None:
    """The first moment of a bimtek by its schedule: of learning online, else of its first day."""
    day = cohort.online_from or cohort.starts_on
    return datetime.combine(day, time.min, WIB) if day else None


def _follow(cohort: Cohort, before: datetime | None) -> None:
    """A pre-test that was to open with the schedule of before opens with that of now; another hour of it stays."""
    if before is not None:
        pretest = Period.cohort_id == cohort.id, Period.what == PRETEST, Period.opens_at == before
        db.session.execute(update(Period).where(*pretest).values(opens_at=begins(cohort)))


def keep_meeting(cohort_id: int, meeting_id: int | None, values: Mapping[str, Any]) -> bool:
    """Change a meeting, or add one; the very same one at the same time is the one that is there.

    False for another speaker where somebody sent the survey: what was said of the one would be read of the other.
    """
    if meeting_id is not None:
        answered = db.session.scalar(select(SurveyResponse.id).filter_by(cohort_id=cohort_id).limit(1)) is not None
        speaker = db.session.scalar(select(Meeting.speaker).where(_own(cohort_id, meeting_id)))
        if answered and speaker != values["speaker"]:
            return False
        db.session.execute(update(Meeting).where(_own(cohort_id, meeting_id)).values(**values))
    elif db.session.scalar(select(Meeting.id).filter_by(cohort_id=cohort_id, **values)) is None:
        db.session.add(Meeting(cohort_id=cohort_id, **values))
    return True


def set_cancelled(cohort_id: int, meeting_id: int, now: datetime, *, cancelled: bool) -> None:
    """A meeting that does not take place after all, or does."""
    mine = update(Meeting).where(_own(cohort_id, meeting_id))
    db.session.execute(mine.values(cancelled_at=now if cancelled else None))


def _own(cohort_id: int, meeting_id: int) -> Any:
    return (Meeting.id == meeting_id) & (Meeting.cohort_id == cohort_id)


def close(cohort_id: int, by: int, now: datetime) -> None:
    """Close a bimtek: nobody joins, its tests end, and nothing of it changes any more."""
    closing = update(Cohort).where(Cohort.id == cohort_id, Cohort.closed_at.is_(None))
    if db.session.execute(closing.values(closed_at=now, is_open=False).returning(Cohort.id)).first() is not None:
        close_tests(cohort_id, now)
        note(by, "bimtek ditutup", f"cohort:{cohort_id}", now, ["closed_at", "is_open", "posttest_closed_at"])


def reopen(cohort_id: int, reason: str, by: int, now: datetime) -> None:
    """Let it be changed again; who joined, and the tests, stay as they are."""
    opening = update(Cohort).where(Cohort.id == cohort_id, Cohort.closed_at.is_not(None))
    if db.session.execute(opening.values(closed_at=None).returning(Cohort.id)).first() is not None:
        note(by, "bimtek dibuka lagi", f"cohort:{cohort_id}", now, ["closed_at"], reason)


def copy_plan(source_id: int, code: str) -> None:
    """Give a new cohort, which has no meetings yet, the plan and meetings of another, moved to its own days."""
    source = db.session.get_one(Cohort, source_id)
    target = db.session.scalars(select(Cohort).filter_by(code=code)).one()
    if db.session.scalar(select(Meeting.id).filter_by(cohort_id=target.id).limit(1)) is not None:
        return
    before = begins(target)
    for name in COPIED:
        setattr(target, name, getattr(source, name))
    later = (target.starts_on or date.min) - (source.starts_on or date.min)
    target.online_from = source.online_from + later if source.online_from else None
    target.online_until = source.online_until + later if source.online_until else None
    _follow(target, before)
    for each in meetings(source_id):
        if each.cancelled_at is None:
            values = {name: getattr(each, name) for name in ("subject", "module", "speaker", "jp")}
            moved = {"starts_at": each.starts_at + later, "ends_at": each.ends_at + later}
            db.session.add(Meeting(cohort_id=target.id, **values, **moved))


def come(meeting: MeetingFacts, member: int, way: str, moment: datetime, mark: str, by: int | None) -> bool:
    """Note that somebody was there at this moment, in one statement; False where it was noted already.

    Who was noted as present stays so, under an absorbed membership too, and what somebody noted after that moment
    stands: a phone may have been without signal meanwhile.
    """
    seats = select(Membership.id).where(is_or_absorbed_by(Membership, member))
    stands = Attendance.state.in_(PRESENT) | ((Attendance.membership_id == member) & (Attendance.noted_at >= moment))
    here = Attendance.meeting_id == meeting.id, Attendance.membership_id.in_(seats)
    held = exists().where(*here, stands, IS_NEWEST)
    state = state_at(meeting.starts_at, moment)
    row = _noted(meeting.id, state, way, moment, by) | {"membership_id": member, "mark": mark}
    columns = Attendance.__table__.c
    values = select(*(literal(value, columns[name].type) for name, value in row.items())).where(~held)
    made = insert_for(Attendance).from_select(list(row), values).on_conflict_do_nothing(index_elements=["mark"])
    return writer().execute(made.returning(Attendance.id)).first() is not None


def _noted(meeting_id: int, state: str, way: str, at: datetime, by: int | None, reason: str = "") -> dict[str, Any]:
    """Return the values of an Attendance besides whose it is."""
    what = {"meeting_id": meeting_id, "state": state, "way": way}
    return what | {"noted_at": at, "by_id": by, "reason": reason}


def tick(meeting_id: int, members: Iterable[int], state: str, reason: str, by: int, now: datetime) -> int:
    """Note these people by hand, whatever was noted before, of memberships they absorbed too: the best would count."""
    wanted = list(members)
    absorbed = select(Membership.id).where(
        Membership.absorbed_by_id.in_(wanted),
        exists().where(Attendance.meeting_id == meeting_id, Attendance.membership_id == Membership.id),
    )
    noted = _noted(meeting_id, state, "daftar", now, by, reason)
    whom = [*wanted, *db.session.scalars(absorbed)]
    rows = [noted | {"membership_id": each, "mark": random_id()} for each in whom]
    if rows:
        db.session.execute(insert(Attendance), rows)
    return len(wanted)


def send_survey(cohort_id: int, membership_id: int, answers: Answers, now: datetime) -> bool:
    """Keep an answered survey, the first of this member; False when it may not be answered now."""
    _hold(cohort_id)
    if not queries.state_of(cohort_id).is_open(now):
        return False
    if queries.has_sent(membership_id):
        return True
    db = writer()
    db.execute(insert_missing(SurveyTicket, "membership_id"), {"membership_id": membership_id})
    row = {"id": random_id(), "cohort_id": cohort_id, "boxed": True, "answers": dict(answers)}
    db.execute(insert(SurveyResponse), row)
    box = select(func.count()).where(SurveyResponse.cohort_id == cohort_id, SurveyResponse.boxed)
    if (db.scalar(box) or 0) >= FEWEST:
        mix_answers(cohort_id)
    return True


def mix_answers(cohort_id: int) -> None:
    """Take everything out of the box and write all of the cohort anew, in the order of new random ids."""
    db, mine = writer(), SurveyResponse.cohort_id == cohort_id
    held = db.scalars(select(SurveyResponse.answers).where(mine)).all()
    db.execute(delete(SurveyResponse).where(mine))
    rows = sorted(((random_id(), answers) for answers in held), key=lambda row: row[0])
    if rows:
        values = [{"id": each, "cohort_id": cohort_id, "boxed": False, "answers": answers} for each, answers in rows]
        db.execute(insert(SurveyResponse), values)


def _hold(cohort_id: int) -> None:
    """Let one after the other decide about a cohort's survey, on databases that write at once."""
    writer().execute(select(Cohort.id).where(Cohort.id == cohort_id).with_for_update())


def open_survey(cohort_id: int, by: int, now: datetime) -> bool:
    """Let it be answered, also again while nothing was told of it; False where that is over."""
    _hold(cohort_id)
    state = queries.state_of(cohort_id)
    if state.closed_at is not None or (state.is_over(now) and not state.may_reopen):
        return False
    if not state.is_open(now):
        row = {"cohort_id": cohort_id, "what": queries.SURVEY_PERIOD, "opens_at": now, "closes_at": None}
        again = insert_for(Period).values(row).on_conflict_do_update(index_elements=["cohort_id", "what"], set_=row)
        writer().execute(again)
        note(by, "survei dibuka", f"cohort:{cohort_id}", now)
    return True


def close_survey(cohort_id: int, by: int, now: datetime) -> bool:
    """Take no more answers, and let what may be told be read; False when it never opened or is over."""
    _hold(cohort_id)
    state = queries.state_of(cohort_id)
    if state.opens_at is None or state.is_over(now):
        return False
    mine = update(Period).where(Period.cohort_id == cohort_id, Period.what == queries.SURVEY_PERIOD)
    writer().execute(mine.values(closes_at=now))
    mix_answers(cohort_id)
    note(by, "survei ditutup", f"cohort:{cohort_id}", now)
    return True


def keep_plans(cohort_id: int, membership_id: int, form: PlanForm, now: datetime) -> list[int]:
    """Write down what was changed on the page, each under its number; one that was emptied there is gone.

    What was written on another phone meanwhile stays, and the plan typed in its place takes a free number. Gives the
    numbers of plans for which there is none: then nothing is written.
    `at` stays when it was written first: what is asked back does not move by mending a word.
    """
    still_open(cohort_id)
    mine = select(ActionPlan).where(ActionPlan.membership_id == membership_id)
    held = {plan.number: plan for plan in db.session.scalars(mine)}
    wanted, homeless = _settled(form, held)
    if homeless:
        return homeless
    for number, meant in wanted.items():
        if meant:
            plan = held.get(number) or ActionPlan(membership_id=membership_id, number=number, at=now)
            for name, value in meant._asdict().items():
                setattr(plan, name, value)
            db.session.add(plan)
        elif number in held:
            db.session.delete(held[number])
    return []


def _settled(form: PlanForm, held: Mapping[int, ActionPlan]) -> tuple[dict[int, Meant | None], list[int]]:
    """Number -> what it is from now on, of those that change; and the numbers whose plans find no place."""
    known = {mark(plan) for plan in held.values()}
    free = [number for number in NUMBERS if number not in held and number not in form.plans]
    wanted: dict[int, Meant | None] = {}
    homeless = []
    for number in NUMBERS:
        meant, shown = form.plans.get(number), form.shown.get(number, "")
        if mark(meant) == shown:
            continue
        if number not in held or mark(held[number]) == shown:
            wanted[number] = meant
        elif meant and mark(meant) not in known:
            if free:
                wanted[free.pop(0)] = meant
            else:
                homeless.append(number)
    return wanted, homeless


def tell(news: Mapping[int, tuple[str, str]], now: datetime) -> None:
    """Keep what came of these plans, each answered as (done, story); said again, the newest counts."""
    for plan_id, (done, story) in news.items():
        mine = update(ActionPlan).where(ActionPlan.id == plan_id)
        db.session.execute(mine.values(done=done, told=story, told_at=now))
