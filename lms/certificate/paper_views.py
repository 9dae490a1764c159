"""Old paper certificates are brought and looked at; and anybody checks one by its number and name."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from sqlalchemy import Row
from werkzeug import Response

from lms.certificate import papers
from lms.course.privacy import fault_of_text
from lms.db.engine import writing
from lms.people.access import admin
from lms.people.office import office_name
from lms.web.clock import now
from lms.web.limits import count_try, tried
from lms.web.security import takes_files

bp = Blueprint("office_papers", __name__)

CHUNK, SHOWN, LONGEST_WHY = 400, 50, 300
NO_WHY = "Tulis alasannya; alasan ini tersimpan di catatan."
# A number and a name can be guessed, so misses are counted; tokens and codes can't, so `/cek` counts nothing.
HOUR, MISSES_OF_A_NUMBER, MISSES_OF_ALL = 3_600, 10, 1_000
Page = str | tuple[str, int] | Response


@bp.get("/kelola/kertas")
def start() -> str:
    """The form for a file, and the lists of before."""
    admin()
    return _start_page("")


def _start_page(fault: str) -> str:
    return render_template("certificate/kertas.html", batches=papers.batches(), fault=fault)


@bp.post("/kelola/kertas")
@takes_files(6)
def bring() -> Page:
    """Read the file and let it wait to be looked at; nothing of it counts yet."""
    who, moment, file = admin(), now(), request.files.get("berkas")
    try:
        rows, refused = papers.brought(file.read(papers.MOST_BYTES + 1) if file else b"")
        with writing():
            batch_id = papers.begin(refused, who.person_id, moment)
        for begun in range(0, len(rows), CHUNK):
            with writing():
                papers.add(batch_id, rows[begun : begun + CHUNK])
    except papers.NoPaperList as fault:
        return _start_page(str(fault)), 422
    return redirect(f"/kelola/kertas/{batch_id}", 303)


def _batch(batch_id: str) -> Row[Any]:
    """A list that was brought; 404 for one that made room for a newer one."""
    admin()
    found = papers.batch(batch_id)
    if found is None:
        abort(404)
    return found


@bp.get("/kelola/kertas/<paper_batch>")
def look(paper_batch: str) -> str:
    """Show what was understood, what is known already, what is refused and why."""
    return _batch_page(_batch(paper_batch))


def _batch_page(found: Row[Any], fault: str = "") -> str:
    rows = papers.first_rows(found.id, SHOWN)
    return render_template("certificate/kertas_lihat.html", batch=found, rows=rows, fault=fault, longest=LONGEST_WHY)


@bp.post("/kelola/kertas/<paper_batch>")
def write(paper_batch: str) -> Page:
    """Let it count, or take it out again and say why."""
    who, found = admin(), _batch(paper_batch)
    if request.form.get("aksi") == "batal":
        why = " ".join(request.form.get("alasan", "").split())
        if fault := fault_of_text(why, LONGEST_WHY) if why else NO_WHY:
            return _batch_page(found, fault), 422
        with writing():
            papers.undo(found.id, why, who.person_id, now())
        return redirect("/kelola/kertas", 303)
    with writing():
        papers.write(found.id, who.person_id, now())
    return redirect(f"/kelola/kertas/{found.id}", 303)


@bp.get("/cek/kertas")
def ask() -> str:
    """Type what stands on the paper."""
    return render_template("certificate/cek_kertas.html", found=None, asked=False)


@bp.post("/cek/kertas")
def check() -> str | tuple[str, int]:
    """Whether the book has exactly this number with this name; one constant answer for everything else.

    A number is followed by the next one and names are few, so both are guessed at only so often.
    """
    number, name = (request.form.get(field, "").strip()[:200] for field in ("nomor", "nama"))
    moment, of_number = now(), f"kertas:{papers.check_key(number, '')}"
    if tried(of_number, HOUR, moment) >= MISSES_OF_A_NUMBER or tried("kertas", HOUR, moment) >= MISSES_OF_ALL:
        abort(429)
    found = papers.paper(number, name)
    if found is None:
        with writing():
            count_try(of_number, HOUR, moment)
            count_try("kertas", HOUR, moment)
    shown = render_template(
        "certificate/cek_kertas.html",
        found=found,
        asked=True,
        number=number,
        name=name,
        moment=moment,
        office=office_name(),
    )
    return shown if found else (shown, 404)
