"""The parts that this room gives to the site."""

from lms.learn import actions, inquiry_views, queries, views
from lms.web.above import RoomParts

ROOM = RoomParts(
    (inquiry_views.bp, views.bp),
    above={
        "case_step": queries.case_step,
        "finish_lesson": actions.finish_lesson,
        "lesson_step": queries.lesson_step,
        "next_step": queries.next_step,
        "progress": queries.progress,
    },
)
