"""Reads about coverage: counts of villages, never who lives there."""

from lms.cohort.coverage import Coverage, coverage
from lms.cohort.desk_queries import regions
from lms.db.engine import read
from lms.db.tables import Cohort
from lms.people.access import COHORTS, CohortFacts


def covered(course_id: int) -> Coverage:
    """Which villages have somebody trained in a course, in whichever of its cohorts."""
    rows = read(COHORTS.where(Cohort.course_id == course_id))
    return coverage(regions([CohortFacts(*row) for row in rows]))
