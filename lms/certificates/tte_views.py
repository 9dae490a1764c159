"""Signed PDFs come back, many at once: each is judged, kept byte for byte or refused with its reason."""

from contextlib import closing
from dataclasses import replace

from flask import Blueprint, render_template, request
from werkzeug.datastructures import FileStorage

from lms.certificates import actions
from lms.certificates.candidates import lot
from lms.certificates.signing import KEPT, Verdict, judged, trusted
from lms.core.signing import MOST_BYTES, MOST_FILES, Refused, uploaded
from lms.database import writing
from lms.web.access import Training, event
from lms.web.clock import now
from lms.web.security import takes_files

bp = Blueprint("signing", __name__)

MEGABYTES = 15
NOTHING = "Pilih dulu PDF yang sudah ditandatangani, atau satu .zip berisi PDF-PDF itu."
Told = list[tuple[str, Verdict]]


@bp.get("/pelatih/<code>/sertifikat/tte")
def start(code: str) -> str:
    """What waits, how it goes out and comes back."""
    return _page(event(code))


def _page(trained: Training, fault: str = "", told: Told | None = None) -> str:
    sheets = [each.sheet for each in lot(trained).candidates if each.sheet]
    waiting = [each for each in sheets if each.state == "menunggu"]
    officials = [(each.snapshot.signer, each.snapshot.second_signer) for each in waiting]
    return render_template(
        "certificates/tte.html",
        cohort=trained,
        waiting=waiting,
        signers=list(dict.fromkeys((front.name, back.name if back else "") for front, back in officials)),
        has_trust=bool(trusted()["akar"]),
        told=told or [],
        kept=KEPT,
        fault=fault,
        most={"files": MOST_FILES, "megabytes": MEGABYTES, "each": MOST_BYTES // 2**20},
    )


def _read(file: FileStorage) -> tuple[str, bytes]:
    with closing(file):  # What is large lies in a file until then.
        return file.filename or "", file.read()


@bp.post("/pelatih/<code>/sertifikat/tte")
@takes_files(MEGABYTES)
def bring(code: str) -> str | tuple[str, int]:
    """Answers with what became of each file, whose names are kept nowhere. The same files again change nothing."""
    trained, moment = event(code), now()
    try:
        files = uploaded(map(_read, request.files.getlist("berkas")))
    except Refused as refused:
        return _page(trained, str(refused)), 422
    if not files:
        return _page(trained, NOTHING), 422
    verdicts = judged([data for _, data in files], trained.cohort_id, moment)
    told: Told = []
    for (name, data), verdict in zip(files, verdicts, strict=True):
        if verdict.certificate_id:
            with writing():
                by, each = trained.viewer.person_id, verdict.certificate_id
                verdict = replace(verdict, outcome=actions.keep_signed(each, data, verdict.said, moment, by=by))
        told.append((name, verdict))
    return _page(trained, told=told)
