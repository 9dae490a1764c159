"""The parts that this room gives to the site."""

from lms.people import double_views, job_views, key_views, mydata_views, staff_views, views
from lms.web.above import RoomParts

ROOM = RoomParts(
    (*(double_views.bp, job_views.bp, key_views.bp), *(mydata_views.bp, staff_views.bp, views.bp)),
    children={"for_emblem": "lms.people.emblem:for_emblem"},
    moved={"/kelola/permintaan": "/kelola#permintaan"},
)
