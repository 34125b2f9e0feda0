"""Write the whole warehouse into one file each night, and remove the oldest.

Reads: every schema of the warehouse.
Writes: a file in the folder `WAREHOUSE_BACKUPS`; it holds people's names and is as
closed as `raw`.
If it fails: `warehouse_docs/runbooks/back_up.md`.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task

from dags.wiring import DEFAULT_ARGS
from ingestion.clock import utc_now
from warehouse.backups import back_up as write_backup

NIGHTLY = CronTriggerTimetable(
    "30 4 * * *", timezone="UTC", run_immediately=timedelta(0)
)


@dag(
    schedule=NIGHTLY,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    dag_display_name="Back up the warehouse",
    doc_md=__doc__,
    tags=["keep"],
)
def back_up() -> None:
    """Write one backup, in one task."""

    @task
    def write_file() -> str:
        """Write one file and remove the oldest; its path is what the task returns."""
        return str(write_backup(utc_now()).file)

    write_file()


back_up()
