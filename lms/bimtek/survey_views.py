"""The survey: a participant answers it once, without name; a trainer opens, closes and reads it."""

from flask import Blueprint, abort, current_app, redirect, render_template, request
from werkzeug import Response

from lms.bimtek import actions, queries
from lms.bimtek.survey import LONGEST, WRITTEN_FIELDS, SentSurvey, parts_for, read
from lms.db.engine import writing
from lms.people.access import Part, Training, refuse_closed, seat, training
from lms.web.clock import now
from lms.web.security import may_be_compressed

bp = Blueprint("survey", __name__)


@bp.get("/survei/<code>")
def survey(code: str) -> str:
    """The questions; or thanks, or why it can't be answered."""
    return _page(seat(code))


@bp.post("/survei/<code>")
def send(code: str) -> Response | tuple[str, int]:
    """Send all of it at once, with questions left out only when that is meant: nobody can add to it later.

    SentSurvey again it changes nothing; who only tries it sends nothing.
    """
    mine = seat(code)
    refuse_closed(mine)
    sent = read(parts_for(queries.speakers(mine.cohort_id)), request.form)
    if sent.faults or (sent.left_out and request.form.get("cukup") != "ya"):
        return _page(mine, sent), 422
    if not mine.trial:
        with writing():
            kept = actions.send_survey(mine.cohort_id, mine.membership_id, sent.answers, now())
        if not kept:
            return _page(mine), 409
    return redirect(f"/survei/{mine.code}", 303)


def _page(mine: Part, again: SentSurvey | None = None) -> str:
    return render_template(
        "bimtek/survei.html",
        cohort=mine,
        state=queries.state_of(mine.cohort_id),
        now=now(),
        sent=queries.has_sent(mine.membership_id),
        parts=parts_for(queries.speakers(mine.cohort_id)),
        written=WRITTEN_FIELDS,
        longest=LONGEST,
        typed=request.form,
        faults=again.faults if again else {},
        left_out=again.left_out if again else (),
        again=again is not None,
    )


@bp.get("/pelatih/<code>/survei")
def results(code: str) -> str:
    """How many sent it; once it is over, what may be told."""
    return _results(training(code))


@bp.post("/pelatih/<code>/survei")
def change(code: str) -> Response | tuple[str, int]:
    """Open it, or close it once it was said that this is meant."""
    trained, wanted = training(code), request.form.get("aksi", "")
    act = {"buka": actions.open_survey, "tutup": actions.close_survey}.get(wanted)
    if act is None:
        abort(400)
    if wanted == "buka":
        refuse_closed(trained)
    elif request.form.get("yakin") != "ya":
        return _results(trained, "Beri tanda dulu bahwa survei memang akan ditutup, lalu tekan lagi."), 422
    with writing():
        act(trained.cohort_id, trained.viewer.person_id, now())
    return redirect(f"/pelatih/{trained.code}/survei", 303)


def _results(trained: Training, fault: str = "") -> str:
    may_be_compressed()
    moment = now()
    summary = queries.summary(trained.cohort_id, moment)
    return render_template(
        "bimtek/hasil.html",
        cohort=trained,
        state=queries.state_of(trained.cohort_id),
        now=moment,
        speakers=[] if summary else queries.speakers(trained.cohort_id),
        summary=summary,
        address=f"{current_app.config['PUBLIC_URL']}/survei/{trained.code}",
        fault=fault,
    )
