"""The office's book of certificates: by year, searched, printed, taken as a spreadsheet."""

from flask import Blueprint, Response, render_template, request

from lms.certificate import register
from lms.db.engine import writing
from lms.paper.child import run
from lms.paper.printing import attachment
from lms.people.access import admin, row_id
from lms.people.actions import note
from lms.web.clock import now, today

bp = Blueprint("office_register", __name__, url_prefix="/kelola")

SECONDS, MEGABYTES = 60.0, 400
ALL_YEARS = "semua"


def _wanted() -> tuple[int | None, str]:
    """(the year, or None for all; the word) that are asked for."""
    year = None
    if (asked := request.values.get("tahun")) != ALL_YEARS:
        year = min(max(row_id(asked) or today().year, 1950), 2100)
    return year, request.values.get("cari", "").strip().replace("\0", "")[:60]


@bp.get("/register")
def book() -> str:
    """The lines of a year, or of all, in the order of their numbers; for paper many more on a page."""
    admin()
    return _page("")


@bp.post("/register")
def search() -> str:
    """The same for a word, which may be a name and so stands in no address."""
    admin()
    return _page(_wanted()[1])


def _page(word: str) -> str:
    year = _wanted()[0]
    printed = request.values.get("cetak") == "1"
    each = register.PRINTED_PAGE if printed else register.PAGE
    page = min(row_id(request.values.get("hal")) or 1, 100_000)
    lines, count = register.lines(year, word, page, each)
    return render_template(
        "certificate/register.html",
        year=year,
        asked_year=year or ALL_YEARS,
        years=register.years(today().year),
        heading=list(register.HEADING),
        lines=lines,
        count=count,
        page=page,
        pages=max(1, -(-count // each)),
        word=word,
        printed=printed,
        today=today(),
    )


@bp.post("/register.xlsx")
def spreadsheet() -> Response:
    """A whole year, or all, as a spreadsheet; that it was taken is noted."""
    who, (year, word), moment = admin(), _wanted(), now()
    of = str(year or ALL_YEARS)
    told, count = register.workbook_of(year, word, today())
    data = run("workbook", told, seconds=SECONDS, megabytes=MEGABYTES)
    with writing():
        note(who.person_id, "buku register diunduh", f"register:{of}", moment, ["name", "region"], f"{count} baris")
    return attachment(data, f"buku-register-{of}.xlsx")
