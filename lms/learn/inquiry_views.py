"""“Ada yang keliru?” and “Tanya pelatih”: one box each, to the desk of the person's cohort, and its answer."""

import re
import secrets

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.course.load import EditionView
from lms.course.privacy import has_nik
from lms.course.queries import CourseRef
from lms.db.engine import writing
from lms.learn import actions
from lms.learn import inquiry_queries as queries
from lms.people.access import my_enrolment, signed_in, training
from lms.web.clock import now
from lms.web.limits import count_try
from lms.web.security import show_nobody_else

bp = Blueprint("inquiries", __name__)

KINDS = ("keliru", "tanya")
LONGEST = 2_000
ASKED_A_DAY, DAY = 30, 86_400
HASH = re.compile(r"[0-9a-f]{64}")
FORM_ID = re.compile(r"[A-Za-z0-9_-]{16,32}")


@bp.get("/tanya/<slug>")
def ask_form(slug: str) -> str:
    """One box, with the place it is asked from."""
    ref, edition, _ = my_enrolment(slug)
    return _page(ref, edition)


def _page(ref: CourseRef, edition: EditionView, fault: str = "") -> str:
    place = _place(edition)
    return render_template(
        "learn/tanya.html",
        edition=edition,
        kind=_kind(),
        place=place,
        where=queries.place_of(edition.id, edition.slug, **place),
        text=request.form.get("isi", ""),
        form_id=secrets.token_urlsafe(16),
        fault=fault,
        longest=LONGEST,
        has_desk=queries.desk_for(signed_in().person_id, ref.id) is not None,
    )


def _kind() -> str:
    kind = request.values.get("jenis", "tanya")
    return kind if kind in KINDS else "tanya"


def _place(edition: EditionView) -> dict[str, str]:
    """The place that the address or the form names; a lesson that is not there is the whole course."""
    lesson, question = edition.present(request.values.get("di", "")[:200]), request.values.get("soal", "")
    return {
        "lesson": lesson if lesson in edition.lessons else "",
        "question_hash": question if HASH.fullmatch(question) else "",
    }


@bp.post("/tanya/<slug>")
def ask(slug: str) -> Response | tuple[str, int]:
    """Send it to the desk; sent twice it is there once."""
    ref, edition, _ = my_enrolment(slug)
    who, text, form_id = signed_in(), request.form.get("isi", "").strip(), request.form.get("formulir", "")
    fault = _fault(text)
    if fault:
        return _page(ref, edition, fault), 422
    if not FORM_ID.fullmatch(form_id):
        abort(400)
    moment = now()
    if not queries.is_my_form(form_id, who.person_id):
        with writing():
            if count_try(f"tanya:{who.person_id}", DAY, moment) > ASKED_A_DAY:
                abort(429)
            asked = _place(edition) | {"form_id": form_id, "kind": _kind(), "text": text}
            cohort_id = queries.desk_for(who.person_id, ref.id)
            actions.ask(person_id=who.person_id, cohort_id=cohort_id, edition_id=edition.id, at=moment, **asked)
    return redirect("/saya/pertanyaan?terkirim=1", 303)


def _fault(text: str) -> str:
    if not text:
        return "Tulis dulu di kotak ini, lalu kirim."
    if len(text) > LONGEST:
        return f"Terlalu panjang: {len(text)} huruf, paling banyak {LONGEST}. Tulisan Anda masih ada; ringkaslah."
    if "\0" in text:
        return "Ada huruf yang tidak terbaca. Ketik ulang, jangan disalin."
    if has_nik(text):
        return "Jangan menulis NIK atau nomor KK siapa pun di sini. Hapus nomornya, lalu kirim."
    return ""


@bp.get("/saya/pertanyaan")
def mine() -> str:
    """Show the questions I asked, and what the desk answered."""
    show_nobody_else()
    return render_template("learn/saya.html", asked=queries.mine(signed_in().person_id))


def box(code: str, fault: str = "", at: int = 0) -> str:
    """Make the page of the questions of the participants of a cohort."""
    trained = training(code)
    show_nobody_else()
    page = min(max(request.args.get("hal", 1, type=int), 1), 100_000)
    asked, count = queries.box(trained.cohort_id, page)
    return render_template(
        "learn/kotak.html",
        cohort=trained,
        asked=asked,
        count=count,
        waiting=queries.waiting([trained.cohort_id]).get(trained.cohort_id, 0),
        page=page,
        each_page=queries.PAGE,
        fault=fault,
        at=at,
        typed=request.form.get("isi", ""),
    )


@bp.post("/pelatih/<code>/kotak/<id:inquiry_id>")
def reply(code: str, inquiry_id: int) -> Response | tuple[str, int]:
    """Answer; the person sees it at once."""
    trained = training(code)
    if not queries.is_asked_in(trained.cohort_id, inquiry_id):
        abort(404)
    text = request.form.get("isi", "").strip()
    fault = _fault(text)
    if fault:
        return box(code, fault, inquiry_id), 422
    with writing():
        actions.reply(inquiry_id, text, trained.viewer.person_id, now())
    return redirect(f"/pelatih/{trained.code}/kotak#tanya-{inquiry_id}", 303)
