"""The parts that this room gives to the site."""

from lms.quiz import exam_desk_views, exam_views, ruling_views, views
from lms.web.above import RoomParts

ROOM = RoomParts(
    (exam_desk_views.bp, exam_views.bp, ruling_views.bp, views.bp),
    jobs={exam_desk_views.GRADING: exam_desk_views.grade_unsent},
    moved={
        "/pelatih/<code>/tes/<which>/narasumber": "/pelatih/{code}/tes?bagian={which}",
        "/pelatih/<code>/tes/<which>/soal": "/pelatih/{code}/tes?bagian={which}",
        "/pelatih/<code>/tes/peningkatan": "/pelatih/{code}/tes?bagian=peningkatan",
    },
)
