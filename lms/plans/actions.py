"""Writes about action plans. Nothing here commits."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select, update

from lms.database import db
from lms.models import ActionPlan, Cohort
from lms.plans.forms import NUMBERS, Meant


def keep_plans(cohort_id: int, membership_id: int, plans: Mapping[int, Meant], now: datetime) -> bool:
    """Write them down, each under its number; a number that is missing is gone. False once the cohort is closed.

    `at` stays when it was written first: what is asked back does not move by mending a word.
    """
    closed = select(Cohort.closed_at).where(Cohort.id == cohort_id).with_for_update()
    if db.session.scalar(closed) is not None:
        return False
    mine = select(ActionPlan).where(ActionPlan.membership_id == membership_id)
    held = {plan.number: plan for plan in db.session.scalars(mine)}
    for number, meant in plans.items():
        plan = held.get(number) or ActionPlan(membership_id=membership_id, number=number, at=now)
        plan.occasion, plan.action, plan.due_on, plan.partner = (
            meant.occasion,
            meant.action,
            meant.due_on,
            meant.partner,
        )
        db.session.add(plan)
    gone = [number for number in NUMBERS if number not in plans]
    db.session.execute(delete(ActionPlan).where(ActionPlan.membership_id == membership_id, ActionPlan.number.in_(gone)))
    return True


def tell(news: Mapping[int, tuple[str, str]], now: datetime) -> None:
    """Keep what came of these plans, each answered as (done, story); said again, the newest counts."""
    for plan_id, (done, story) in news.items():
        mine = update(ActionPlan).where(ActionPlan.id == plan_id)
        db.session.execute(mine.values(done=done, told=story, told_at=now))
