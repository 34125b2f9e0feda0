"""Render the dashboards anew whenever the marts have changed.

Reads: `share`, which already hides what too few families stand behind, by the login of
`WAREHOUSE_URL_DASHBOARDS`; for leads as each of them, which the owner may.
Writes: the static site in the folder `DASHBOARDS_OUT`, one for each lead of the
registry in the folder `DASHBOARDS_OF_LEADS_OUT` where one is named, and the Metabase at
`METABASE_URL` where one is named.
If it fails: `warehouse_docs/runbooks/publish_dashboards.md`.
"""

from airflow.sdk import dag, task

from dags.wiring import MARTS, as_role
from dashboards import build_site, build_sites_of_leads_where_configured
from dashboards.metabase import apply_where_configured


@dag(
    schedule=[MARTS],
    max_active_runs=1,
    default_args=as_role("dashboards"),
    dag_display_name="Publish the dashboards",
    doc_md=__doc__,
    tags=["publish"],
)
def publish_dashboards() -> None:
    """Render every dashboard in its readers' languages, for each renderer there is."""

    @task
    def render_site() -> None:
        """Draw every dashboard for whoever may open the folder."""
        build_site()

    # By the address of all: no login of a reader may read as another.
    @task(pre_execute=None)
    def render_sites_of_leads() -> int:
        """Draw every dashboard of each lead's own rows; return for how many."""
        return build_sites_of_leads_where_configured()

    @task
    def apply_to_metabase() -> None:
        """Bring Metabase to what the specs say, where there is one."""
        apply_where_configured()

    render_site()
    render_sites_of_leads()
    apply_to_metabase()


publish_dashboards()
