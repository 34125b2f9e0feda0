"""Write the page of each peer group anew whenever the marts have changed.

Reads: `marts`, of the groups that the login of `WAREHOUSE_URL_REPORTS` may see.
Writes: a folder for each group in the folder `REPORTS_OUT`, which no web server serves.
If it fails: `warehouse_docs/runbooks/publish_reports.md`.
"""

from airflow.sdk import dag, task

from dags.wiring import MARTS, as_role
from reports import build_group_pages


@dag(
    schedule=[MARTS],
    max_active_runs=1,
    default_args=as_role("reports"),
    dag_display_name="Write the pages of groups",
    doc_md=__doc__,
    tags=["publish"],
)
def publish_reports() -> None:
    """Write a page for each group whose families have all agreed to it."""

    @task
    def write_group_pages() -> dict[str, int]:
        """Write the pages; how many groups got none, and why, is returned."""
        return build_group_pages().counted()

    write_group_pages()


publish_reports()
