"""Writes about action plans. Nothing here commits."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from lms.bimtek.plan_forms import NUMBERS, Meant, PlanForm, mark
from lms.db.engine import db
from lms.db.tables import ActionPlan
from lms.people.access import still_open


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
            plan.occasion, plan.action, plan.due_on, plan.partner = (
                meant.occasion,
                meant.action,
                meant.due_on,
                meant.partner,
            )
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
