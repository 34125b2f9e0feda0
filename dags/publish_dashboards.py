"""Render the dashboards anew whenever the marts have changed.

Reads: `share`, which already hides what too few families stand behind.
Writes: the static site in the folder `DASHBOARDS_OUT`.
If it fails: `warehouse_docs/runbooks/publish_dashboards.md`.
"""

from airflow.sdk import dag, task

from dags.wiring import DEFAULT_ARGS, MARTS
from dashboards import build_site


@dag(
    schedule=[MARTS],
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["publish"],
)
def publish_dashboards() -> None:
    """Render every dashboard in every language."""

    @task
    def render_site() -> None:
        build_site()

    render_site()


publish_dashboards()
