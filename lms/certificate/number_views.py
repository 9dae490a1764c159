"""Under which numbers certificates are issued: the pattern, where counting stands, what the paper agenda took."""

from collections.abc import Callable, Mapping
from datetime import date

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.certificate import office_actions as actions
from lms.certificate import office_queries as queries
from lms.certificate.actions import taken
from lms.certificate.office_forms import SERIES, SeriesForm, read_number, read_series_form
from lms.certificate.snapshot import TOKENS, format_number
from lms.db.engine import writing
from lms.people.access import admin
from lms.people.viewer import Viewer
from lms.web.clock import now, today

bp = Blueprint("office_numbers", __name__, url_prefix="/kelola/nomor")

Page = str | tuple[str, int] | Response
NO_NUMBER = "Tulis nomornya dengan angka, misalnya 42."
NO_REASON = "Tulis alasannya, misalnya dari buku agenda bulan Mei."
BACKWARDS = "Nomor terakhir lebih kecil daripada nomor pertama."


def _years() -> list[int]:
    """The agenda of last year may be completed and that of next year begun."""
    year = today().year
    return [year - 1, year, year + 1]


def _year() -> int:
    """The year that the page is about; 400 for a form about one that the page does not offer."""
    year = read_number(asked := request.values.get("tahun"))
    if year not in _years() and request.method == "POST" and asked is not None:
        abort(400)
    return year if year in _years() else today().year


def _series(kind: str) -> tuple[Viewer, queries.Series | None]:
    """The viewer and the series of this kind, None while it is not set; 404 for a kind that is none."""
    who = admin()
    if kind not in queries.KINDS:
        abort(404)
    return who, queries.series(kind, _year())


def _set_series(kind: str) -> tuple[Viewer, queries.Series]:
    who, found = _series(kind)
    if found is None:
        abort(404)
    return who, found


def _written(values: Mapping[str, str], found: queries.Series | None) -> list[str]:
    """The next three numbers as these columns write them."""
    day = today() if _year() == today().year else date(_year(), 1, 1)
    upcoming = found.upcoming() if found else [1, 2, 3]
    return [
        format_number(values["pattern"], number, values["code"], values["classification"], day) for number in upcoming
    ]


@bp.get("")
def overview() -> str:
    """Both series, with their next numbers."""
    admin()
    found = {kind: queries.series(kind, today().year) for kind in queries.KINDS}
    upcoming = {kind: _written(each.values, each) for kind, each in found.items() if each}
    doubles = taken([numbers[0] for numbers in upcoming.values()])
    return render_template("certificate/nomor.html", kinds=queries.KINDS, upcoming=upcoming, doubles=doubles)


@bp.get("/<kind>")
def one(kind: str) -> str:
    """One series."""
    return _page(kind, _series(kind)[1])


def _page(
    kind: str,
    found: queries.Series | None,
    form: SeriesForm | None = None,
    faults: Mapping[str, str] | None = None,
    *,
    tried: bool = False,
) -> str:
    values = form.values if form else found.values if found else {}
    faults = faults or (form.faults if form else {})
    upcoming = _written(values, found) if values and not (form and form.faults) else []
    return render_template(
        "certificate/nomor_satu.html",
        kind=kind,
        label=queries.KINDS[kind],
        found=found,
        typed={name: values.get(column, "") for column, (name, _) in SERIES.items()},
        sent=request.form,
        faults=faults,
        upcoming=upcoming,
        doubles=taken(upcoming),
        year=_year(),
        years=_years(),
        tokens=TOKENS,
        tried=tried,
    )


@bp.post("/<kind>")
def set_series(kind: str) -> Page:
    """Keep the pattern, or only show what it would write."""
    who, found = _series(kind)
    other = next((queries.series(each, today().year) for each in queries.KINDS if each != kind), None)
    form = read_series_form(request.form, other.values if other else None)
    if request.form.get("aksi") == "lihat":
        return _page(kind, found, form, tried=True)
    if form.faults:
        return _page(kind, found, form), 422
    with writing():
        actions.set_series(kind, form, who.person_id, now())
    return redirect(f"/kelola/nomor/{kind}?tersimpan=1", 303)


@bp.post("/<kind>/manual")
def take(kind: str) -> Page:
    """Numbers that the paper agenda gave away, or where its counting stands."""
    who, found = _set_series(kind)
    if request.form.get("aksi") == "mulai":
        number = read_number(request.form.get("mulai"))
        if number is None:
            return _page(kind, found, faults={"mulai": NO_NUMBER}), 422
        return _tried(
            kind, found, "mulai", lambda: actions.start_at(found.id, number, who.person_id, now(), year=_year())
        )
    first, last = (read_number(request.form.get(name)) for name in ("dari", "sampai"))
    reason = " ".join(request.form.get("alasan", "").split())[:200]
    if first is None or last is None or last < first or not reason:
        faults = {"dari": NO_NUMBER} if first is None else {}
        faults |= {"sampai": NO_NUMBER} if last is None else {"sampai": BACKWARDS} if first and last < first else {}
        return _page(kind, found, faults=faults | ({} if reason else {"alasan": NO_REASON})), 422
    return _tried(
        kind,
        found,
        "dari",
        lambda: actions.take_numbers(found.id, first, last, reason, who.person_id, now(), year=_year()),
    )


def _tried(kind: str, found: queries.Series, field: str, act: Callable[[], None]) -> Page:
    """Back to the page after a write, or the page with what refused it."""
    try:
        with writing():
            act()
    except actions.NotFree as refused:
        return _page(kind, found, faults={field: str(refused)}), 422
    return redirect(f"/kelola/nomor/{kind}?tahun={_year()}&tercatat=1#manual", 303)


@bp.post("/<kind>/manual/<id:block_id>/hapus")
def give_back(kind: str, block_id: int) -> Page:
    """A block that was noted by mistake."""
    who, found = _set_series(kind)
    return _tried(
        kind,
        found,
        "manual",
        lambda: actions.give_back(block_id, found.id, who.person_id, now(), year=_year()),
    )
