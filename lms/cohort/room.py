"""The parts that this room gives to the site."""

from lms.cohort import desk_views, entry_views, hub_views, member_views, views
from lms.web.above import RoomParts

PERSON = "/pelatih/{code}/anggota/{membership_id}"

ROOM = RoomParts(
    (desk_views.bp, entry_views.bp, hub_views.bp, member_views.bp, views.bp),
    moved={
        "/pelatih/<code>/acara": "/pelatih/{code}",
        "/pelatih/<code>/catatan": "/pelatih/{code}/kotak?bagian=catatan",
        "/pelatih/<code>/macet": "/pelatih/{code}?saring=macet",
        "/pelatih/<code>/acara/isian": "/pelatih/{code}/data",
        f"{member_views.MEMBER}/nomor": PERSON,
        **{f"{member_views.MEMBER}/{name}": f"{PERSON}/bantu" for name in ("data", "kartu", "kode")},
    },
)
