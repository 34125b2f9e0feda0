"""See each month whether yearly prices, factors or rates have moved.

The seeds are reviewed like code, so it writes nothing unless it is told to: where
values moved it fails, and the alert says that somebody should refresh them.
Reads: the World Bank's API.
Writes: with `write`, the seeds of `dbt_project/seeds` on the machine that runs it.
If it fails: `warehouse_docs/runbooks/refresh_prices.md`.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag, task

from dags.wiring import DEFAULT_ARGS
from ingestion.clock import utc_now
from warehouse.prices import require_current

MONTHLY = CronTriggerTimetable(
    "0 5 5 * *", timezone="UTC", run_immediately=timedelta(0)
)


@dag(
    schedule=MONTHLY,
    catchup=False,
    max_active_runs=1,
    params={
        "write": Param(
            False,  # noqa: FBT003 - the default of a parameter that people see
            type="boolean",
            description="Write what moved into the seeds, to be read and committed.",
        )
    },
    render_template_as_native_obj=True,
    default_args=DEFAULT_ARGS,
    dag_display_name="Compare prices with the publisher",
    doc_md=__doc__,
    tags=["transform"],
)
def refresh_prices() -> None:
    """Compare the seeds with the publisher in one task."""

    @task
    def compare_prices(write: bool) -> list[str]:  # noqa: FBT001 - a parameter
        """List what moved; write it into the seeds where that is asked for."""
        return require_current(utc_now().date(), write=write)

    compare_prices("{{ params.write }}")  # type: ignore[arg-type]  # rendered as it is


refresh_prices()
