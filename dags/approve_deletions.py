"""Believe more deletions of one form than a run may by itself, once a person agrees.

Give the form's name when you trigger it. It asks under *Required actions*, and lands
the form when the answer is *Approve*; *Reject*, or no answer in a week, changes
nothing.
Reads: the form's server.
Writes: `raw`, `pii` and `ops`, as `ingest_forms` does for the form; who agreed.
Announces: `warehouse://raw`.
If it fails: `warehouse_docs/runbooks/approve_deletions.md`.
"""

from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, dag, task

from dags.wiring import APPROVAL_ARGS, RAW, approver, as_role
from ingestion.landing import land_form, waiting_deletions


@dag(
    schedule=None,
    max_active_runs=1,
    params={
        "form": Param(
            type="string",
            pattern=r"^\S(.*\S)?$",
            description="Name of the form, as the registry and the alert call it.",
        )
    },
    default_args=as_role("loader"),
    dag_display_name="Approve deletions of a form",
    doc_md=__doc__,
    tags=["ingest", "by hand"],
)
def approve_deletions() -> None:
    """Say what is gone, ask, and land the form."""

    @task
    def describe_deletions(form: str) -> str:
        """Say how many records are gone from the form server, for whoever is asked."""
        return waiting_deletions(form)

    ask_person = ApprovalOperator(
        task_id="ask_person",
        doc_md="Wait for a person who has read what the task before says.",
        subject="Were the deletions of the form {{ params.form }} meant?",
        body="{{ ti.xcom_pull(task_ids='describe_deletions') }}",
        **APPROVAL_ARGS,
    )

    @task(outlets=[RAW])
    def land_approved(form: str, answer: dict[str, Any]) -> dict[str, Any]:
        """Land the form with its deletions; counts are in `ops.sync_runs`."""
        return land_form(
            form, approve_deletions=True, approved_by=approver(answer)
        ).as_dict()

    form = "{{ params.form }}"
    landed = land_approved(form, answer=ask_person.output)  # type: ignore[arg-type]  # Airflow gives what was answered
    describe_deletions(form) >> ask_person >> landed


approve_deletions()
