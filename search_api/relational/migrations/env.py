"""What Alembic runs: the steps go over the connection that ``database`` hands it, inside its transaction."""

from __future__ import annotations

from alembic import context

from search_api.relational.tables import METADATA

# SQLite cannot alter most of a table in place: Alembic then copies it
context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
context.run_migrations()
