"""Alembic's entry: the caller brings the connection and its transaction."""

from alembic import context

import lms.db.tables  # noqa: F401 The tables must be known to be compared.
from lms.db.engine import db

context.configure(
    connection=context.config.attributes["connection"], target_metadata=db.metadata, transactional_ddl=True
)
context.run_migrations()
