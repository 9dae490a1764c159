"""“Laporkan yang berbeda”: what somebody with a sheet in hand found, to the office's desk; nobody asks who that was."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.certificate import actions, queries
from lms.certificate.spelling import bare
from lms.course.privacy import NO_NIK, has_nik
from lms.db.engine import writing
from lms.people.access import admin
from lms.people.names import one_line
from lms.web.clock import now
from lms.web.limits import count_try

bp = Blueprint("differences", __name__)

PARTS = ("nama", "nomor", "kegiatan", "tanggal", "jam pelajaran", "penanda tangan", "lainnya")
LONGEST_NOTE, LONGEST_NUMBER = 200, 80
EACH_PAGE = 50
DAY, OF_ONE_SHEET, OF_ALL = 86_400, 5, 100
NOTHING = "Pilih dulu bagian mana yang berbeda."
NO_NUMBER = f"Tulis nomor yang tertulis pada lembar, paling banyak {LONGEST_NUMBER} huruf."
TOO_LONG = f"Ringkaslah menjadi paling banyak {LONGEST_NOTE} huruf dalam satu baris."


def checked_sheet(token: str) -> queries.IssuedSheet:
    """The sheet behind a token that its check shows; 404 for an unknown one, a sample, and one that names nobody."""
    found = queries.certificate_by_token(token)
    if found is None or found.snapshot.sample or found.is_nameless:
        abort(404)
    return found


@bp.get("/cek/lapor")
@bp.get("/cek/<token>/lapor")
def form(token: str = "") -> str:
    """Ask what differs: a list to tick and one line; of a sheet unknown to the register, the number it bears."""
    return _page(checked_sheet(token) if token else None, {})


def _page(found: queries.IssuedSheet | None, faults: dict[str, str]) -> str:
    longest = {"nomor": LONGEST_NUMBER, "catatan": LONGEST_NOTE}
    return render_template(
        "certificate/lapor.html", found=found, parts=PARTS, faults=faults, longest=longest, typed=request.form
    )


@bp.post("/cek/lapor")
@bp.post("/cek/<token>/lapor")
def send(token: str = "") -> Response | tuple[str, int]:
    """Put it on the desk; a sheet takes a few a day, and so does the site."""
    found, moment = checked_sheet(token) if token else None, now()
    number = one_line(request.form.get("nomor", ""), LONGEST_NUMBER) if found is None else ""
    parts = [part for part in PARTS if part in request.form.getlist("beda")] if found else [f"nomor {number}"]
    note = one_line(request.form.get("catatan", ""), LONGEST_NOTE)
    if not (parts if found else bare(number or "")):
        return _page(found, {"beda": NOTHING} if found else {"nomor": NO_NUMBER}), 422
    if note is None or has_nik(f"{number} {note}"):
        return _page(found, {"catatan": TOO_LONG if note is None else NO_NIK}), 422
    sheet = found.id if found else f"nomor:{bare(number or '')[:LONGEST_NUMBER]}"
    with writing():
        if count_try(f"lapor:{sheet}", DAY, moment) > OF_ONE_SHEET or count_try("lapor", DAY, moment) > OF_ALL:
            abort(429)
        text = ": ".join(filter(None, (", ".join(parts), note)))
        actions.report_difference(found.id if found else None, text, moment)
    return redirect(f"/cek/{token}?terkirim=1" if found else "/cek?terkirim=1", 303)


@bp.get("/kelola/laporan")
def desk() -> str:
    """List the reports, those that wait first; a sheet is named by its number alone."""
    admin()
    page = min(max(request.args.get("hal", 1, type=int), 1), 100_000)
    reports, count = queries.differences((page - 1) * EACH_PAGE, EACH_PAGE)
    return render_template("certificate/laporan.html", reports=reports, count=count, page=page, each_page=EACH_PAGE)


@bp.post("/kelola/laporan/<id:report_id>")
def settle(report_id: int) -> Response:
    """Done with it."""
    admin()
    with writing():
        found = actions.settle_difference(report_id, now())
    if not found:
        abort(404)
    return redirect("/kelola/laporan", 303)
