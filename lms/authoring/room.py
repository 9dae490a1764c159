"""The parts that this room gives to the site."""

from lms.authoring import desk_views, editor_views, exchange_views, publish_views
from lms.web.above import RoomParts

ROOM = RoomParts(
    (desk_views.bp, editor_views.bp, exchange_views.bp, publish_views.bp),
    children={"rows_of": "lms.authoring.intake.sheet:rows_of"},
    moved={
        "/pelatih/kursus/baru": "/pelatih/kursus#baru",
        "/pelatih/kursus/baru-dari-zip": "/pelatih/kursus#zip-baru",
        "/pelatih/kursus/<slug>/gambar/<path:path>": "/pelatih/kursus/{slug}/gambar?pelajaran={path}",
        "/pelatih/kursus/<slug>/laporan/<path:path>": "/pelatih/kursus/{slug}#laporan",
        "/pelatih/kursus/<slug>/terbitan": "/pelatih/kursus/{slug}/terbitkan#terbitan",
    },
)
