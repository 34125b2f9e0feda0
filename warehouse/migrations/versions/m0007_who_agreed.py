"""Who froze a release and who closed an alert by hand. No data change."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables from version 0006 to 0007."""
    op.add_column("frozen_releases", sa.Column("frozen_by", sa.Text), schema="ops")
    op.add_column("alerts", sa.Column("closed_by", sa.Text), schema="ops")
    op.add_column("alerts", sa.Column("close_reason", sa.Text), schema="ops")
