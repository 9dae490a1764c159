"""The parts that this room gives to the site when it is there."""

from lms.esign import queries, trust, views
from lms.web.above import RoomParts

ROOM = RoomParts(
    (views.bp,),
    above={"signed_file": queries.signed_file, "trusted": queries.trusted, "trust_lines": trust.lines},
    children={"drawings": "lms.esign.signed_pdf:drawings", "looked_at": "lms.esign.signed_pdf:looked_at"},
    moved={views.CHAIN: views.PLACE},
)
