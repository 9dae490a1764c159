"""A list of people is brought, looked at, settled row by row, written in slices, reported and undone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from flask import Blueprint, abort, make_response, redirect, render_template, request
from werkzeug import Response

from lms.course.privacy import masked
from lms.db.engine import writing
from lms.paper.printing import attachment, workbook
from lms.people import jobs
from lms.people.access import Training, row_id, training
from lms.people.actions import note_in
from lms.people.doubles import Someone
from lms.people.jobs import JobFacts, NotDoable, advance, job_of
from lms.people.names import PHONE_EXAMPLE
from lms.people.regions import find_village, village_label, villages
from lms.roster import actions, queries
from lms.roster.fields import FIELDS
from lms.roster.intake import MOST_BYTES, NotReadable, brought, in_chunks, understood
from lms.roster.people import NOBODY_ELSE, Listed, as_kept, corrected, judged, someone, with_choices
from lms.roster.spelling import FROM_ABOVE
from lms.web.clock import now
from lms.web.paging import paged
from lms.web.security import takes_files

bp = Blueprint("roster", __name__, url_prefix="/pelatih/<code>/impor")

Page = str | tuple[str, int] | Response
A_TIME = 50
CLOSED = "Angkatan ini sudah ditutup, jadi pesertanya tidak diubah lagi."
NO_NAME_COLUMN = "Tentukan dulu kolom mana yang berisi nama orang."
NOT_SURE = "Beri tanda dulu bahwa impor ini memang dibatalkan, lalu tekan lagi."
OVER_QUOTA = "Daftar ini melebihi kuota. Beri tanda dulu bahwa semuanya tetap dimasukkan, lalu tekan lagi."
TOO_LATE = "Impor ini sudah lebih dari 30 hari, jadi tidak dapat dibatalkan lagi."
BECAME = {
    "dibuat": "orang baru",
    "ditambahkan": "sudah dikenal, dimasukkan ke angkatan ini",
    "sudah": "sudah menjadi peserta",
    "batal": "dibatalkan",
    "siap": "siap dimasukkan",
    "ada": "siap, sudah dikenal",
    "ragu": "belum dipilih",
    "tolak": "tidak dapat dimasukkan",
    "lewati": "dilewati",
}


@bp.get("")
def start(code: str) -> str:
    """The form for a file, and the lists of before."""
    return _start_page(training(code))


def _start_page(trained: Training, fault: str = "") -> str:
    found = queries.batches(trained)
    return render_template(
        "roster/impor.html",
        cohort=trained,
        batches=found,
        counts=queries.counts(each.id for each in found),
        open=trained.takes_people,
        closed=CLOSED,
        fault=fault,
    )


@bp.post("")
@takes_files
def bring(code: str) -> Page:
    """Read the file and let it wait; nobody is made of it yet."""
    trained, moment = training(code), now()
    if not trained.takes_people:
        return _start_page(trained), 409
    file = request.files.get("berkas")
    try:
        columns, found, left_out = brought(file.read(MOST_BYTES + 1) if file else None, queries.known_to(trained))
    except NotReadable as fault:
        return _start_page(trained, str(fault)), 422
    with writing():
        batch_id = actions.new_batch(trained.cohort_id, trained.viewer.person_id, columns, left_out, moment)
    for rows in in_chunks(found):
        with writing():
            actions.add_rows(batch_id, rows, moment)
    with writing():
        actions.change(batch_id, ready_at=moment)
    return redirect(f"/pelatih/{trained.code}/impor/{batch_id}", 303)


def _batch(code: str, batch_id: str) -> tuple[Training, queries.Batch]:
    """A list that the viewer brought into a cohort of theirs; 404 for any other."""
    trained = training(code)
    found = queries.batch(trained, batch_id) or abort(404)
    return trained, found


def _open_batch(code: str, batch_id: str) -> tuple[Training, queries.Batch]:
    """Return the list of a cohort that is not closed; 409 when it is."""
    trained, found = _batch(code, batch_id)
    if not trained.takes_people:
        abort(make_response(_start_page(trained), 409))
    return trained, found


@bp.get("/<batch_id>")
def look(code: str, batch_id: str) -> str:
    """Show what was understood, what is doubtful and what is not taken."""
    return _look_page(*_batch(code, batch_id))


def _look_page(
    trained: Training, batch: queries.Batch, fault: str = "", faults: Mapping[int, str] | None = None
) -> str:
    counts = queries.counts([batch.id])[batch.id]
    known = {state for states in queries.PARTS.values() for state in states}
    nobody = {kind: count for (kind, _), count in counts.items() if kind not in known}
    parts = queries.PARTS | {"bukan": tuple(nobody)}
    sums = {part: sum(counts.get((kind, ""), 0) for kind in kinds) for part, kinds in parts.items()}
    part = request.values.get("bagian", "")
    part = part if part in parts else next((each for each in queries.PARTS if sums[each]), "jelas")
    rows = sum(count for (kind, _), count in counts.items() if kind in parts[part])
    place = paged(rows, queries.PAGE, row_id(request.values.get("hal")))
    one = row_id(request.values.get("betul")) if trained.takes_people else 0
    edited = queries.unwritten(batch.id, [one]) if one else []
    lines = edited or queries.lines(batch.id, parts[part], place.page)
    return render_template(
        "roster/daftar.html",
        cohort=trained,
        batch=batch,
        sums=sums,
        nobody=nobody,
        read=sum(counts.values()),
        edited=bool(edited),
        done={name: sum(count for (_, found), count in counts.items() if found == name) for name in BECAME},
        part=part,
        lines=lines,
        place=place,
        known=queries.twins(trained, lines),
        others=queries.numbered(batch.id, (-twin for line in lines for twin in line.listed.twins if twin < 0)),
        villages=villages() if part == "ragu" or edited else {},
        fields=FIELDS,
        examples=[[masked(cell.removeprefix(FROM_ABOVE)) for cell in row[1]] for row in queries.cells(batch.id, 3)],
        became=BECAME,
        room=queries.room(batch.id, trained.cohort_id),
        undoable=queries.may_be_undone(batch, now()),
        open=trained.takes_people,
        closed=CLOSED,
        fault=fault,
        faults=faults or {},
        unnamed="" if any(name == "nama" for _, name in batch.columns) else NO_NAME_COLUMN,
    )


@bp.post("/<batch_id>/kolom")
def take_columns(code: str, batch_id: str) -> Page:
    """Let the columns mean what the trainer says; what is not written yet is understood anew."""
    trained, batch = _open_batch(code, batch_id)
    said = [request.form.get(f"kolom-{number}", "") for number in range(len(batch.columns))]
    columns = [(label, name if name in FIELDS else "") for (label, _), name in zip(batch.columns, said, strict=True)]
    if "nama" not in said:
        return _look_page(trained, batch, NO_NAME_COLUMN), 422
    cells = queries.cells(batch.id)
    try:
        people = understood(
            [(row[1], row[2] or "") for row in cells], [name for _, name in columns], queries.known_to(trained)
        )
    except NotReadable as fault:
        return _look_page(trained, batch, str(fault)), 422
    with writing():
        actions.change(batch.id, columns=columns)
    for rows in in_chunks([(row[0], person) for row, person in zip(cells, people, strict=True)]):
        with writing():
            actions.understand(dict(rows))
    return redirect(f"/pelatih/{trained.code}/impor/{batch.id}", 303)


@bp.post("/<batch_id>/pilih")
def choose(code: str, batch_id: str) -> Page:
    """Settle what was doubtful, or correct what was misread, in the rows of one page."""
    trained, batch = _open_batch(code, batch_id)
    found = queries.unwritten(batch.id, [row_id(text) for text in request.form.getlist("baris")])
    faults: dict[int, str] = {}
    chosen = {line.id: _chosen(line, faults) for line in found}
    beside = queries.neighbours(trained, batch.id, chosen.values())
    clear = (line for line in found if line.id not in faults)
    kept = {line.id: as_kept(_beside_others(line, chosen[line.id], beside)) for line in clear}
    with writing():
        actions.understand(kept)
    if faults:
        return _look_page(trained, batch, faults=faults), 422
    part = request.form.get("bagian", "ragu")[:10]
    return redirect(f"/pelatih/{trained.code}/impor/{batch.id}?bagian={quote(part)}", 303)


def _chosen(line: queries.RosterLine, faults: dict[int, str]) -> Listed:
    """The person of a row with what the form says of name, phone, village and twin; what cannot be is a fault."""
    said = {
        name: request.form.get(f"{name}-{line.id}", "").strip() for name in ("nama", "hp", "tulis", "desa", "orang")
    }
    person = corrected(line.listed, said["nama"], said["hp"]) if said["nama"] else line.listed
    if person.fault and said["nama"]:
        faults[line.id] = f"{person.fault[:1].upper()}{person.fault[1:]}."
    if said["hp"].strip("-") and not person.phone:
        faults[line.id] = f"“{said['hp'][:30]}” bukan nomor HP. {PHONE_EXAMPLE}."
    village = find_village(said["tulis"] or said["desa"])
    if said["tulis"] and village is None:
        faults[line.id] = f"“{said['tulis'][:60]}” tidak ada di daftar. Pilih dari usulan yang muncul saat mengetik."
    if said["orang"] == "lewati":
        return replace(person, skipped=True)
    number = said["orang"].removeprefix("-")
    who = int(said["orang"]) if number.isascii() and number.isdigit() and len(number) < 10 else None
    return with_choices(person, village.code if village else "" if said["desa"] == "kosong" else None, who)


def _beside_others(line: queries.RosterLine, person: Listed, others: list[Someone]) -> Listed:
    """The person, who may be somebody else's double now that name, village or phone changed; from now on others see
    them."""
    before, now_ = someone(0, line.listed), someone(0, person)
    if now_ != before and person.region and person.state == "siap":
        passed = {*line.listed.twins, *person.others, -line.number}
        person = judged([person], [other for other in others if other.id not in passed], NOBODY_ELSE)[0]
    if person.state == "siap":
        others.append(someone(-line.number, person))
    return person


@bp.post("/<batch_id>/masukkan")
def write(code: str, batch_id: str) -> Page:
    """Begin writing what is clear, beyond the quota only when that is meant; meanwhile another press leads to it."""
    trained, batch = _open_batch(code, batch_id)
    if queries.room(batch.id, trained.cohort_id)["over"] and request.form.get("lebih") != "ya":
        return _look_page(trained, batch, OVER_QUOTA), 422
    counts = queries.counts([batch.id])[batch.id]
    total = sum(counts.get((state, ""), 0) for state in queries.PARTS["jelas"])
    return _begin(trained, batch, "impor", f"Memasukkan {total} orang", total)


def _begin(trained: Training, batch: queries.Batch, kind: str, title: str, total: int) -> Response:
    by, here = trained.viewer.person_id, f"/pelatih/{trained.code}/impor/{batch.id}"
    moment, told = now(), {"batch": batch.id}
    with writing():
        running = job_of(by, queries.lock(batch.id) or "")
        if running and running.ended_at is None:
            return redirect(f"/kerja/{running.id}", 303)
        if not total:
            return redirect(here, 303)
        job_id = jobs.begin(
            kind, by, moment, title=title, onward=here, total=total, told=told, cohort_id=trained.cohort_id
        )
        actions.change(batch.id, job_id=job_id)
        act = "daftar dimasukkan" if kind == "impor" else "daftar dibatalkan"
        note_in(trained, act, moment, reason=f"{total} orang")
    return redirect(f"/kerja/{job_id}", 303)


def write_some(job: JobFacts) -> None:
    """The next rows become people."""
    with writing():
        cohort = _locked_for(job)
        found = queries.waiting(job.told["batch"], A_TIME)
        if advance(job, _next(job, len(found)), now()) and found:
            present = queries.as_of_now(found, cohort.cohort_id, job.by_id, job.told["batch"])
            actions.leave_out([line for line in found if line.id not in {each.id for each in present}])
            if present:
                actions.write_lines(cohort, present, job.by_id, now())


def undo_some(job: JobFacts) -> None:
    """The next people whom the list brought in, and who did nothing since, are out again."""
    with writing():
        cohort = _locked_for(job)
        found = queries.to_undo(job.told["batch"], cohort.cohort_id, A_TIME)
        if advance(job, _next(job, len(found)), now()) and found:
            actions.undo(found, now())


def _locked_for(job: JobFacts) -> queries.Target:
    """Return the cohort that the list goes to, when no other slice of work on it is under way."""
    queries.lock(job.told["batch"])
    found = queries.target(job.cohort_id or 0)
    if found is None:
        raise NotDoable(CLOSED)
    return found


def _next(job: JobFacts, count: int) -> int:
    """Return how far the work is after so many; at its end where nothing is left, even if fewer were done."""
    return job.total if count < A_TIME else min(job.position + count, job.total)


@bp.post("/<batch_id>/batal")
def undo(code: str, batch_id: str) -> Page:
    """Begin taking out again whom the list brought in and who did nothing since, once it was said that it is meant."""
    trained, batch = _open_batch(code, batch_id)
    if request.form.get("yakin") != "ya":
        return _look_page(trained, batch, NOT_SURE), 422
    if not queries.may_be_undone(batch, now()):
        return _look_page(trained, batch, TOO_LATE), 409
    total = len(queries.to_undo(batch.id, trained.cohort_id, 20_000))
    return _begin(trained, batch, "batal-impor", f"Membatalkan {total} orang", total)


@bp.post("/<batch_id>/laporan.xlsx")
def report(code: str, batch_id: str) -> Response:
    """Every row with what became of it; that it was taken is noted."""
    trained, batch = _batch(code, batch_id)
    moment, lines = now(), queries.every_line(batch.id)
    data = _report(trained, lines, moment)
    with writing():
        note_in(trained, "laporan daftar diunduh", moment, ["name"], f"{len(lines)} baris")
    return attachment(data, f"impor-{trained.code.lower()}.xlsx")


def _report(trained: Training, lines: list[queries.RosterLine], moment: datetime) -> bytes:
    rows = [
        [
            line.number,
            line.place,
            line.listed.name,
            village_label(line.listed.region),
            line.listed.nobody or BECAME[line.outcome or line.listed.state],
            "; ".join(filter(None, (line.listed.fault, *line.listed.told))),
        ]
        for line in lines
    ]
    heading = [("No.", 6), ("Di berkas", 26), ("Nama", 30), ("Desa", 38), ("Menjadi apa", 34), ("Catatan", 60)]
    sheet = {"name": "Hasil impor", "title": trained.name, "heading": heading, "rows": rows}
    return workbook(trained.name, moment, [sheet])
