"""The tables. A change here needs a migration beside it; a test holds the two against each other.

Times are ISO 8601 in UTC with a Z, as text: they sort, and mean the same in every engine.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

# constraints are named, so that a later migration can name them on every engine
METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# phone, mail and personal names of a record, one row a field
contact = Table(
    "contact",
    METADATA,
    Column("record", String(120), primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    Column("updated_at", String(32), nullable=False),
)

# one record that somebody sent: accepted at once, or waiting for the secretariat
submission = Table(
    "submission",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("batch", String(40), nullable=False, index=True),
    Column("row", Integer, nullable=False),
    Column("record", String(120), index=True),
    Column("kind", String(20)),
    Column("title", Text),
    Column("state", String(20), nullable=False, index=True),
    Column("source", Text, nullable=False),
    Column("form", String(20), nullable=False),
    Column("body", JSON, nullable=False),
    Column("submitter", String(120), nullable=False),
    Column("report", JSON),
    Column("reason", Text),
    Column("decided_by", String(120)),
    Column("decided_at", String(32)),
    Column("created_at", String(32), nullable=False),
    Column("version", Integer, nullable=False),
)

# the answer to a request that may be sent again; without an answer the request is still being carried out
idempotency_key = Table(
    "idempotency_key",
    METADATA,
    Column("actor", String(120), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    Column("status", Integer),
    Column("answer", JSON),
    Column("created_at", String(32), nullable=False, index=True),
)

# effects that follow a commit to the graph: written before it, carried out after it, replayed at start
outbox = Table(
    "outbox",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("effect", String(40), nullable=False),
    Column("record", String(120), nullable=False),
    Column("content_hash", String(64)),
    Column("payload", JSON, nullable=False),
    Column("created_at", String(32), nullable=False),
)

audit = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", String(32), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("action", String(60), nullable=False),
    Column("object", String(160), nullable=False, index=True),
    Column("detail", JSON),
)

# a pair of issue and technology on its way from suggestion to conclusion
match = Table(
    "match",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("issue", String(120), nullable=False, index=True),
    Column("technology", String(120), nullable=False, index=True),
    Column("region", String(20), nullable=False, index=True),
    Column("state", String(20), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("score", Float),
    Column("evidence", JSON),
    Column("issue_hash", String(64)),
    Column("technology_hash", String(64)),
    Column("publish_issue", Boolean, nullable=False),
    Column("publish_technology", Boolean, nullable=False),
    Column("project", String(120)),
    Column("created_at", String(32), nullable=False),
    Column("updated_at", String(32), nullable=False),
)
Index("uq_match_pair", match.c.issue, match.c.technology, unique=True)

match_event = Table(
    "match_event",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("match", String(40), ForeignKey("match.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("from_state", String(20)),
    Column("to_state", String(20), nullable=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
)
