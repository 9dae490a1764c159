"""What a participant types: up to three plans, and later what came of them; every fault at once.

Beside each the form says which text its page showed (`tadi-…`), so that a page left open on one phone changes only what
was changed on it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lms.bimtek.plan_queries import MOST, Plan
from lms.course.privacy import fault_of_text
from lms.db.tables import ActionPlan
from lms.web.dates import read_day

LONGEST, LONGEST_PARTNER, LONGEST_STORY = 300, 120, 1_000
DONE = {"ya": "Ya, terlaksana", "sebagian": "Sebagian", "belum": "Belum"}
NUMBERS = range(1, MOST + 1)


@dataclass(frozen=True, slots=True)
class Meant:
    """One plan as it was typed."""

    occasion: str
    action: str
    due_on: date | None
    partner: str


def mark(plan: Meant | Plan | ActionPlan | None) -> str:
    """Which plan this is; another word of it, another mark. Nothing has one too."""
    return mark_of(plan.occasion, plan.action, str(plan.due_on or ""), plan.partner) if plan else mark_of("")


def mark_of(*words: str) -> str:
    """Which words these are."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class PlanForm:
    """Number -> plan; a number that is missing was left empty. `faults` is field of the form -> what to do about it.

    `shown` is number -> mark of the plan that the page showed there.
    """

    plans: Mapping[int, Meant]
    shown: Mapping[int, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


def read_plans(form: Mapping[str, str]) -> PlanForm:
    """Check the fields bila, maka, kapan and bersama of each number."""
    plans: dict[int, Meant] = {}
    faults: dict[str, str] = {}
    for number in NUMBERS:
        typed = {name: _line(form, f"{name}-{number}") for name in ("bila", "maka", "kapan", "bersama")}
        if any(typed.values()):
            due_on = read_day(typed["kapan"])
            found = {
                "bila": _of(typed["bila"], LONGEST, "Tulis dulu kapan atau dalam keadaan apa."),
                "maka": _of(typed["maka"], LONGEST, "Tulis dulu apa yang akan Anda lakukan."),
                "kapan": "Tulis tanggalnya, misalnya 7/12/2026, atau kosongkan."
                if typed["kapan"] and not due_on
                else "",
                "bersama": fault_of_text(typed["bersama"], LONGEST_PARTNER),
            }
            faults |= {f"{name}-{number}": fault for name, fault in found.items() if fault}
            plans[number] = Meant(typed["bila"], typed["maka"], due_on, typed["bersama"])
    return PlanForm(plans, {number: form.get(f"tadi-{number}", "") for number in NUMBERS}, faults)


def _line(form: Mapping[str, str], name: str) -> str:
    return " ".join(form.get(name, "").split())


def _of(text: str, longest: int, missing: str) -> str:
    return fault_of_text(text, longest) if text else missing


@dataclass(frozen=True, slots=True)
class NewsForm:
    """Id of a plan -> (ya, sebagian or belum; the story)."""

    news: Mapping[int, tuple[str, str]]
    faults: Mapping[str, str] = field(default_factory=dict)


def read_news(form: Mapping[str, str], plans: Sequence[Plan]) -> NewsForm:
    """Check the fields jadi and cerita of each of these plans; what was not answered or changed is left as it is."""
    news: dict[int, tuple[str, str]] = {}
    faults: dict[str, str] = {}
    said = False
    for plan in plans:
        done, story = form.get(f"jadi-{plan.id}", ""), _line(form, f"cerita-{plan.id}")
        if fault := fault_of_text(story, LONGEST_STORY):
            faults[f"cerita-{plan.id}"] = fault
        if done in DONE:
            said = True
            if mark_of(done, story) != form.get(f"tadi-kabar-{plan.id}"):
                news[plan.id] = (done, story)
        elif story:
            faults[f"jadi-{plan.id}"] = "Pilih dulu: ya, sebagian, atau belum."
    if not said and not faults:
        faults[""] = "Pilih dulu jawabannya, lalu kirim."
    return NewsForm(news, faults)
