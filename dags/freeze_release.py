"""Build what was known at a cut-off and freeze it, once a person agrees.

Give the code of a row of `dbt_project/seeds/releases.csv` and its last day. It asks
under *Required actions*, because a frozen release is never written again.
Reads: `raw`, and the seeds.
Writes: a schema of its own, such as `release_2021_07`, and the marts that show it.
If it fails: `warehouse_docs/runbooks/freeze_release.md`.
"""

from datetime import date
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, dag, task

from dags.wiring import APPROVAL_ARGS, approver, as_role
from warehouse.releases import describe, release


@dag(
    schedule=None,
    max_active_runs=1,
    params={
        "code": Param(
            type="string",
            pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
            maxLength=40,
            description="Code of the release, such as 2021-07.",
        ),
        "as_of": Param(
            type="string",
            format="date",
            description="The last day (UTC) that counts, such as 2021-09-30.",
        ),
    },
    # It builds, and a table is its maker's: the next build could not replace another's.
    default_args=as_role("transformer"),
    dag_display_name="Freeze a release",
    doc_md=__doc__,
    tags=["transform", "by hand"],
)
def freeze_release() -> None:
    """Check what is asked for, ask a person, freeze."""

    @task
    def describe_release(code: str, as_of: str) -> str:
        """Say what would be frozen, for whoever is asked."""
        return describe(code, date.fromisoformat(as_of))

    ask_person = ApprovalOperator(
        task_id="ask_person",
        doc_md="Wait for a person who has read what the task before says.",
        subject="Freeze the release {{ params.code }} for good?",
        body="{{ ti.xcom_pull(task_ids='describe_release') }}",
        **APPROVAL_ARGS,
    )

    @task
    def freeze_tables(code: str, as_of: str, answer: dict[str, Any]) -> str:
        """Copy the tables of the release for good; `ops.frozen_releases` has it."""
        day = date.fromisoformat(as_of)
        return release(code, day, frozen_by=approver(answer)).schema

    asked = ("{{ params.code }}", "{{ params.as_of }}")
    frozen = freeze_tables(*asked, answer=ask_person.output)  # type: ignore[arg-type]  # Airflow gives what was answered
    describe_release(*asked) >> ask_person >> frozen


freeze_release()
