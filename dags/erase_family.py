"""Erase a family that asked for it, once a second person has agreed.

Whoever asked or triggered the run is no second person, unless
`JOURNAL_ONE_PERSON_APPROVES` says that there is but one.

Reads: the request of the number given, in `pii.erasure_requests`.
Writes: everything that names the family, `ops.erasures`, the attachments' store, and
the list of erasures in `WAREHOUSE_BACKUPS`.
Announces: `warehouse://raw`, so that totals are computed anew without the family.
No task, log or page of Airflow sees the family's code: the number stands for it.
If it fails: `warehouse_docs/runbooks/erase_family.md`.
"""

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, dag, task

from dags.wiring import DEFAULT_ARGS, RAW, approver
from ingestion.erasing import erase_requested, show_requested

# A wish to be forgotten may wait for a person over a weekend, but not for weeks.
LONGEST_WAIT = timedelta(days=7)
WHAT_WOULD_GO = """
Request {{ params.request_id }} would remove for good:

{% for what, count in ti.xcom_pull(task_ids="show_erasure").items() %}
- {{ what }}: {{ count }}
{% endfor %}

What to look at first: warehouse_docs/runbooks/erase_family.md
"""


@dag(
    schedule=None,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    params={"request_id": Param(type="integer", minimum=1)},
    dag_display_name="Erase a family",
    doc_md=__doc__,
    tags=["erase"],
)
def erase_family() -> None:
    """Show in numbers what would go, wait for a person, and do it."""

    @task
    def show_erasure(params: dict[str, Any]) -> dict[str, Any]:
        """Count what would go, and remove nothing."""
        return show_requested(params["request_id"])

    approve_erasure = ApprovalOperator(
        task_id="approve_erasure",
        doc_md="Wait for a person who has seen the counts.",
        subject="Erase the family of request {{ params.request_id }}?",
        body=WHAT_WOULD_GO,
        response_timeout=LONGEST_WAIT,
        execution_timeout=None,
    )

    @task(outlets=[RAW])
    def erase_rows(
        params: dict[str, Any],
        dag_run: Any,  # noqa: ANN401 - Airflow's, with who triggered it
        answer: dict[str, Any],
    ) -> dict[str, Any]:
        """Erase what was asked for; its receipt is in `ops.erasures`."""
        return erase_requested(
            params["request_id"],
            approver(answer),
            triggered_by=dag_run.triggering_user_name,
        )

    erased = erase_rows(answer=approve_erasure.output)  # type: ignore[call-arg,arg-type,misc]  # Airflow gives the parameters
    show_erasure() >> approve_erasure >> erased  # type: ignore[call-arg,misc]  # as above


erase_family()
