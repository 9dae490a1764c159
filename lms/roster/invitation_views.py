"""Cards, a poster and messages for those who are invited."""

from flask import Blueprint, Response, abort, render_template, request

from lms.db.engine import writing
from lms.paper.printing import attachment
from lms.people.access import refuse_closed, row_id, training
from lms.people.actions import note_shown
from lms.roster import queries
from lms.roster.invitation import event_lines, group_message, personal_message, poster
from lms.web.clock import now
from lms.web.paging import paged
from lms.web.security import show_nobody_else

bp = Blueprint("invitation", __name__, url_prefix="/pelatih/<code>/undangan")


@bp.route("", methods=["GET", "POST"])
def invitation(code: str) -> str:
    """Show what can be printed and sent; nobody's number or card is on it.

    By POST with numbers and the links of cards; whose they were is noted.
    """
    trained = training(code)
    if request.method == "POST":
        refuse_closed(trained)
    page = row_id(request.values.get("hal")) or 1
    people, count = queries.invited(trained.cohort_id, page)
    place = paged(count, queries.INVITED, page)
    if page > place.pages:
        people, _ = queries.invited(trained.cohort_id, place.pages)
    lines, messages = event_lines(trained), {}
    if request.method == "POST" and people:
        messages = {who.person_id: personal_message(trained, who, lines) for who in people}
        with writing():
            note_shown(trained, messages, "undangan ditampilkan", ["phone", "card_hash"], now())
    show_nobody_else()
    return render_template(
        "roster/undangan.html",
        cohort=trained,
        group=group_message(trained, lines),
        people=people,
        count=count,
        messages=messages,
        place=place,
    )


@bp.get("/poster.pdf")
def poster_page(code: str) -> Response:
    """The poster with the code for joining, while joining is open."""
    trained = training(code)
    if not trained.is_open:
        abort(409)
    return attachment(poster(trained), f"poster-{trained.code.lower()}.pdf")
