"""Runs are in the order in which they began, whatever the clock said meanwhile."""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ADD_NUMBER = """
alter table ops.sync_runs add column run_number bigint
"""
NUMBER = """
update ops.sync_runs as runs
set run_number = ordered.run_number
from (
    select run_id, row_number() over (order by started_at, run_id) as run_number
    from ops.sync_runs
) as ordered
where runs.run_id = ordered.run_id
"""
REQUIRE_NUMBER = """
alter table ops.sync_runs
    alter column run_number set not null,
    alter column run_number add generated always as identity
"""
GO_ON_FROM_LAST = """
select setval(
    pg_get_serial_sequence('ops.sync_runs', 'run_number'),
    coalesce(max(run_number), 0) + 1,
    false
)
from ops.sync_runs
"""


def upgrade() -> None:
    """Bring a database of version 0004 to this one."""
    for statement in (ADD_NUMBER, NUMBER, REQUIRE_NUMBER, GO_ON_FROM_LAST):
        op.execute(statement)
    op.drop_index("sync_runs_form_id", table_name="sync_runs", schema="ops")
    op.create_index(
        "sync_runs_run_number", "sync_runs", ["form_id", "run_number"], schema="ops"
    )
