"""Land every registered form in the raw schema, every night.

Reads: the form servers and file drops of the registry, `ingestion/sites.yml`.
Writes: `raw`, `pii` and `ops`; landing the same submission twice changes nothing.
Announces: `warehouse://raw`, once per run, when every form was tried and one landed.
One broken form does not hold up the dashboards; the run is red all the same.
If it fails: `warehouse_docs/runbooks/ingest_forms.md`.
"""

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import CronTriggerTimetable, TriggerRule, dag, task

from dags.metrics import measured
from dags.wiring import RAW, as_role, deadline
from ingestion.landing import all_forms, land_form, land_registry

FORMS_AT_ONCE = 2  # over all runs: a form server is shared with the people in the field


# The first run is that of the next night: a pull brings all there is, so there is
# nothing to catch up with. A plain cron text would run at once soon after the hour.
NIGHTLY = CronTriggerTimetable(
    "0 2 * * *", timezone="UTC", run_immediately=timedelta(0)
)


@dag(
    schedule=NIGHTLY,
    catchup=False,
    max_active_runs=1,
    deadline=deadline("ingest_forms", hours=4),
    default_args=as_role("loader"),
    dag_display_name="Land the forms",
    doc_md=__doc__,
    tags=["ingest"],
)
def ingest_forms() -> None:
    """Fan out over the registered forms, one mapped task each."""

    @task
    def land_sites() -> dict[str, int]:
        """Write the registry's sites, cohorts and forms into `raw`."""
        return land_registry()

    @task
    def list_forms() -> list[str]:
        """List the forms, for one task each."""
        return [form["name"] for form in all_forms()]

    @task(
        doc_md="Land what changed; counts are in `ops.sync_runs` and returned.",
        max_active_tis_per_dag=FORMS_AT_ONCE,
        map_index_template="{{ task.op_kwargs['form'] }}",
    )
    def land_submissions(form: str) -> dict[str, Any]:
        return measured("landing", land_form(form).as_dict(), form)

    # One task announces what several have landed: with the outlet on the mapped task,
    # the transformation would start once per form. Each form was reconciled with its
    # server where it landed, so whatever has landed may be read.
    @task(outlets=[RAW], trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS)
    def announce_raw() -> None:
        """Tell whoever reads raw that it has changed."""

    # The last tasks decide the colour of a run: this one is red when any form failed.
    # Without a callback of success Airflow need not start it.
    require_all_forms = EmptyOperator(
        task_id="require_all_forms",
        doc_md="Be red when any form did not land.",
        on_success_callback=None,
    )

    forms = list_forms()
    land_sites() >> forms
    land_submissions.expand(form=forms) >> [announce_raw(), require_all_forms]


ingest_forms()
