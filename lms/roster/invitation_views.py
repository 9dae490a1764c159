"""Who is invited: messages and a poster for participants; speakers and committee, who count nowhere as participants."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request
from werkzeug import Response as Answer

from lms.bimtek.queries import details, meeting_of, meetings
from lms.cohort import actions
from lms.cohort import queries as cohorts
from lms.cohort.queries import Namesake
from lms.course.privacy import NO_NIK, has_nik
from lms.db.engine import writing
from lms.db.tables import CREW, Person
from lms.paper.printing import attachment, pdf
from lms.paper.typesetting import printable
from lms.people.access import Training, event, refuse_closed, row_id, training
from lms.people.actions import note_shown
from lms.people.cards import card_life, card_link_of, token_of
from lms.people.messages import OutgoingMessage, written
from lms.people.names import clean_phone
from lms.people.person import LATIN, PHONE_OR_EMPTY
from lms.roster import queries
from lms.roster.spelling import part_name
from lms.web.above import above
from lms.web.clock import now
from lms.web.dates import WIB, hari_tanggal, rentang
from lms.web.paging import paged
from lms.web.security import show_nobody_else

bp = Blueprint("invitation", __name__, url_prefix="/pelatih/<code>")

CREW_PAGE = "/petugas"
NEW = "baru"
WHICH = "Ada yang bernama sama di angkatan Anda. Pilih orangnya, atau orang baru, lalu tekan Tambah lagi."


@bp.route("/undangan", methods=["GET", "POST"])
def invitation(code: str) -> str:
    """Show what can be printed and sent; nobody's number or card is on it.

    By POST with numbers and the links of cards; whose they were is noted.
    """
    trained = training(code)
    if request.method == "POST":
        refuse_closed(trained)
    page = row_id(request.values.get("hal")) or 1
    people, count = queries.invited(trained.cohort_id, page)
    place = paged(count, queries.INVITED, page)
    if page > place.pages:
        people, _ = queries.invited(trained.cohort_id, place.pages)
    lines, messages = event_lines(trained), {}
    if request.method == "POST" and people:
        messages = {who.person_id: personal_message(trained, who, lines) for who in people}
        with writing():
            note_shown(trained, messages, "undangan ditampilkan", ["phone", "card_hash"], now())
    show_nobody_else()
    return render_template(
        "roster/undangan.html",
        cohort=trained,
        group=written("roster/pesan_grup.txt", held=trained, lines=lines),
        people=people,
        count=count,
        messages=messages,
        place=place,
    )


@bp.get("/undangan/poster.pdf")
def poster_page(code: str) -> Response:
    """The poster with the code for joining, while joining is open."""
    trained = training(code)
    if not trained.is_open:
        abort(409)
    return attachment(_poster(trained), f"poster-{trained.code.lower()}.pdf")


def event_lines(held: Training) -> list[str]:
    """Day, hour, place and what to bring, each on a line, as far as they are known."""
    plan = details(held.cohort_id)
    begins = next((each.starts_at for each in meetings(held.cohort_id) if each.cancelled_at is None), None)
    lines = []
    if held.starts_on:
        same = held.ends_on in (None, held.starts_on)
        day = hari_tanggal(held.starts_on) if same else rentang(held.starts_on, held.ends_on or held.starts_on)
        lines.append(f"Hari: {day}" if same else f"Tanggal: {day}")
    if begins:
        lines.append(f"Mulai: pukul {begins.astimezone(WIB):%H.%M} WIB")
    if held.place:
        lines.append(f"Tempat: {held.place}")
    if plan.map_link:
        lines.append(f"Peta: {plan.map_link}")
    if plan.bring:
        lines.append(f"Yang dibawa: {'; '.join(line.strip() for line in plan.bring.splitlines() if line.strip())}")
    return lines


def personal_message(held: Training, who: Any, lines: Sequence[str], role: str = "") -> OutgoingMessage:
    """For one of them, with the link of their own card as long as it is good; `role` is of who only speaks or helps."""
    token = token_of(who.person_id, who.serial)
    good = who.since + card_life() > now()
    card = card_link_of(token, current_app.config["PUBLIC_URL"]) if good else ""
    return written("roster/pesan_pribadi.txt", who.phone, held=held, who=who, lines=lines, role=role, card=card)


def _poster(held: Training) -> bytes:
    """One A4 page with the code that lets people join; a letter that the fonts lack becomes a question mark."""
    address = f"{current_app.config['PUBLIC_URL']}/ikut/{held.code}"
    told = {
        "name": held.name,
        "lines": [line for line in event_lines(held) if not line.startswith(("Peta", "Yang dibawa"))],
        "address": address.partition("://")[2],
        "code": held.code,
        "qr": address,
    }
    return pdf("roster/poster.typ", printable(told), int(now().timestamp()))


@bp.get(CREW_PAGE)
def crew(code: str) -> str:
    """Show the crew, the speakers of the programme who are not in it yet, and the form for one more."""
    held = event(code)
    found = meeting_of(held.cohort_id, row_id(request.args.get("pertemuan")))
    return _crew_page(held, {"peran": "narasumber", "nama": found.speaker} if found else {})


def _crew_page(
    held: Training,
    typed: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    known: Sequence[Namesake] = (),
    *,
    shown: bool = False,
) -> str:
    people = cohorts.crew(held.cohort_id)
    there = {each.name for each in people} | {each.bare_name for each in people}
    planned = [each for each in meetings(held.cohort_id) if each.cancelled_at is None]
    speakers = {each.speaker: each.id for each in reversed(planned) if each.speaker and each.speaker not in there}
    messages = {}
    if shown:
        lines, sent = event_lines(held), (each for each in people if each.may_be_sent)
        messages = {each.membership_id: personal_message(held, each, lines, each.role) for each in sent}
    return render_template(
        "roster/petugas.html",
        cohort=held,
        people=people,
        sheets=above("sheets_in", held.cohort_id, [each.membership_id for each in people]),
        unknown=sorted(speakers.items()),
        messages=messages,
        typed=typed,
        faults=faults or {},
        known=known,
    )


@bp.post(CREW_PAGE)
def add(code: str) -> Answer | tuple[str, int]:
    """Add somebody known or new; with a namesake among the trainer's own people it is asked who is meant."""
    held, (columns, faults) = event(code), _read_crew(request.form)
    if faults:
        return _crew_page(held, request.form, faults), 422
    person, role = Person(**columns, created_at=now()), request.form.get("peran", "")
    known, chosen = cohorts.namesakes(held.viewer.person_id, person.name), request.form.get("orang", "")
    whom = row_id(chosen)
    if known and chosen != NEW and whom not in {each.id for each in known}:
        return _crew_page(held, request.form, {"orang": WHICH}, known), 422
    with writing():
        actions.add_crew(held, person, whom if known else None, role, held.viewer.person_id, now())
    return redirect(f"/pelatih/{held.code}/petugas", 303)


