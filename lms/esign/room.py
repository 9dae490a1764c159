"""The parts that this room gives to the site when it is there; `boot/app.py` reads them."""

from lms.esign import queries, revisions, views

BLUEPRINTS = (views.bp,)
ABOVE = {"signed_file": queries.signed_file, "signed_in": queries.signed_in, "trusted": queries.trusted}
JOBS = {revisions.KIND: revisions.revise_some}
ENTRY_POINTS = {
    "drawings": "lms.esign.signed_pdf:drawings",
    "looked_at": "lms.esign.signed_pdf:looked_at",
}
