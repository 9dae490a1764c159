"""Speakers and committee of a bimtek: people of the site who belong to it and count nowhere as participants."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request
from werkzeug import Response as Answer

from lms.bimtek.queries import meeting_of, meetings
from lms.cohort import actions, queries
from lms.cohort.queries import CrewMember, Namesake
from lms.course.privacy import NO_NIK, has_nik
from lms.db.engine import writing
from lms.db.tables import Person
from lms.db.tables.cohorts import CREW
from lms.people.access import Training, event, row_id
from lms.people.actions import note_shown
from lms.people.messages import OutgoingMessage
from lms.people.names import clean_phone
from lms.people.person import LATIN, PHONE_OR_EMPTY
from lms.roster.invitation_views import event_lines, personal_message
from lms.roster.spelling import part_name
from lms.web.above import above
from lms.web.clock import now

bp = Blueprint("crew", __name__)

PAGE = "/pelatih/<code>/petugas"
NEW = "baru"
WHICH = "Ada yang bernama sama di angkatan Anda. Pilih orangnya, atau orang baru, lalu tekan Tambah lagi."


@bp.get(PAGE)
def crew(code: str) -> str:
    """Show the crew, the speakers of the programme who are not in it yet, and the form for one more."""
    held = event(code)
    found = meeting_of(held.cohort_id, row_id(request.args.get("pertemuan")))
    return _page(held, {"peran": "narasumber", "nama": found.speaker} if found else {})


def _page(
    held: Training,
    typed: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    known: Sequence[Namesake] = (),
    *,
    shown: bool = False,
) -> str:
    people = queries.crew(held.cohort_id)
    there = {each.name for each in people} | {each.bare_name for each in people}
    planned = [each for each in meetings(held.cohort_id) if each.cancelled_at is None]
    speakers = {each.speaker: each.id for each in reversed(planned) if each.speaker and each.speaker not in there}
    return render_template(
        "roster/petugas.html",
        cohort=held,
        people=people,
        sheets=above("sheets_in", held.cohort_id, [each.membership_id for each in people]),
        unknown=sorted(speakers.items()),
        messages=_messages(held, people) if shown else {},
        typed=typed,
        faults=faults or {},
        known=known,
    )


def _messages(held: Training, people: Sequence[CrewMember]) -> dict[int, OutgoingMessage]:
    lines, sent = event_lines(held), (each for each in people if each.may_be_sent)
    return {each.membership_id: personal_message(held, each, lines, each.role) for each in sent}


@bp.post(PAGE)
def add(code: str) -> Answer | tuple[str, int]:
    """Add somebody known or new; with a namesake among the trainer's own people it is asked who is meant."""
    held, (columns, faults) = event(code), _read_crew(request.form)
    if faults:
        return _page(held, request.form, faults), 422
    person, role = Person(**columns, created_at=now()), request.form.get("peran", "")
    known, chosen = queries.namesakes(held.viewer.person_id, person.name), request.form.get("orang", "")
    whom = row_id(chosen)
    if known and chosen != NEW and whom not in {each.id for each in known}:
        return _page(held, request.form, {"orang": WHICH}, known), 422
    with writing():
        actions.add_crew(held, person, whom if known else None, role, held.viewer.person_id, now())
    return redirect(f"/pelatih/{held.code}/petugas", 303)


@bp.post(f"{PAGE}/keluar")
def remove(code: str) -> Answer:
    """Take somebody off; pressed twice it is once."""
    held = event(code)
    with writing():
        actions.remove_crew(held.cohort_id, row_id(request.form.get("anggota")), held.viewer.person_id, now())
    return redirect(f"/pelatih/{held.code}/petugas", 303)


@bp.post(f"{PAGE}/pesan")
def messages(code: str) -> str:
    """The page with numbers and the links of cards; whose they were is noted."""
    held = event(code)
    whose = (each.person_id for each in queries.crew(held.cohort_id) if each.may_be_sent)
    with writing():
        note_shown(held, whose, "undangan ditampilkan", ["phone", "card_hash"], now())
    return _page(held, {}, shown=True)


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
