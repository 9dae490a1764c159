"""The parts that this room gives to the site."""

from lms.report import queries, views
from lms.web.above import RoomParts

ROOM = RoomParts((views.bp,), jobs={queries.KIND: views.gather})
