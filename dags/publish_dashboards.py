"""Render the dashboards anew whenever the marts have changed.

Reads: `share`, which already hides what too few families stand behind, by the login of
`WAREHOUSE_URL_DASHBOARDS`.
Writes: the static site in the folder `DASHBOARDS_OUT`, and the Metabase at
`METABASE_URL` where one is named.
If it fails: `warehouse_docs/runbooks/publish_dashboards.md`.
"""

from airflow.sdk import dag, task

from dags.wiring import MARTS, as_role
from dashboards import build_site
from dashboards.metabase import apply_where_configured


@dag(
    schedule=[MARTS],
    max_active_runs=1,
    default_args=as_role("dashboards"),
    doc_md=__doc__,
    tags=["publish"],
)
def publish_dashboards() -> None:
    """Render every dashboard in its readers' languages, for each renderer there is."""

    @task
    def render_site() -> None:
        build_site()

    @task
    def apply_to_metabase() -> None:
        apply_where_configured()

    render_site()
    apply_to_metabase()


publish_dashboards()
