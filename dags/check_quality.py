"""Look at forms, builds and sites, and tell who can mend what is wrong.

Reads: `ops`, and `marts` as far as they are built.
Writes: `ops.alerts` and `ops.alert_deliveries`; sends what was not told yet.
Runs each morning, when nothing has run as well, and whenever the marts have changed.
If it fails: `warehouse_docs/runbooks/check_quality.md`.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task

from alerts import check
from dags.metrics import measured
from dags.wiring import DEFAULT_ARGS, MARTS
from ingestion.clock import utc_now

# Its own clock: where everything stands still, no change of data would wake it.
MORNING = CronTriggerTimetable(
    "0 6 * * *", timezone="UTC", run_immediately=timedelta(0)
)


@dag(
    schedule=AssetOrTimeSchedule(timetable=MORNING, assets=[MARTS]),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    dag_display_name="Check data and runs",
    doc_md=__doc__,
    tags=["check"],
)
def check_quality() -> None:
    """Open, tell and close alerts in one task."""

    @task
    def find_problems() -> dict[str, Any]:
        """Open, tell and close alerts; they are in `ops.alerts`."""
        return measured("check", check(utc_now()).as_dict())

    find_problems()


check_quality()
