"""Sheets go out to be signed electronically and come back, each file kept or refused; and the chain of
certificates that signed PDFs are checked by.
"""

from contextlib import closing
from dataclasses import replace

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request
from werkzeug import Response as Answer
from werkzeug.datastructures import FileStorage

from lms.certificate import actions
from lms.certificate.cohort_views import reason_given
from lms.certificate.office_views import signer_page
from lms.certificate.pdf import single_files
from lms.certificate.queries import IssuedSheet, sheets_in, waiting_ids
from lms.course.queries import blobs
from lms.db.engine import writing
from lms.esign import trust
from lms.esign.queries import KEPT, Verdict, drawings, judged, trusted
from lms.esign.signing import MOST_BYTES, MOST_FILES, UploadRefused, uploaded
from lms.paper.child import ChildFailed
from lms.paper.printing import attachment
from lms.people.access import Training, admin, event, training
from lms.people.actions import note
from lms.web.clock import now
from lms.web.security import MEGABYTES_OF_FILES, takes_files

bp = Blueprint("signing", __name__)

CHAIN, PLACE = "/kelola/rantai", "/kelola/penanda-tangan#rantai"
MOST_OF_CHAIN, MOST_CERTIFICATES = 200_000, 20
NO_CHAIN = "Berkas ini terlalu besar untuk sertifikat elektronik. Pilih berkas .cer, .crt, .der, atau .pem."
NOTHING = "Pilih dulu PDF yang sudah ditandatangani, atau satu .zip berisi PDF-PDF itu."
NOTHING_WAITS = "Tidak ada lagi yang menunggu tanda tangan elektronik."
TOO_LARGE = "Berkasnya gagal disusun. Coba sekali lagi; bila tetap gagal, kabari pengelola situs."
Told = list[tuple[str, Verdict]]


@bp.get("/pelatih/<code>/sertifikat/tte")
def start(code: str) -> str | Answer:
    """Show the sheets that wait, how they go out and how they come back; self-study is signed with ink."""
    trained = training(code)
    return _page(trained) if trained.kind == "bimtek" else give_up(code)


def _page(trained: Training, told: Told | None = None, **faults: str) -> str:
    waiting, more = _waiting(trained)
    officials = [(each.snapshot.signer, each.snapshot.second_signer) for each in waiting]
    return render_template(
        "esign/tte.html",
        cohort=trained,
        waiting=waiting,
        more=more,
        signers=list(dict.fromkeys((front.name, back.name if back else "") for front, back in officials)),
        has_trust=bool(trusted()["akar"]),
        told=told or [],
        kept=KEPT,
        faults=faults,
        most={"files": MOST_FILES, "megabytes": MEGABYTES_OF_FILES, "each": MOST_BYTES // 2**20},
    )


def _waiting(trained: Training) -> tuple[list[IssuedSheet], int]:
    """The sheets that go out next, as many as come back at once and the oldest first; how many wait behind them."""
    ids = waiting_ids(trained.cohort_id)
    sheets = sheets_in(trained.cohort_id, ids=ids[:MOST_FILES])
    return [each for each in sheets if each.state == "menunggu"], len(ids[MOST_FILES:])


@bp.post("/pelatih/<code>/sertifikat/tte.zip")
def hand_out(code: str) -> Response | tuple[str, int]:
    """A PDF for each sheet that goes out next; what they draw is kept, to know them by when they come back."""
    trained = event(code)
    waiting, _ = _waiting(trained)
    if not waiting:
        return _page(trained, unduh=NOTHING_WAITS), 409
    snapshots = [each.snapshot for each in waiting]
    emblems = blobs({each.office.emblem for each in snapshots} - {""})
    try:
        data = single_files(snapshots, emblems, signing_key=current_app.config["SIGNING_KEY"])
        drawn = drawings(data)
    except ChildFailed:
        return _page(trained, unduh=TOO_LARGE), 422
    name = f"tte-{trained.code.lower()}.zip"
    with writing():
        actions.hand_out(dict(zip([each.id for each in waiting], drawn, strict=True)))
        note(trained.viewer.person_id, "berkas diunduh", f"cohort:{trained.cohort_id}", now(), ["name"], name)
    return attachment(data, name)


def _read(file: FileStorage) -> tuple[str, bytes]:
    with closing(file):  # What is large lies in a file until then.
        return file.filename or "", file.read()


@bp.post("/pelatih/<code>/sertifikat/tte")
@takes_files
def bring(code: str) -> str | tuple[str, int]:
    """Answers with what became of each file, whose names are kept nowhere. The same files again change nothing.

    Without a job: a file takes 40 ms, and a job would have to keep files of people and their names about.
    """
    trained, moment = event(code), now()
    try:
        files = uploaded(map(_read, request.files.getlist("berkas")))
    except UploadRefused as refused:
        return _page(trained, berkas=str(refused)), 422
    if not files:
        return _page(trained, berkas=NOTHING), 422
    verdicts = judged([data for _, data in files], trained.cohort_id, moment)
    told: Told = []
    for (name, data), verdict in zip(files, verdicts, strict=True):
        if verdict.certificate_id:
            with writing():
                by, each = trained.viewer.person_id, verdict.certificate_id
                verdict = replace(verdict, outcome=actions.keep_signed(each, data, verdict.said, moment, by=by))
        told.append((name, verdict))
    return _page(trained, told)


@bp.post("/pelatih/<code>/sertifikat/tte/basah")
def give_up(code: str) -> Answer:
    """Lead on to where what waits is issued again, to be signed with ink."""
    return redirect(f"/pelatih/{training(code).code}/sertifikat?bagian=ulang&keadaan=menunggu", 303)


def _chain_page(faults: dict[str, str]) -> tuple[str, int]:
    return signer_page(None, {}, chain_faults=faults), 422


@bp.post(CHAIN)
def add() -> Answer | tuple[str, int]:
    """Believe what is in a PEM or DER file."""
    who, file = admin(), request.files.get("berkas")
    data = file.read(MOST_OF_CHAIN + 1) if file else b""
    try:
        found = trust.read_certificates(data) if len(data) <= MOST_OF_CHAIN else []
    except UploadRefused as refused:
        return _chain_page({"berkas": str(refused)})
    if not 0 < len(found) <= MOST_CERTIFICATES:
        return _chain_page({"berkas": NO_CHAIN})
    with writing():
        trust.trust(found, who.person_id, now())
    return redirect(PLACE, 303)


@bp.post(f"{CHAIN}/<id:trust_id>/keluarkan")
def take_out(trust_id: int) -> Answer | tuple[str, int]:
    """Believe it no longer, for a reason."""
    who, (reason, fault) = admin(), reason_given()
    if fault:
        return _chain_page({f"alasan-{trust_id}": fault})
    with writing():
        found = trust.take_out(trust_id, reason, who.person_id, now())
    if not found:
        abort(404)
    return redirect(PLACE, 303)
