"""Pages of who runs the site. They show no participant: to see people takes a membership, and that is audited."""

from datetime import date

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request
from sqlalchemy.exc import IntegrityError
from werkzeug import Response as AnyResponse

from lms.course.load import edition_view
from lms.db.engine import writing
from lms.people import staff_actions as actions
from lms.people import staff_queries as queries
from lms.people.access import admin, row_id
from lms.people.actions import add_trainer, deactivate, new_password_link, reactivate
from lms.people.mydata_queries import waiting_words
from lms.people.staff_forms import NAMES, OfficeForm, read_office_form, read_staff_form
from lms.web.clock import now
from lms.web.security import show_nobody_else, takes_files

bp = Blueprint("admin", __name__, url_prefix="/kelola")

LAST_ADMIN = "Ini pengelola terakhir. Beri hak pengelola kepada orang lain dulu, supaya situs tetap ada yang mengatur."
LOGIN_TAKEN = "Nama masuk ini sudah dipakai; pilih yang lain."
NO_REASON = "Tulis alasannya; alasan ini tercatat."


def _staff(person_id: int) -> queries.StaffMember:
    """A member of staff; 404 for a participant, whom an admin sees through a membership only."""
    admin()
    found = queries.member_of_staff(person_id)
    if found is None:
        abort(404)
    return found


@bp.get("")
def overview() -> str:
    """What there is to run."""
    admin()
    return render_template(
        "people/kelola.html",
        office=queries.office(),
        staff=len(queries.staff()),
        erasures=waiting_words(now()),
        differences=queries.waiting_differences(),
    )


@bp.get("/staf")
def staff() -> str:
    """Who works here, and the form for somebody new."""
    admin()
    return render_template("people/staf.html", staff=queries.staff())


@bp.post("/staf")
def add_staff() -> str | tuple[str, int]:
    """An account without a password, and the link with which its owner sets one, shown this once."""
    who, form = admin(), read_staff_form(request.form)
    faults, moment = form.faults, now()
    if not faults:
        try:
            with writing():
                person = add_trainer(
                    current_app.config["CARD_KEY"], form.name, form.login, "", moment, by=who.person_id
                )
                if form.is_admin:
                    actions.set_admin(person.id, is_admin=True, by=who.person_id, now=moment)
                person_id, secret = person.id, new_password_link(person.id, who.person_id, moment)
            return _link_page(person_id, form.name, secret)
        except IntegrityError:
            faults = {"masuk": LOGIN_TAKEN}
    return render_template("people/staf.html", staff=queries.staff(), faults=faults, form=request.form), 422


def _link_page(person_id: int, name: str, secret: str) -> str:
    show_nobody_else()
    link = f"{current_app.config['PUBLIC_URL']}/sandi#{secret}"
    return render_template("people/staf_tautan.html", person_id=person_id, name=name, link=link)


@bp.get("/staf/<id:person_id>")
def staff_member(person_id: int) -> str:
    """One member of staff: what they may do."""
    return _staff_page(_staff(person_id))


def _staff_page(found: queries.StaffMember, fault: str = "") -> str:
    return render_template(
        "people/orang.html", who=admin(), found=found, courses=_courses_edited(found.id), fault=fault
    )


def _courses_edited(person_id: int) -> list[tuple[int, str, bool]]:
    """(id, title, whether this person may edit it) of every course; one that was never published has its slug only."""
    return [
        (course, edition_view(edition, slug).course.title if edition else slug, held)
        for course, slug, edition, held in queries.courses_edited(person_id)
    ]


@bp.post("/staf/<id:person_id>/sandi")
def new_password(person_id: int) -> str:
    """A link that works once, for who forgot the password; an earlier one is void."""
    who, found = admin(), _staff(person_id)
    with writing():
        secret = new_password_link(found.id, who.person_id, now())
    return _link_page(found.id, found.name, secret)


@bp.post("/staf/<id:person_id>/hak")
def set_rights(person_id: int) -> AnyResponse | tuple[str, int]:
    """What somebody may do: run the site, edit courses."""
    who, found = admin(), _staff(person_id)
    courses = {row_id(value) for value in request.form.getlist("kursus")}
    moment = now()
    try:
        with writing():
            actions.set_admin(found.id, is_admin=request.form.get("pengelola") == "ya", by=who.person_id, now=moment)
            actions.set_editor_of(found.id, courses, who.person_id, moment)
    except actions.LastAdmin:
        return _staff_page(found, LAST_ADMIN), 422
    return redirect(f"/kelola/staf/{found.id}?tersimpan=1", 303)


