"""The parts that this room gives to the site."""

from lms.cohort import coverage_views, desk_views, entry_views, member_views, views
from lms.web.above import RoomParts

ROOM = RoomParts((coverage_views.bp, desk_views.bp, entry_views.bp, member_views.bp, views.bp))
