"""Send everybody who hears of alerts what is open, each Monday.

Reads: `ops`, and `marts` as far as they are built.
Writes: `ops.alert_digests`; a receiver gets one digest a week, however often it runs.
If it fails: `warehouse_docs/runbooks/send_digest.md`.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task

from alerts import send_digests
from dags.wiring import DEFAULT_ARGS
from ingestion.clock import utc_now

MONDAY = CronTriggerTimetable("0 7 * * 1", timezone="UTC", run_immediately=timedelta(0))


@dag(
    schedule=MONDAY,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    dag_display_name="Send the weekly digest",
    doc_md=__doc__,
    tags=["check"],
)
def send_digest() -> None:
    """Send each receiver its own digest."""

    @task
    def write_to_receivers() -> int:
        """Write to everybody who has open alerts; return to how many."""
        return send_digests(utc_now())

    write_to_receivers()


send_digest()
