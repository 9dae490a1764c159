"""The parts that this room gives to the site."""

from lms.authoring import desk_views, editor_views, exchange_views, publish_views
from lms.web.above import RoomParts

ROOM = RoomParts(
    (desk_views.bp, editor_views.bp, exchange_views.bp, publish_views.bp),
    children={"rows_of": "lms.authoring.intake.sheet:rows_of"},
)
