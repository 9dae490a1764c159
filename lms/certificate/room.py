"""The parts that this room gives to the site."""

from lms.certificate import check_views, cohort_views, office_views, queries, revision_views, revisions, snapshot, views
from lms.web.above import RoomParts

ROOM = RoomParts(
    (check_views.bp, cohort_views.bp, office_views.bp, revision_views.bp, views.bp),
    above={
        "certificate_state": snapshot.state,
        "certificates_of": queries.certificates_of,
        "numbers_of": queries.numbers_of,
        "own_sheet": queries.own_sheet,
        "sheet_in_force": queries.sheet_in_force,
        "sheets_in": queries.sheets_in,
        "waiting_ids": queries.waiting_ids,
    },
    jobs={
        cohort_views.KIND: cohort_views.issue_some,
        revisions.KIND: revisions.revise_some,
        "cetak-pdf": cohort_views.print_some,
        "cetak-zip": cohort_views.print_some,
    },
    moved={
        "/cek/kertas": "/cek",
        "/cek/lapor": "/cek",
        "/cek/<token>/lapor": "/cek/{token}",
        "/pelatih/<code>/sertifikat/ulang": "/pelatih/{code}/sertifikat?bagian=ulang",
        "/pelatih/<code>/sertifikat/isi": "/pelatih/{code}/sertifikat#tercetak",
        "/kelola/kertas": "/kelola/register",
        "/kelola/kertas/<paper_batch>": "/kelola/register",
        "/kelola/laporan": "/kelola",
        "/kelola/nomor": "/kelola/nomor/bimtek",
        "/sertifikat/rekam": "/saya#sertifikat",
    },
)
