"""The parts that this room gives to the site."""

from lms.roster import actions, invitation_views, views
from lms.web.above import RoomParts

ROOM = RoomParts(
    (invitation_views.bp, views.bp),
    above={"blank_rows": actions.blank_rows},
    jobs={"impor": views.write_some, "batal-impor": views.undo_some},
    children={"judge": "lms.roster.people:judge", "read_roster": "lms.roster.reading:read_roster"},
)
