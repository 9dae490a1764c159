"""The parts that this room gives to the site."""

from lms.cohort import desk_views, entry_views, member_views, views
from lms.web.above import RoomParts

ROOM = RoomParts((desk_views.bp, entry_views.bp, member_views.bp, views.bp))
