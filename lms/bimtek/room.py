"""The parts that this room gives to the site."""

from lms.bimtek import hall_views, part_views, plan_views, survey_views, views
from lms.web.above import RoomParts

ROOM = RoomParts(
    (hall_views.bp, part_views.bp, plan_views.bp, survey_views.bp, views.bp),
    moved={f"{hall_views.MEETING}/daftar": "/pelatih/{code}/hadir/{meeting_id}?bagian=daftar"},
)
