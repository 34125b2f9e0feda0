"""Alerts: what is wrong, who was told, whose digest was sent. No data are touched."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables from version 0001 to 0002."""
    op.create_table(
        "alerts",
        sa.Column(
            "alert_id", sa.BigInteger, sa.Identity(always=True), primary_key=True
        ),
        sa.Column("cause_id", sa.Text, nullable=False),
        sa.Column("kind_code", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("site_code", sa.Text),
        sa.Column("severity_code", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("what_to_do", sa.Text, nullable=False),
        sa.Column(
            "seen_count", sa.Integer, nullable=False, server_default=sa.text("0")
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        schema="ops",
    )
    op.create_index(
        "alerts_open_cause",
        "alerts",
        ["cause_id"],
        unique=True,
        schema="ops",
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "alert_deliveries",
        sa.Column("alert_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("receiver_name", sa.Text, primary_key=True),
        sa.Column("event_code", sa.Text, primary_key=True),
        sa.Column(
            "attempt_count", sa.Integer, nullable=False, server_default=sa.text("0")
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("failure", sa.Text),
        schema="ops",
    )
    op.create_table(
        "alert_digests",
        sa.Column("receiver_name", sa.Text, primary_key=True),
        sa.Column("week_start", sa.Date, primary_key=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        schema="ops",
    )