@bp.post(f"{CREW_PAGE}/keluar")
def remove(code: str) -> Answer:
    """Take somebody off; pressed twice it is once."""
    held = event(code)
    with writing():
        actions.remove_crew(held.cohort_id, row_id(request.form.get("anggota")), held.viewer.person_id, now())
    return redirect(f"/pelatih/{held.code}/petugas", 303)


@bp.post(f"{CREW_PAGE}/pesan")
def messages(code: str) -> str:
    """The page with numbers and the links of cards; whose they were is noted."""
    held = event(code)
    whose = (each.person_id for each in cohorts.crew(held.cohort_id) if each.may_be_sent)
    with writing():
        note_shown(held, whose, "undangan ditampilkan", ["phone", "card_hash"], now())
    return _crew_page(held, {}, shown=True)


def _read_crew(form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The columns of a person, with titles parted from the name, for use only without faults; and all faults of the
    fields peran, nama and hp."""
    faults: dict[str, str] = {}
    parted, phone = part_name(form.get("nama", "")), clean_phone(form.get("hp", ""))
    for name, found, remedy in (("nama", parted, LATIN), ("hp", phone, PHONE_OR_EMPTY)):
        if has_nik(form.get(name, "")):
            faults[name] = NO_NIK
        elif found is None:
            faults[name] = remedy
    if form.get("peran") not in CREW:
        faults["peran"] = "Pilih dulu: narasumber atau panitia."
    before, name, after = parted or ("", "", "")
    return {"title_before": before, "name": name, "title_after": after, "phone": phone or ""}, faults
