"""Pages of the office about its certificates: signers, number series, and the book of what was issued."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.certificate import actions, numbers, register, signers
from lms.certificate.numbers import KINDS, SERIES, Series, read_number
from lms.certificate.snapshot import TOKENS, format_number
from lms.db.engine import writing
from lms.db.tables import Signer
from lms.paper.child import run
from lms.paper.printing import attachment
from lms.people.access import admin, row_id
from lms.people.actions import note
from lms.people.viewer import Viewer
from lms.web.above import above, is_above
from lms.web.clock import now, today
from lms.web.dates import read_day

bp = Blueprint("office", __name__, url_prefix="/kelola")

Page = str | tuple[str, int] | Response
SIGNERS, NUMBERS = "/penanda-tangan", "/nomor"
NO_NUMBER = "Tulis nomornya dengan angka, misalnya 42."
NO_REASON = "Tulis alasannya, misalnya dari buku agenda bulan Mei."
BACKWARDS = "Nomor terakhir lebih kecil daripada nomor pertama."
SECONDS, MEGABYTES = 60.0, 400
ALL_YEARS = "semua"


def _signer(signer_id: int) -> Signer:
    """A signer that can still be changed; 404 for one that is not there or was corrected."""
    found = signers.signer(signer_id)
    if found is None or not found.is_active:
        abort(404)
    return found


@bp.get(SIGNERS)
def all_signers() -> str:
    """List the signers of now, later and before, with the form for somebody new."""
    admin()
    return signer_page(None, {})


@bp.get(f"{SIGNERS}/<id:signer_id>")
def one_signer(signer_id: int) -> str:
    """One signer, to be corrected or ended."""
    admin()
    return signer_page(_signer(signer_id), {})


def signer_page(
    found: Signer | None,
    faults: Mapping[str, str],
    typed: Mapping[str, str] | None = None,
    chain_faults: Mapping[str, str] | None = None,
) -> str:
    """One signer, or the list of all with the form for somebody new and whose electronic signatures are believed."""
    shown = {"sides": signers.SIDES, "stands": signers.stands, "today": today(), "faults": faults}
    if found is None:
        shown |= {"signers": signers.signers(), "typed": typed or {"sisi": "depan", "mulai": today().isoformat()}}
        shown |= {"chain": above("trust_lines") if is_above("trust_lines") else None, "now": now()}
        return render_template("certificate/penanda.html", chain_faults=chain_faults or {}, **shown)
    days = {"mulai": found.valid_from, "sampai": found.valid_to}
    held = {name: getattr(found, column) for column, (name, _, _) in signers.SIGNER.items()}
    held |= {"sisi": found.side, **{name: day.isoformat() for name, day in days.items() if day}}
    return render_template("certificate/penanda_satu.html", found=found, typed=typed or held, **shown)


@bp.post(SIGNERS, defaults={"signer_id": None})
@bp.post(f"{SIGNERS}/<id:signer_id>")
def keep_signer(signer_id: int | None) -> Page:
    """Somebody new, or a row that takes the place of this one; sheets that were issued keep what they said."""
    who, found = admin(), None if signer_id is None else _signer(signer_id)
    columns, faults = signers.read_signer_form(request.form)
    if faults:
        return signer_page(found, faults, request.form), 422
    with writing():
        signers.add_signer(columns, who.person_id, now(), instead_of=signer_id)
    return redirect("/kelola/penanda-tangan?tersimpan=1", 303)


@bp.post(f"{SIGNERS}/<id:signer_id>/akhiri")
def end_signer(signer_id: int) -> Page:
    """Their last day."""
    who, found, last = admin(), _signer(signer_id), read_day(request.form.get("terakhir", ""))
    if last is None or (found.valid_from and last < found.valid_from):
        fault = signers.NO_DAY if last is None else "Hari terakhir lebih awal daripada hari pertamanya."
        return signer_page(found, {"terakhir": fault}), 422
    with writing():
        signers.end_signer(signer_id, last, who.person_id, now())
    return redirect("/kelola/penanda-tangan?tersimpan=1", 303)


def _agenda_years() -> list[int]:
    """The agenda of last year may be completed and that of next year begun."""
    year = today().year
    return [year - 1, year, year + 1]


def _year() -> int:
    """The year that the page is about; 400 for a form about one that the page does not offer."""
    year = read_number(asked := request.values.get("tahun"))
    if year not in _agenda_years() and request.method == "POST" and asked is not None:
        abort(400)
    return year if year in _agenda_years() else today().year


def _series(kind: str) -> tuple[Viewer, Series | None]:
    """The viewer and the series of this kind, None while it is not set; 404 for a kind that is none."""
    who = admin()
    if kind not in KINDS:
        abort(404)
    return who, numbers.series(kind, _year())


def _set_series(kind: str) -> tuple[Viewer, Series]:
    who, found = _series(kind)
    return (who, found) if found else abort(404)


def _written(values: Mapping[str, str], found: Series | None) -> list[str]:
    """The next three numbers as these columns write them."""
    day = today() if _year() == today().year else date(_year(), 1, 1)
    pattern, code, classification = values["pattern"], values["code"], values["classification"]
    upcoming = found.upcoming() if found else [1, 2, 3]
    return [format_number(pattern, number, code, classification, day) for number in upcoming]


@bp.get(f"{NUMBERS}/<kind>")
def number_series(kind: str) -> str:
    """One series."""
    return _series_page(kind, _series(kind)[1], {})


def _series_page(
    kind: str, found: Series | None, faults: Mapping[str, str], typed: Mapping[str, str] | None = None, **shown: Any
) -> str:
    """A series as it is kept, or as it was `typed`, whose faults then are those of its columns."""
    values = typed or (found.values if found else {})
    upcoming = _written(values, found) if values and not (typed and faults) else []
    fields = {name: values.get(column, "") for column, (name, _) in SERIES.items()}
    shown |= {"label": KINDS[kind], "years": _agenda_years(), "year": _year(), "tokens": TOKENS, "sent": request.form}
    shown |= {"upcoming": upcoming, "doubles": actions.taken(upcoming), "kinds": KINDS}
    return render_template("certificate/nomor.html", kind=kind, found=found, typed=fields, faults=faults, **shown)


@bp.post(f"{NUMBERS}/<kind>")
def set_series(kind: str) -> Page:
    """Keep the pattern, or only show what it would write."""
    who, found = _series(kind)
    other = next((numbers.series(each, today().year) for each in KINDS if each != kind), None)
    values, faults = numbers.read_series_form(request.form, other.values if other else None)
    if request.form.get("aksi") == "lihat":
        return _series_page(kind, found, faults, values, tried=True)
    if faults:
        return _series_page(kind, found, faults, values), 422
    with writing():
        numbers.set_series(kind, values, who.person_id, now())
    return redirect(f"/kelola/nomor/{kind}?tersimpan=1", 303)


@bp.post(f"{NUMBERS}/<kind>/manual")
def take(kind: str) -> Page:
    """Numbers that the paper agenda gave away, or where its counting stands."""
    who, found = _set_series(kind)
    form, by, year = request.form, who.person_id, _year()
    if form.get("aksi") == "mulai":
        number = read_number(form.get("mulai"))
        if number is None:
            return _series_page(kind, found, {"mulai": NO_NUMBER}), 422
        return _tried(kind, found, "mulai", lambda: numbers.start_at(found.id, number, by, now(), year=year))
    first, last = (read_number(form.get(name)) for name in ("dari", "sampai"))
    reason = " ".join(form.get("alasan", "").split())[:200]
    if first is None or last is None or last < first or not reason:
        faults = {"dari": NO_NUMBER} if first is None else {}
        faults |= {"sampai": NO_NUMBER} if last is None else {"sampai": BACKWARDS} if first and last < first else {}
        return _series_page(kind, found, faults | ({} if reason else {"alasan": NO_REASON})), 422
    return _tried(
        kind, found, "dari", lambda: numbers.take_numbers(found.id, first, last, reason, by, now(), year=year)
    )


def _tried(kind: str, found: Series, field: str, act: Callable[[], None]) -> Page:
    """Back to the page after a write, or the page with what refused it."""
    try:
        with writing():
            act()
    except numbers.NotFree as refused:
        return _series_page(kind, found, {field: str(refused)}), 422
    return redirect(f"/kelola/nomor/{kind}?tahun={_year()}&tercatat=1#manual", 303)


@bp.post(f"{NUMBERS}/<kind>/manual/<id:block_id>/hapus")
def give_back(kind: str, block_id: int) -> Page:
    """A block that was noted by mistake."""
    who, found = _set_series(kind)
    by, year = who.person_id, _year()
    return _tried(kind, found, "manual", lambda: numbers.give_back(block_id, found.id, by, now(), year=year))


def _wanted() -> tuple[int | None, str]:
    """(the year, or None for all; the word) that are asked for."""
    year = None
    if (asked := request.values.get("tahun")) != ALL_YEARS:
        year = min(max(row_id(asked) or today().year, 1950), 2100)
    return year, request.values.get("cari", "").strip().replace("\0", "")[:60]


@bp.route("/register", methods=["GET", "POST"])
def book() -> str:
    """The lines of a year, or of all, in the order of their numbers; for paper many more on a page.

    The word it is searched for may be a name, and so is posted: it stands in no address.
    """
    admin()
    year, word = _wanted()
    word = word if request.method == "POST" else ""
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
