"""Send forms the lists that they read, whenever the marts have changed.

Reads: families, groups and last month's incomes, through functions of the warehouse.
Writes: lists such as `families.csv` on the form servers, of the forms whose entry in
`ingestion/sites.yml` has `media`; a list that is there already is not sent.
If it fails: `warehouse_docs/runbooks/publish_form_media.md`.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.metrics import measured
from dags.wiring import MARTS, as_role
from ingestion.media import forms_with_media, publish_media

FORMS_AT_ONCE = 2  # as for landing: a form server is shared with people in the field


@dag(
    schedule=[MARTS],
    max_active_runs=1,
    default_args=as_role("publisher"),
    dag_display_name="Publish lists to the forms",
    doc_md=__doc__,
    tags=["publish"],
)
def publish_form_media() -> None:
    """Fan out over the forms with lists, one mapped task each."""

    @task
    def list_forms() -> list[str]:
        """List the forms that the registry gives lists."""
        return forms_with_media()

    @task(
        doc_md="Put lists that changed on the form's server; counts are returned.",
        max_active_tis_per_dag=FORMS_AT_ONCE,
        map_index_template="{{ task.op_kwargs['form'] }}",
    )
    def publish_lists(form: str) -> dict[str, Any]:
        return measured("media", publish_media(form).as_dict(), form)

    publish_lists.expand(form=list_forms())


publish_form_media()
