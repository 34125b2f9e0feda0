"""Access and the least families of a shared figure: tables that did not exist."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables from version 0002 to 0003."""
    op.create_table(
        "registry__sharing",
        sa.Column("audience_code", sa.Text, primary_key=True),
        sa.Column("least_family_count", sa.Integer, nullable=False),
        sa.Column("is_audience_of_share", sa.Boolean, nullable=False),
        sa.Column(
            "landed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
        ),
        schema="raw",
    )
    op.create_table(
        "access_changes",
        sa.Column(
            "change_id", sa.BigInteger, sa.Identity(always=True), primary_key=True
        ),
        sa.Column("role_name", sa.Text, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column(
            "changed_by",
            sa.Text,
            nullable=False,
            server_default=sa.text("session_user"),
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
        ),
        schema="ops",
    )
    op.create_table(
        "query_log",
        sa.Column("session_id", sa.Text, primary_key=True),
        sa.Column("line_number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("role_name", sa.Text, nullable=False),
        sa.Column("database_name", sa.Text, nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("relations", ARRAY(sa.Text), nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
        sa.Column("milliseconds", sa.Numeric(14, 3)),
        sa.Column("error_code", sa.Text),
        schema="ops",
    )
    op.create_index("query_log_logged_at", "query_log", ["logged_at"], schema="ops")
    op.create_table(
        "approvals",
        sa.Column(
            "approval_id", sa.BigInteger, sa.Identity(always=True), primary_key=True
        ),
        sa.Column("approval_code", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("approved_by", sa.Text, nullable=False),
        sa.Column("run_id", sa.Uuid),
        sa.Column(
            "approved_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
        ),
        schema="ops",
    )
