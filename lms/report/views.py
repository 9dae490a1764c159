"""The papers of a bimtek at its trainer's desk: what they say, gathering the figures, the files, all data."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug import Response as Answer

from lms.cohort.queries import crew
from lms.db.engine import writing
from lms.paper.child import ChildFailed
from lms.paper.printing import attachment
from lms.people.access import Training, cohort_facts, event, training
from lms.people.actions import note_in
from lms.people.jobs import JobFacts, NotDoable, advance, begin
from lms.report import actions, forms, queries
from lms.report.figures import PARTS
from lms.report.papers import as_file, letter_of, report
from lms.report.queries import KIND, SHAPE
from lms.report.texts import ReportedBimtek, drafts, officers
from lms.report.workbook import everything
from lms.web.clock import now

bp = Blueprint("reports", __name__)

NO_FIGURES = "Angkanya belum dikumpulkan. Tekan “Buat laporan” dulu."
TOO_MUCH = "Laporan ini terlalu besar untuk disusun. Ringkaslah tulisan Anda, lalu buat lagi."


class Chapter(NamedTuple):
    """A part of the report: what there is of it, and where what is missing is put right ("" where nothing is)."""

    title: str
    told: str
    mend: str = ""


@bp.get("/pelatih/<code>/laporan")
def overview(code: str) -> str:
    """Show what the report will hold, what it still lacks, the texts, and the files of the newest gathering."""
    return _page(event(code))


def _page(trained: Training, typed: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None) -> str:
    known, job = queries.event(trained), queries.newest(trained.cohort_id)
    offered = drafts(known, job.outcome if job else {})
    kept = offered | known.plan.report
    basis = known.plan.basis or ("Ditulis di bawah" if kept["dasar"] else "")
    return render_template(
        "report/laporan.html",
        cohort=trained,
        chapters=_chapters(trained, known, basis, queries.counts(trained.cohort_id, now())),
        job=job,
        forms=forms,
        speakers={forms.mark_of(name): name for name in _speakers(trained, known)},
        offered=offered,
        typed={**kept, **(typed or {})},
        faults=faults or {},
        saved="tersimpan" in request.args,
    )


def _speakers(trained: Training, known: ReportedBimtek) -> list[str]:
    staff = officers(known, crew(trained.cohort_id), {})
    return [each.name for each in staff if each.role == "narasumber"]


def _chapters(trained: Training, known: ReportedBimtek, basis: str, found: Any) -> list[Chapter]:
    """In the order of the report."""
    base, speakers = f"/pelatih/{trained.code}", {each.speaker for each in known.held if each.speaker}
    when = ", ".join(filter(None, (known.days, known.plan.place)))
    tests = f"tes awal {found.pre} orang, tes akhir {found.post} orang"
    over = found.survey_over or (found.survey_over is not None and trained.closed_at is not None)
    survey = "belum dibuka" if found.survey_over is None else "sudah ditutup" if over else "belum ditutup"
    return [
        Chapter("Dasar", basis or "Belum ada", "" if basis else f"{base}/acara/isian"),
        Chapter("Waktu dan tempat", when or "Belum ada", "" if known.days and known.plan.place else f"{base}/data"),
        Chapter(
            "Jadwal dan narasumber",
            f"{len(known.held)} pertemuan, {len(speakers)} narasumber",
            "" if speakers else f"{base}/acara",
        ),
        Chapter("Peserta", f"{found.people} orang", "" if found.people else base),
        Chapter("Kehadiran", f"{found.noted} orang tercatat", "" if found.noted else f"{base}/acara"),
        Chapter("Tes", tests, "" if found.pre and found.post else f"{base}/tes"),
        Chapter("Survei", f"{found.surveys} terkirim, {survey}", "" if over else f"{base}/survei"),
        Chapter("Rencana tindak lanjut", f"{found.plans} rencana", "" if found.plans else f"{base}/rtl"),
        Chapter("Register sertifikat", _sheets(trained)),
        Chapter("Penanda tangan", known.signer.get("name", "Belum diatur; mintalah pengelola situs mengisinya")),
    ]


def _sheets(trained: Training) -> str:
    """How many hold and how many do not; a replaced one is counted by what replaced it."""
    states = Counter(state for *_, state in queries.certificates(trained.cohort_id) if state != "diganti")
    return ", ".join(f"{many} {state}" for state, many in sorted(states.items())) or "0 sertifikat"


@bp.post("/pelatih/<code>/laporan")
def keep(code: str) -> Answer | tuple[str, int]:
    """Keep what was typed, and begin to gather the figures when that is asked."""
    trained, moment = event(code), now()
    wanted = request.form.get("aksi", "")
    if wanted not in ("simpan", "buat"):
        abort(400)
    texts, faults = _typed(trained)
    if faults:
        return _page(trained, request.form, faults), 422
    page = f"/pelatih/{trained.code}/laporan"
    onward = f"{page}?tersimpan=1"
    with writing():
        actions.keep_texts(trained.cohort_id, texts, trained.viewer.person_id, moment)
        if wanted == "buat":
            onward = f"/kerja/{_begin(trained, page)}"
    return redirect(onward, 303)


def _typed(trained: Training) -> tuple[dict[str, str], dict[str, str]]:
    """What the form carries, read, and its faults; what is as it was offered is not kept."""
    known, job = queries.event(trained), queries.newest(trained.cohort_id)
    texts, faults = forms.read(request.form, _speakers(trained, known))
    offered = drafts(known, job.outcome if job else {})
    return {key: "" if text == offered.get(key) else text for key, text in texts.items()}, faults


def _begin(trained: Training, onward: str) -> str:
    by, title, total = trained.viewer.person_id, f"Membuat laporan {trained.name}"[:200], len(PARTS) + 1
    told, cohort_id = {"bentuk": SHAPE}, trained.cohort_id
    return begin(KIND, by, now(), title=title, onward=onward, total=total, told=told, cohort_id=cohort_id)


def gather(job: JobFacts) -> None:
    """The next part of the figures; at last the report is set once, so that what is offered can be made."""
    moment, held = now(), cohort_facts(job.cohort_id or 0)
    outcome: dict[str, Any] = dict(job.outcome)
    names = list(PARTS)
    if job.position < len(names):
        part = names[job.position]
        outcome[part] = PARTS[part](held, moment)
    else:
        try:
            as_file(
                report(held, job.outcome, moment), moment, "pdf"
            )  # Typeset once, so that what is called done gives a file.
        except ChildFailed as failed:
            raise NotDoable(TOO_MUCH) from failed
    with writing():
        advance(job, job.position + 1, moment, outcome)


@bp.post("/pelatih/<code>/laporan.docx", defaults={"extension": "docx"})
@bp.post("/pelatih/<code>/laporan.pdf", defaults={"extension": "pdf"})
def download(code: str, extension: str) -> Response | tuple[str, int]:
    """The report as a file; that it was taken is noted."""
    trained = event(code)
    job = queries.newest(trained.cohort_id)
    if job is None or job.ended_at is None:
        return _page(trained, faults={"": NO_FIGURES}), 409
    data = as_file(report(trained, job.outcome, job.ended_at), job.ended_at, extension)
    return _attached(trained, data, f"laporan-{trained.code.lower()}.{extension}")


@bp.post("/pelatih/<code>/surat/<letter>.docx", defaults={"extension": "docx"})
@bp.post("/pelatih/<code>/surat/<letter>.pdf", defaults={"extension": "pdf"})
def paper(code: str, letter: str, extension: str) -> Response | tuple[str, int]:
    """One paper with what was typed for it, which is kept; that it was taken is noted."""
    trained, moment = event(code), now()
    if letter not in forms.LETTERS:
        abort(404)
    texts, faults = _typed(trained)
    if faults:
        return _page(trained, request.form, faults), 422
    data = as_file(letter_of(trained, letter, texts), moment, extension)
    return _attached(trained, data, f"{letter}-{trained.code.lower()}.{extension}", texts)


@bp.post("/pelatih/<code>/semua.xlsx")
@bp.post("/pelatih/<code>/daftar.xlsx")  # The list of people that it was is in it.
def all_data(code: str) -> Response:
    """Everything of a cohort as one workbook; that it was taken is noted."""
    trained = training(code)
    data = everything(trained, now())
    return _attached(trained, data, f"semua-{trained.code.lower()}.xlsx")


def _attached(trained: Training, data: bytes, name: str, texts: Mapping[str, str] | None = None) -> Response:
    """The file, with what was typed for it kept, and noted as taken."""
    with writing():
        if texts:
            actions.keep_texts(trained.cohort_id, texts, trained.viewer.person_id, now())
        note_in(trained, "berkas diunduh", now(), ["name"], name)
    return attachment(data, name)
