"""Fetch the files of the forms that keep some, whenever raw has changed.

Reads: `raw`, and the form servers of the registry, `ingestion/sites.yml`.
Writes: `ops.attachments`, and the store that `JOURNAL_ATTACHMENTS` names.
If it fails: `warehouse_docs/runbooks/fetch_attachments.md`.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.wiring import RAW, as_role
from ingestion.landing import fetch_attachments as fetch
from ingestion.landing import forms_with_files

FORMS_AT_ONCE = (
    2  # as for landing: a form server is shared with the people in the field
)


# Apart from `ingest_forms`, and with a lock of its own for each form: photos may take
# hours, and no figure waits for them.
@dag(
    schedule=[RAW],
    max_active_runs=1,
    default_args=as_role("loader"),
    dag_display_name="Fetch photos and signatures",
    doc_md=__doc__,
    tags=["ingest"],
)
def fetch_attachments() -> None:
    """Fan out over the forms with files, one mapped task each."""

    @task
    def list_forms() -> list[str]:
        """List the forms of which the registry keeps files."""
        return forms_with_files()

    @task(
        doc_md="Fetch what is new; counts are what the task returns.",
        max_active_tis_per_dag=FORMS_AT_ONCE,
        map_index_template="{{ task.op_kwargs['form'] }}",
    )
    def fetch_files(form: str) -> dict[str, Any]:
        return fetch(form).as_dict()

    fetch_files.expand(form=list_forms())


fetch_attachments()
