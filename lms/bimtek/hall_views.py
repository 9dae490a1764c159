"""Attendance for the trainer in the hall: a code on the screen, cards before the camera, a list to tick, a paper."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, redirect, render_template, request
from werkzeug import Response as Answer

from lms.bimtek import actions, queries
from lms.bimtek.attendance import LATE_AFTER, MeetingFacts, code_at, seconds_left
from lms.bimtek.queries import Attendee
from lms.bimtek.views import meeting_at
from lms.db.engine import writing
from lms.db.words import PRESENT, STATES
from lms.paper.printing import attachment, long_pdf, qr_picture
from lms.paper.typesetting import printable
from lms.people.access import CohortFacts, Training, event, row_id, still_open
from lms.people.actions import note_in
from lms.people.names import one_line
from lms.people.office import issuer
from lms.web.clock import now, today
from lms.web.dates import hari_tanggal, read_day
from lms.web.errors import script_route
from lms.web.security import CAMERA_ALLOWED

bp = Blueprint("hall", __name__)

MEETING = "/pelatih/<code>/hadir/<id:meeting_id>"
MOST_SCANS = 100
MOST_MILLISECONDS = 7 * 86_400_000
_MARK, _HASH = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")


def _meeting(code: str, meeting_id: int) -> tuple[Training, MeetingFacts]:
    held = event(code)
    return held, meeting_at(held, meeting_id)


def _code(meeting: MeetingFacts) -> str:
    return code_at(current_app.config["SECRET_KEY"], meeting.id, now())


@bp.get(MEETING)
def show_code(code: str, meeting_id: int) -> str:
    """The code of this half minute, large enough for the hall, and the other ways; or the list, a part of the page."""
    if request.args.get("bagian") == "daftar":
        return roll(code, meeting_id)
    held, meeting = _meeting(code, meeting_id)
    return render_template(
        "bimtek/kode.html",
        cohort=held,
        meeting=meeting,
        is_on=meeting.is_on(now()) and not held.closed_at,
        letters=_code(meeting),
        there=queries.present(meeting),
        joined=queries.details(held.cohort_id).joined,
        site=current_app.config["PUBLIC_URL"].partition("://")[2],
        late=LATE_AFTER.seconds // 60,
    )


@bp.get(f"{MEETING}/kode")
@script_route
def code_now(code: str, meeting_id: int) -> Response:
    """The code, the seconds until the next one, and how many are there."""
    _, meeting = _meeting(code, meeting_id)
    return jsonify(kode=_code(meeting), sisa=seconds_left(now()), hadir=queries.present(meeting))


@bp.get(f"{MEETING}/kode.svg")
def code_picture(code: str, meeting_id: int) -> Response:
    """Its QR, which leads a camera to where one says that one is there."""
    _, meeting = _meeting(code, meeting_id)
    return qr_picture(f"{current_app.config['PUBLIC_URL']}/h/{_code(meeting)}")


@bp.get(f"{MEETING}/pindai")
def scanner(code: str, meeting_id: int) -> Answer:
    """Scans cards with the camera, which this page alone may use; it goes on without signal."""
    held, meeting = _meeting(code, meeting_id)
    response = make_response(render_template("bimtek/pindai.html", cohort=held, meeting=meeting))
    response.headers.set(*CAMERA_ALLOWED)
    return response


class Scan(NamedTuple):
    """A card before the camera: the phone's own mark for it, the hash of the card, how long ago it was.

    `card` is "" where that is no hash, `age` None where it is none that can be believed.
    """

    mark: str
    card: str
    age: timedelta | None


def _read_scans(body: Any) -> list[Scan]:
    """Scans as the page sends them, without those that have no mark to be answered by; 400 for no list of scans."""
    sent = body.get("pindaian") if isinstance(body, dict) else None
    if not isinstance(sent, list) or len(sent) > MOST_SCANS:
        abort(400)
    return [scan for each in sent if (scan := _read_scan(each))]


def _read_scan(each: Any) -> Scan | None:
    match each:
        case {"id": str(mark)} if _MARK.fullmatch(mark):
            card, age = each.get("sidik"), each.get("umur")
            is_card = isinstance(card, str) and _HASH.fullmatch(card)
            is_age = isinstance(age, int) and 0 <= age <= MOST_MILLISECONDS
            return Scan(mark, card if is_card else "", timedelta(milliseconds=age) if is_age else None)
    return None


@bp.post(f"{MEETING}/pindai")
@script_route
def scans(code: str, meeting_id: int) -> Response:
    """Note whose cards were scanned, each where its age says it was; sent again it is noted once."""
    held, meeting = _meeting(code, meeting_id)
    sent, moment = _read_scans(request.get_json(silent=True)), now()
    with writing():
        still_open(held.cohort_id)
        holders = queries.holders(held.cohort_id, {scan.card for scan in sent if scan.card})
        told = [_note(scan, holders.get(scan.card), meeting, held.viewer.person_id, moment) for scan in sent]
    return jsonify(pindaian=told)


def _note(
    scan: Scan, holder: tuple[int, str] | None, meeting: MeetingFacts, by: int, moment: datetime
) -> dict[str, str]:
    """Note a scan and return what became of it."""
    if holder is None:
        return {"id": scan.mark, "nama": "", "hasil": "tak dikenal"}
    at, said = None if scan.age is None else moment - scan.age, "di luar jam"
    if at is not None and meeting.is_on(at):
        said = "tercatat" if actions.come(meeting, holder[0], "kartu", at, scan.mark, by) else "sudah"
    return {"id": scan.mark, "nama": holder[1], "hasil": said}


def roll(code: str, meeting_id: int) -> str:
    """Everybody, to be ticked by hand."""
    passed = {row_id(text) for text in request.args.get("terlewat", "").split(".")}
    return _roll(*_meeting(code, meeting_id), passed)


def _roll(held: Training, meeting: MeetingFacts, passed: set[int], faults: dict[str, str] | None = None) -> str:
    people = queries.roster(held.cohort_id, meeting.id)
    only = request.args.get("saring", "")
    shown = [each for each in people if only != "belum" or not each.state]
    ticked = {row_id(text) for text in request.form.getlist("orang")} - passed
    if request.args.get("centang") == "semua":
        ticked = {each.membership_id for each in shown if not each.state}
    return render_template(
        "bimtek/daftar.html",
        cohort=held,
        meeting=meeting,
        people=shown,
        count=len(people),
        there=sum(each.state in PRESENT for each in people),
        ticked=ticked,
        states=STATES,
        typed=request.form,
        faults=faults or {},
        only=only,
        passed=[each for each in people if each.membership_id in passed],
    )


def _changed_since(people: Iterable[Attendee], state: str) -> set[int]:
    """Return the people now noted otherwise than the sent page showed, and not in the wished state already.

    Of whom it says nothing, it showed nothing noted.
    """
    pairs = (text.partition(":") for text in request.form.getlist("tadi"))
    shown = {row_id(number): was for number, _, was in pairs}
    return {each.membership_id for each in people if each.state not in (state, shown.get(each.membership_id, ""))}


@bp.post(f"{MEETING}/daftar")
def tick(code: str, meeting_id: int) -> Answer | tuple[str, int]:
    """Note those who are ticked; another state than was noted, and leave, need a reason.

    Who was noted otherwise since the page was shown is left so, and named on the page that follows.
    """
    held, meeting = _meeting(code, meeting_id)
    state, reason = request.form.get("keadaan", ""), one_line(request.form.get("alasan", ""), 200)
    ticked = {row_id(text) for text in request.form.getlist("orang")}
    with writing():
        still_open(held.cohort_id)
        people = [each for each in queries.roster(held.cohort_id, meeting.id) if each.membership_id in ticked]
        passed = _changed_since(people, state)
        wrong = [each for each in people if each.state != state and each.membership_id not in passed]
        faults = {} if people else {"orang": "Beri tanda pada orang yang akan dicatat."}
        if state not in STATES:
            faults["keadaan"] = "Pilih dulu: hadir, terlambat, izin, atau tidak hadir."
        elif not reason and (state == "izin" or any(each.state for each in wrong)):
            faults["alasan"] = "Tulis alasannya, karena ada yang izin atau yang catatannya diubah."
        if not faults:
            members = [each.membership_id for each in wrong]
            actions.tick(meeting.id, members, state, reason or "", held.viewer.person_id, now())
    if faults:
        return _roll(held, meeting, passed, faults), 422
    told = f"&tercatat={len(wrong)}" + ("&terlewat=" + ".".join(map(str, sorted(passed))) if passed else "")
    return redirect(f"/pelatih/{held.code}/hadir/{meeting.id}?bagian=daftar{told}", 303)


@bp.post("/pelatih/<code>/hadir/daftar.pdf")
def paper(code: str) -> Answer:
    """The daftar hadir of one day to be signed by hand; that it was taken is noted."""
    held, moment = event(code), now()
    day = read_day(request.form.get("hari", "")) or held.starts_on
    people = queries.roster(held.cohort_id)
    sheets = _attendance_sheet(held, day, people, moment)
    with writing():
        note_in(held, "daftar hadir dicetak", moment, ["name"], f"{len(people)} orang")
    return attachment(sheets, f"daftar-hadir-{held.code.lower()}.pdf")


def _attendance_sheet(held: CohortFacts, day: date | None, people: Iterable[Attendee], moment: datetime) -> bytes:
    """Everybody by kecamatan and village, with the last digits of the phone, to be signed morning and afternoon."""
    found = issuer("bimtek", today())
    office = (found.office.government, found.office.name, found.office.address) if found else ("DINAS SOSIAL",)
    signer = found.signer if found else None
    official = (signer.on_behalf, signer.title, signer.name, signer.rank, signer.nip) if signer else ("",) * 5
    data = {
        "office": office,
        "activity": held.name,
        "day": hari_tanggal(day) if day else "",
        "place": held.place,
        "people": [_line(each) for each in sorted(people, key=lambda each: each.by_place)],
        "official": official,
    }
    return long_pdf("bimtek/daftar_hadir.typ", printable(data), int(moment.timestamp()))


def _line(each: Attendee) -> list[str]:
    village, district = (each.village.name, each.village.district) if each.village else ("", "")
    return [each.titled, each.sex, village, district, each.position, each.phone[-4:]]
