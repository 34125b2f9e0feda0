"""Keep on record what readers asked of the warehouse, before its server forgets it.

Reads: the Postgres server's own log of the roles that read.
Writes: `ops.query_log`: who, when, which tables, and the statement, less what it
asked for; what is older than a year is forgotten.
If it fails: `warehouse_docs/runbooks/collect_audit.md`.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task

from dags.wiring import DEFAULT_ARGS
from ingestion.clock import utc_now
from warehouse.audit import collect

NIGHTLY = CronTriggerTimetable(
    "45 3 * * *", timezone="UTC", run_immediately=timedelta(0)
)


@dag(
    schedule=NIGHTLY,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    dag_display_name="Collect who asked what",
    doc_md=__doc__,
    tags=["keep"],
)
def collect_audit() -> None:
    """Read the server's log on from where the last run ended, in one task."""

    @task
    def read_log() -> dict[str, Any]:
        """Read the server's log on; what was asked is in `ops.query_log`."""
        found = collect(utc_now())
        return {"new": found.new_count, "forgotten": found.forgotten_count}

    read_log()


collect_audit()
