"""The same person found twice: likely doubles of a cohort, two people side by side, made one, made two again."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.db.engine import writing
from lms.people import union
from lms.people.access import Training, row_id, training
from lms.people.regions import villages
from lms.people.union import Found
from lms.web.clock import now
from lms.web.paging import paged

bp = Blueprint("doubles", __name__, url_prefix="/pelatih/<code>/ganda")

PAIR = "/<id:membership_id>/<id:other_id>"
PAGE = 20


def _pair(code: str, membership_id: int, other_id: int) -> tuple[Training, tuple[Found, Found]]:
    """Return two participants of the viewer who are one person or may become one; 404 for any others."""
    trained = training(code)
    found = union.pair(trained, membership_id, other_id) or abort(404)
    return trained, found


@bp.get("")
def listed(code: str) -> str:
    """Show the participants who may be one person, and those who were made one."""
    trained = training(code)
    groups = union.likely(trained)
    place = paged(len(groups), PAGE, row_id(request.args.get("hal")))
    return render_template(
        "people/ganda.html",
        trained=trained,
        groups=groups[(place.page - 1) * PAGE : place.page * PAGE],
        place=place,
        merged=union.merged(trained),
    )


@bp.get(PAIR)
def compare(code: str, membership_id: int, other_id: int) -> str:
    """Both side by side; which one stays is proposed, and can be turned round."""
    return _pair_page(*_pair(code, membership_id, other_id))


def _pair_page(trained: Training, both: tuple[Found, Found]) -> str:
    weights = union.weights(both, now())

    def heavy(who: Found) -> tuple[int, int, int, float]:
        """Return a weight: more for a participant who has done more, then for one who was there first."""
        held = weights[who.Person.id]
        return held.certificates, held.lessons, held.attempts, -who.Membership.joined_at.timestamp()

    merged = union.gone_of(*both)
    gone = merged or _other_than(request.values.get("tetap"), both) or min(both, key=heavy)
    return render_template(
        "people/banding.html",
        trained=trained,
        both=both,
        stays=both[both[0] is gone],
        gone=gone,
        gone_from=villages().get(gone.Person.region or ""),
        merged=merged is not None,
        asking=[who.Person.name for who in both if who.asks_erasure],
        weights=weights,
    )


def _other_than(stays: str | None, both: tuple[Found, Found]) -> Found | None:
    """Return the participant who goes when the first or the second of the address stays."""
    return {"1": both[1], "2": both[0]}.get(stays or "")


@bp.post(PAIR + "/gabung")
def merge(code: str, membership_id: int, other_id: int) -> Response | tuple[str, int]:
    """Make them one; pressed again they are."""
    trained, both = _pair(code, membership_id, other_id)
    gone = _other_than(request.form.get("tetap"), both)
    if gone is None:
        abort(400)
    stays = both[both[0] is gone]
    with writing():
        merged = union.merge(stays.Person.id, gone.Person.id, trained.viewer.person_id, now())
    if not merged and union.gone_of(*both) is None:
        return _pair_page(*_pair(code, membership_id, other_id)), 422
    return redirect(f"/pelatih/{trained.code}/ganda#sudah", 303)


@bp.post(PAIR + "/pisah")
def separate(code: str, membership_id: int, other_id: int) -> Response:
    """Make them two again; pressed again they are."""
    trained, both = _pair(code, membership_id, other_id)
    gone = union.gone_of(*both)
    if gone is not None:
        with writing():
            union.separate(gone.Person.id, trained.viewer.person_id, now())
    return redirect(f"/pelatih/{trained.code}/ganda", 303)
