"""The parts that this room gives to the site."""

from lms.certificate import (
    cohort_views,
    crew_views,
    difference_views,
    exemption_views,
    office_views,
    paper_views,
    queries,
    record_views,
    snapshot,
    views,
)
from lms.web.above import RoomParts

ROOM = RoomParts(
    (
        *(cohort_views.bp, crew_views.bp, difference_views.bp, exemption_views.bp),
        *(office_views.bp, paper_views.bp, record_views.bp, views.bp),
    ),
    above={
        "certificate_state": snapshot.state,
        "certificates_of": queries.certificates_of,
        "numbers_of": queries.numbers_of,
        "own_sheet": queries.own_sheet,
        "sheet_in_force": queries.sheet_in_force,
        "sheets_in": queries.sheets_in,
        "waiting_ids": queries.waiting_ids,
    },
    jobs={cohort_views.KIND: cohort_views.issue_some},
    children={"read_papers": "lms.certificate.paper_reading:read_papers"},
)
