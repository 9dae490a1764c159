"""The tables: columns and constraints, no queries."""

from lms.db.tables.certificates import *
from lms.db.tables.cohorts import *
from lms.db.tables.courses import *
from lms.db.tables.learning import *
from lms.db.tables.people import *
