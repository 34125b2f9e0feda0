"""Build anew what a change of raw touches, and test its data.

Before that, who may read what is brought to what the registry says.

Reads: `raw`, `access:` of the registry, and the seeds of `dbt_project`.
Writes: `staging`, `intermediate`, `marts`, `share`; the results in `ops.dbt_results`.
Announces: `warehouse://marts`, only when every test has passed.
If it fails: `warehouse_docs/runbooks/transform_warehouse.md`.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.metrics import measured
from dags.wiring import MARTS, RAW, as_role, deadline
from warehouse.access.applying import apply_where_allowed
from warehouse.dbt import build

# They test the models' logic on made-up rows, so only a change of code can fail them:
# `make test` runs them, not every night.
UNIT_TESTS = "test_type:unit"


@dag(
    schedule=[RAW],
    max_active_runs=1,
    deadline=deadline("transform_warehouse", hours=3),
    default_args=as_role("transformer"),
    dag_display_name="Build marts and test them",
    doc_md=__doc__,
    tags=["transform"],
)
def transform_warehouse() -> None:
    """Run dbt once: starting it per model was measured to take ten times as long."""

    # By an address of its own, or that of all: who builds may make no roles.
    @task(pre_execute=None)
    def apply_access() -> list[str]:
        """Bring roles and rights to what the registry says; changes are returned."""
        return [str(change) for change in apply_where_allowed()]

    @task(outlets=[MARTS])
    def build_models(outlet_events: Any = None) -> dict[str, Any]:  # noqa: ANN401 - Airflow's
        """Build and test; every node's time and rows are in `ops.dbt_results`."""
        figures = measured("build", build(exclude=UNIT_TESTS).as_dict())
        # Whoever looks at a run of the DAGs after this one sees what it is about.
        outlet_events[MARTS].extra = figures
        return figures

    apply_access() >> build_models()


transform_warehouse()
