"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "contact",
        sa.Column("record", sa.String(120), primary_key=True),
        sa.Column("field", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("actor", sa.String(120), primary_key=True),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("answer", sa.JSON),
        sa.Column("created_at", sa.String(32), nullable=False, index=True),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("effect", sa.String(40), nullable=False),
        sa.Column("record", sa.String(120), nullable=False),
        sa.Column("content_hash", sa.String(64)),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("object", sa.String(160), nullable=False, index=True),
        sa.Column("detail", sa.JSON),
    )
    _submissions()
    _matches()


def _submissions() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("batch", sa.String(40), nullable=False, index=True),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("record", sa.String(120), index=True),
        sa.Column("kind", sa.String(20)),
        sa.Column("title", sa.Text),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("form", sa.String(20), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("submitter", sa.String(120), nullable=False),
        sa.Column("report", sa.JSON),
        sa.Column("reason", sa.Text),
        sa.Column("decided_by", sa.String(120)),
        sa.Column("decided_at", sa.String(32)),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )


def _matches() -> None:
    op.create_table(
        "match",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("issue", sa.String(120), nullable=False, index=True),
        sa.Column("technology", sa.String(120), nullable=False, index=True),
        sa.Column("region", sa.String(20), nullable=False, index=True),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("evidence", sa.JSON),
        sa.Column("issue_hash", sa.String(64)),
        sa.Column("technology_hash", sa.String(64)),
        sa.Column("publish_issue", sa.Boolean, nullable=False),
        sa.Column("publish_technology", sa.Boolean, nullable=False),
        sa.Column("project", sa.String(120)),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
    )
    op.create_index("uq_match_pair", "match", ["issue", "technology"], unique=True)
    op.create_table(
        "match_event",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("match", sa.String(40), sa.ForeignKey("match.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("from_state", sa.String(20)),
        sa.Column("to_state", sa.String(20), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
    )
