"""Pages of who runs the site. They show no participant: to see people takes a membership, and that is audited."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request
from sqlalchemy.exc import IntegrityError
from werkzeug import Response as AnyResponse

from lms.course.pictures import PictureRefused
from lms.course.redrawn import for_emblem
from lms.db.engine import writing
from lms.paper.typesetting import printable_letters
from lms.people import actions, erasure, held, staff
from lms.people.access import admin, row_id
from lms.people.office import our_office
from lms.people.person import LOGIN_TAKEN, read_account
from lms.web.clock import now
from lms.web.dates import read_day
from lms.web.security import show_nobody_else, takes_files

bp = Blueprint("admin", __name__, url_prefix="/kelola")

LAST_ADMIN = "Ini pengelola terakhir. Beri hak pengelola kepada orang lain dulu, supaya situs tetap ada yang mengatur."
NOT_ERASED = "Ini pengelola terakhir. Beri hak pengelola kepada orang lain dulu, lalu laksanakan penghapusannya."
NO_REASON = "Tulis alasannya; alasan ini tercatat."
NOT_STAFF = "Pilih salah satu staf yang masih aktif."
OFFICE = {
    "pemerintah": ("government", 120),
    "nama": ("name", 120),
    "alamat": ("address", 200),
    "tempat": ("place", 60),
    "penyelenggara": ("organiser", 160),
    "dasar_hukum": ("legal_basis", 300),
}
"""Field of the form -> the column of the office it fills, and how many letters fit."""


@bp.get("")
def overview() -> str:
    """Show what there is to run, and who asked to be erased, with the clock of each."""
    admin()
    return _overview()


def _overview(fault: str = "") -> str:
    return render_template(
        "people/kelola.html",
        office=our_office(),
        staff=len(staff.staff()),
        requests=held.open_requests(),
        clock=held.clock,
        due_at=held.due_at,
        done=held.carried_out(),
        moment=now(),
        fault=fault,
    )


@bp.post("/permintaan/<id:request_id>")
def carry_out(request_id: int) -> AnyResponse | tuple[str, int]:
    """Erase the person of a request; one that is withdrawn or done is left as it is."""
    who = admin()
    try:
        with writing():
            erasure.carry_out(request_id, who.person_id, now())
    except staff.LastAdmin:
        return _overview(NOT_ERASED), 422
    return redirect("/kelola#permintaan", 303)


@bp.get("/staf")
def listed() -> str:
    """Show the members of staff, and the form for a new one."""
    admin()
    return render_template("people/staf.html", staff=staff.staff())


@bp.post("/staf")
def add_staff() -> str | tuple[str, int]:
    """An account without a password, and the link with which its owner sets one, shown this once."""
    by, moment = admin().person_id, now()
    name, login, faults = read_account(request.form)
    if not faults:
        try:
            with writing():
                person_id = actions.add_staff(name, login, "", moment, by=by).id
                staff.set_rights(person_id, _rights(), by, moment)
                secret = actions.new_password_link(person_id, by, moment)
            return _link_page(person_id, name, secret)
        except IntegrityError:
            faults = {"masuk": LOGIN_TAKEN}
    return render_template("people/staf.html", staff=staff.staff(), faults=faults, form=request.form), 422


def _rights() -> list[str]:
    return [word for word in staff.RIGHTS if request.form.get(word) == "ya"]


def _link_page(person_id: int, name: str, secret: str) -> str:
    show_nobody_else()
    link = f"{current_app.config['PUBLIC_URL']}/sandi#{secret}"
    return render_template("people/staf_tautan.html", person_id=person_id, name=name, link=link)


@bp.get("/staf/<id:person_id>")
def staff_member(person_id: int) -> str:
    """One member of staff: what they may do."""
    return _staff_page(person_id)


def _staff_page(person_id: int, fault: str = "") -> str:
    who, (found, trains) = admin(), staff.member_of_staff(person_id)
    courses = staff.courses_edited(person_id)
    return render_template("people/orang.html", who=who, found=found, trains=trains, courses=courses, fault=fault)


@bp.errorhandler(staff.LastAdmin)
def last_admin(_fault: Exception) -> tuple[str, int]:
    """Show the member of staff again, who must stay as they are."""
    return _staff_page((request.view_args or {})["person_id"], LAST_ADMIN), 422


def _by(person_id: int) -> int:
    """Return the admin who acts on a member of staff."""
    who = admin()
    staff.member_of_staff(person_id)
    return who.person_id


@bp.post("/staf/<id:person_id>/sandi")
def new_password(person_id: int) -> str:
    """Make a link that works once, for somebody who forgot the password; an earlier one is void."""
    who, name = admin(), staff.member_of_staff(person_id).Person.name
    with writing():
        secret = actions.new_password_link(person_id, who.person_id, now())
    return _link_page(person_id, name, secret)


@bp.post("/staf/<id:person_id>/hak")
def set_rights(person_id: int) -> AnyResponse:
    """Set what a member of staff may do: run the site, train, edit courses."""
    by, moment = _by(person_id), now()
    courses = {row_id(value) for value in request.form.getlist("kursus")}
    with writing():
        staff.set_rights(person_id, _rights(), by, moment)
        staff.set_editor_of(person_id, courses, by, moment)
    return redirect(f"/kelola/staf/{person_id}?tersimpan=1", 303)


@bp.post("/staf/<id:person_id>/berhenti")
def stop(person_id: int) -> AnyResponse:
    """Nobody signs in as this person any more, from the next request on."""
    by = _by(person_id)
    with writing():
        actions.deactivate(person_id, by, now())
        staff.keep_an_admin()
    return redirect(f"/kelola/staf/{person_id}", 303)


@bp.post("/staf/<id:person_id>/kembali")
def come_back(person_id: int) -> AnyResponse:
    """Let them in again."""
    by = _by(person_id)
    with writing():
        actions.reactivate(person_id, by, now())
    return redirect(f"/kelola/staf/{person_id}", 303)


@bp.get("/angkatan")
def cohorts() -> str:
    """Every cohort with its trainers and how many take part; no participant is named."""
    return _cohorts_page()


def _cohorts_page(fault: str = "", code: str = "") -> str:
    return render_template(
        "people/angkatan.html",
        who=admin(),
        cohorts=staff.cohorts(),
        trainers=staff.trainers(),
        staff=staff.staff(),
        fault=fault,
        code=code,
    )


@bp.post("/angkatan/<code>/pelatih")
def add_trainer_to(code: str) -> AnyResponse | tuple[str, int]:
    """Make a member of staff, or oneself, trainer of a cohort; the reason is kept."""
    by, cohort_id = admin().person_id, staff.cohort_id(code)
    reason = " ".join(request.form.get("alasan", "").split())[:500]
    if not reason:
        return _cohorts_page(NO_REASON, code), 422
    person_id = row_id(request.form.get("orang"))
    if not any(found.id == person_id and not found.deactivated_at for found, _ in staff.staff()):
        return _cohorts_page(NOT_STAFF, code), 422
    with writing():
        staff.add_trainer_to(cohort_id, person_id, reason, by, now())
    return redirect("/kelola/angkatan", 303)


@bp.post("/angkatan/<code>/pelatih/<id:person_id>/lepas")
def remove_trainer_from(code: str, person_id: int) -> AnyResponse:
    """A trainer of this cohort no longer."""
    by, cohort_id = admin().person_id, staff.cohort_id(code)
    with writing():
        staff.remove_trainer_from(cohort_id, person_id, by, now())
    return redirect("/kelola/angkatan", 303)


@bp.get("/kantor")
def office() -> str:
    """Show what the office is called, as it stands on every new certificate."""
    admin()
    held = our_office()
    return _office_page({name: getattr(held, column) for name, (column, _) in OFFICE.items()} if held else {}, {})


def _office_page(typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    held = our_office()
    return render_template("people/kantor.html", typed=typed, faults=faults, emblem=held and held.emblem_hash)


@bp.post("/kantor")
@takes_files
def set_office() -> AnyResponse | tuple[str, int]:
    """Keep it; certificates that were issued stay as they are."""
    who, sent = admin(), request.files.get("lambang")
    typed = {name: " ".join(request.form.get(name, "").split()) for name in OFFICE}
    faults = {name: fault for name, text in typed.items() if (fault := _office_fault(name, text))}
    emblem = b"" if request.form.get("tanpa_lambang") == "ya" else None
    try:
        if picture := sent.read() if sent else b"":
            emblem = for_emblem(picture).data
    except PictureRefused as refused:
        faults["lambang"] = str(refused)
    if faults:
        return _office_page(request.form, faults), 422
    with writing():
        staff.set_identity({OFFICE[name][0]: text for name, text in typed.items()}, who.person_id, now(), emblem=emblem)
    return redirect("/kelola/kantor?tersimpan=1", 303)


def _office_fault(name: str, text: str) -> str:
    longest, strange = OFFICE[name][1], [letter for letter in text if letter not in printable_letters()]
    if not text and name not in ("alamat", "dasar_hukum"):
        return "Wajib diisi; tercetak di sertifikat."
    if len(text) > longest:
        return f"Paling banyak {longest} huruf."
    return f"Huruf “{strange[0]}” tidak dapat dicetak. Ganti huruf itu." if strange else ""


@bp.get("/kantor/lambang")
def emblem() -> AnyResponse:
    """The office's emblem."""
    admin()
    picture = staff.emblem() or abort(404)
    return Response(picture, mimetype="image/png")


@bp.get("/catatan")
def log() -> str:
    """The audit log: who did what to whom, when and why; newest first."""
    admin()
    word = request.args.get("cari", "").strip().replace("\0", "")[:40]
    page = min(max(request.args.get("hal", 1, type=int), 1), 1_000_000)
    since = read_day(request.args.get("sejak", ""))
    acts, count = staff.acts(page, word, since)
    return render_template(
        "people/catatan.html", acts=acts, count=count, page=page, word=word, since=since, each=staff.PAGE
    )
