"""Coverage: where a course has reached, as a map of tiles and a table, and the villages to invite next."""

from collections import Counter

from flask import Blueprint, abort, render_template, request
from werkzeug import Response

from lms.cohort import desk_queries as queries
from lms.cohort.desk_queries import courses
from lms.course.load import EditionView
from lms.paper.printing import attachment, workbook
from lms.people.access import staff
from lms.web.clock import now, today
from lms.web.security import may_be_compressed

bp = Blueprint("coverage", __name__)

WORDS = {"sudah": "sudah ada yang terlatih", "sedang": "sedang belajar", "belum": "belum ada"}
HEADING = [("No.", 5), ("Kecamatan", 20), ("Desa atau kelurahan", 26), ("Jenis", 12), ("Keadaan", 26)]


@bp.get("/pelatih/jangkauan")
def reach() -> str:
    """The map and the table of a course."""
    staff()
    published, course_id = _wanted()
    districts = queries.covered(course_id)
    may_be_compressed()
    return render_template(
        "cohort/jangkauan.html",
        courses=published,
        edition=published.get(course_id),
        districts=districts,
        counts=Counter(state for each in districts for state in each.states.values()),
        words=WORDS,
        today=today(),
    )


def _wanted() -> tuple[dict[int, EditionView], int]:
    """(the published courses, the one that is asked for or the first for participants, 0 for none); 404 elsewhere."""
    published, slug = courses(), request.args.get("kursus", "")
    found = {number: edition.slug for number, edition in published.items() if slug in ("", edition.slug)}
    if slug and not found:
        abort(404)
    return published, min(found, key=lambda number: published[number].course.for_trainers, default=0)


@bp.get("/pelatih/jangkauan/belum.xlsx")
def without() -> Response:
    """The villages with nobody trained, for the next invitation."""
    staff()
    published, course_id = _wanted()
    title = published[course_id].course.title if course_id else "belum ada kursus"
    spots = [spot for each in queries.covered(course_id) for spot in each.states.items() if spot[1] != "sudah"]
    rows = [
        (number, village.district, village.name, village.kind, WORDS[state])
        for number, (village, state) in enumerate(spots, start=1)
    ]
    told = f"Desa dan kelurahan tanpa PSM terlatih: {title}"
    sheet = {"name": "Belum", "title": told, "heading": HEADING, "rows": rows}
    return attachment(workbook(told, now(), [sheet]), "desa-belum-terlatih.xlsx")
