"""Action plans: written on the day, shown to their person, asked back after thirty days; listed for the trainer."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request
from werkzeug import Response

from lms.bimtek import actions, forms, queries
from lms.bimtek.queries import WrittenPlan, is_asked
from lms.db.engine import writing
from lms.people.access import Part, refuse_closed, seat, training
from lms.people.actions import note_shown
from lms.people.messages import written
from lms.web.clock import now, today
from lms.web.paging import paged
from lms.web.security import show_nobody_else

bp = Blueprint("plans", __name__)

ELSEWHERE = (
    "Belum tersimpan: sementara itu Anda menulis rencana dari HP lain, dan ketiga tempatnya sudah terisi. "
    "Pilih di bawah ini mana yang dipakai, lalu simpan."
)


@bp.get("/rtl/<code>")
def plan(code: str) -> str:
    """My plans: to write, to read, and after thirty days to tell what came of them."""
    mine, plans = _mine(code)
    return _page(mine, plans, _filled_in(mine, plans))


@bp.post("/rtl/<code>")
def keep(code: str) -> Response | tuple[str, int]:
    """Keep what was planned, or what came of it. A closed cohort takes news, but no other plans."""
    mine, plans = _mine(code)
    if is_asked(plans, today()):
        news, faults = forms.read_news(request.form, plans)
        if faults:
            return _page(mine, plans, request.form, faults), 422
        with writing():
            actions.tell(news, now())
    else:
        refuse_closed(mine)
        meant = forms.read_plans(request.form)
        faults = meant.faults or ({} if meant.plans or plans else {"": "Tulis dulu satu rencana, lalu simpan."})
        if faults:
            return _page(mine, plans, request.form, faults), 422
        with writing():
            homeless = actions.keep_plans(mine.cohort_id, mine.membership_id, meant, now())
        if homeless:
            return _both(code, meant, homeless), 409
    return redirect(f"/rtl/{mine.code}?tersimpan=1", 303)


def _mine(code: str) -> tuple[Part, list[WrittenPlan]]:
    mine = seat(code)
    show_nobody_else()
    return mine, queries.plans_of([mine.membership_id])[mine.membership_id]


def _both(code: str, form: forms.PlanForm, homeless: Sequence[int]) -> str:
    """Show the typed text beside the one written on another phone meanwhile; sent again it takes its place."""
    mine, plans = _mine(code)
    present = _filled_in(mine, plans)
    typed = {f"{name}-{number}" for name in ("bila", "maka", "kapan", "bersama", "tadi") for number in form.plans}
    shown = typed - {f"tadi-{number}" for number in homeless}
    return _page(mine, plans, present | {name: request.form.get(name, "") for name in shown}, {"": ELSEWHERE}, homeless)


def _filled_in(mine: Part, plans: Sequence[WrittenPlan]) -> dict[str, str]:
    """The fields of both forms as they are kept."""
    found = {f"tadi-{number}": forms.mark(None) for number in forms.NUMBERS}
    for each in plans:
        found |= {f"jadi-{each.id}": each.done, f"cerita-{each.id}": each.told}
        found[f"tadi-kabar-{each.id}"] = forms.mark_of(each.done, each.told)
        if each.membership_id == mine.membership_id:
            due = each.due_on.isoformat() if each.due_on else ""
            kept = {"bila": each.occasion, "maka": each.action, "kapan": due, "bersama": each.partner}
            kept["tadi"] = forms.mark(each)
            found |= {f"{name}-{each.number}": text for name, text in kept.items()}
    return found


def _page(
    mine: Part,
    plans: Sequence[WrittenPlan],
    typed: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    meanwhile: Sequence[int] = (),
) -> str:
    return render_template(
        "bimtek/rencana.html",
        cohort=mine,
        plans=plans,
        asked=is_asked(plans, today()),
        asked_on=queries.asked_on,
        numbers=forms.NUMBERS,
        done_words=forms.DONE,
        longest=forms.LONGEST,
        typed=typed,
        faults=faults or {},
        meanwhile={each.number: each for each in plans if each.number in meanwhile},
        saved="tersimpan" in request.args,
    )


@bp.route("/pelatih/<code>/rtl", methods=["GET", "POST"])
def listed(code: str) -> str:
    """List the plans of a cohort and what came of them, with a message ready for each person who is asked back.

    By POST with phone numbers; whose they were is noted.
    """
    trained, shown = training(code), request.method == "POST"
    counted = queries.counted(trained.cohort_id)
    place = paged(counted.people, queries.PLANNERS_A_PAGE, request.values.get("hal", 1, type=int))
    people = queries.planners(trained.cohort_id, place.page)
    plans = queries.plans_of([who.membership_id for who in people])
    found = []
    for who in people:
        mine, message = plans[who.membership_id], None
        if is_asked(mine, today()) and not all(plan.done for plan in mine):
            message = written("bimtek/pesan_kabar.txt", who.phone, held=trained, who=who, plans=mine)
        found.append((who, mine, message))
    if shown:
        phones = (who.person_id for who, _, message in found if who.phone and message)
        with writing():
            note_shown(trained, phones, "nomor HP ditampilkan", ["phone"], now())
    asks = any(is_asked(mine, today()) for _, mine, _ in found)
    group = written("bimtek/pesan_grup.txt", held=trained, asks=asks) if asks or not trained.closed_at else None
    show_nobody_else()
    return render_template(
        "bimtek/rencana_daftar.html",
        cohort=trained,
        counted=counted,
        place=place,
        people=found,
        shown=shown,
        group=group,
        asked_on=queries.asked_on,
        done_words=forms.DONE,
    )