@bp.post("/staf/<id:person_id>/berhenti")
def stop(person_id: int) -> AnyResponse | tuple[str, int]:
    """Nobody signs in as this person any more, from the next request on."""
    who, found = admin(), _staff(person_id)
    try:
        with writing():
            deactivate(found.id, who.person_id, now())
            actions.keep_an_admin()
    except actions.LastAdmin:
        return _staff_page(found, LAST_ADMIN), 422
    return redirect(f"/kelola/staf/{found.id}", 303)


@bp.post("/staf/<id:person_id>/kembali")
def come_back(person_id: int) -> AnyResponse:
    """Let them in again."""
    who, found = admin(), _staff(person_id)
    with writing():
        reactivate(found.id, who.person_id, now())
    return redirect(f"/kelola/staf/{found.id}", 303)


@bp.get("/angkatan")
def cohorts() -> str:
    """Every cohort with its trainers and how many take part; no participant is named."""
    return _cohorts_page()


def _cohorts_page(fault: str = "", code: str = "") -> str:
    who = admin()
    return render_template(
        "people/angkatan.html", who=who, cohorts=queries.cohorts(), staff=queries.staff(), fault=fault, code=code
    )


def _cohort(code: str) -> queries.CohortLine:
    admin()
    found = next((cohort for cohort in queries.cohorts() if cohort.code == code), None)
    if found is None:
        abort(404)
    return found


@bp.post("/angkatan/<code>/pelatih")
def add_trainer_to(code: str) -> AnyResponse | tuple[str, int]:
    """Make a member of staff, or oneself, trainer of a cohort; the reason is kept."""
    who, cohort = admin(), _cohort(code)
    reason = " ".join(request.form.get("alasan", "").split())[:500]
    if not reason:
        return _cohorts_page(NO_REASON, code), 422
    person = queries.member_of_staff(row_id(request.form.get("orang")))
    if person is None or person.deactivated_at:
        return _cohorts_page("Pilih salah satu staf yang masih aktif.", code), 422
    with writing():
        actions.add_trainer_to(cohort.id, person.id, reason, who.person_id, now())
    return redirect("/kelola/angkatan", 303)


@bp.post("/angkatan/<code>/pelatih/<id:person_id>/lepas")
def remove_trainer_from(code: str, person_id: int) -> AnyResponse:
    """A trainer of this cohort no longer."""
    who, cohort = admin(), _cohort(code)
    with writing():
        actions.remove_trainer_from(cohort.id, person_id, who.person_id, now())
    return redirect("/kelola/angkatan", 303)


@bp.get("/kantor")
def office() -> str:
    """What the office is called, as it stands on every new certificate."""
    admin()
    row = queries.office()
    typed = {name: getattr(row, column) for column, name in NAMES.items()} if row else {}
    return _office_page(OfficeForm({}), typed)


def _office_page(form: OfficeForm, typed: dict[str, str]) -> str:
    row = queries.office()
    return render_template(
        "people/kantor.html", typed=typed, faults=form.faults, emblem=row.emblem_hash if row else None
    )


@bp.post("/kantor")
@takes_files(megabytes=6)
def set_office() -> AnyResponse | tuple[str, int]:
    """Keep it; certificates that were issued stay as they are."""
    who, sent = admin(), request.files.get("lambang")
    form = read_office_form(request.form, sent.read() if sent else b"")
    if form.faults:
        return _office_page(form, dict(request.form)), 422
    with writing():
        actions.set_identity(form, who.person_id, now())
    return redirect("/kelola/kantor?tersimpan=1", 303)


@bp.get("/kantor/lambang")
def emblem() -> AnyResponse:
    """The office's emblem."""
    admin()
    picture = queries.emblem()
    if picture is None:
        abort(404)
    return Response(picture, mimetype="image/png")


@bp.get("/catatan")
def log() -> str:
    """The audit log: who did what to whom, when and why; newest first."""
    admin()
    word = request.args.get("cari", "").strip().replace("\0", "")[:40]
    page = min(max(request.args.get("hal", 1, type=int), 1), 1_000_000)
    since = _day(request.args.get("sejak", ""))
    acts, count = queries.acts(page, word, since)
    return render_template(
        "people/catatan.html", acts=acts, count=count, page=page, word=word, since=since, each=queries.PAGE
    )


def _day(text: str) -> date | None:
    """The day that a field of a date sends; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None
