"""Reads about coverage: counts of villages, never who lives there."""

from lms.core.coverage import Coverage, coverage
from lms.database import read
from lms.desk.queries import regions
from lms.models import Cohort
from lms.web.access import COHORTS, CohortFacts


def covered(course_id: int) -> Coverage:
    """Which villages have somebody trained in a course, in whichever of its cohorts."""
    rows = read(COHORTS.where(Cohort.course_id == course_id))
    return coverage(regions([CohortFacts(*row) for row in rows]))
