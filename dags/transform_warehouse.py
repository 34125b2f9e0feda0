"""Build anew what a change of raw touches, and test its data.

Reads: `raw`, and the seeds of `dbt_project`.
Writes: `staging`, `intermediate`, `marts`, `share`; the results in `ops.dbt_results`.
Announces: `warehouse://marts`, only when every test has passed.
If it fails: `warehouse_docs/runbooks/transform_warehouse.md`.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.wiring import DEFAULT_ARGS, MARTS, RAW, deadline
from warehouse.dbt import build

# They test the models' logic on made-up rows, so only a change of code can fail them:
# `make test` runs them, not every night.
UNIT_TESTS = "test_type:unit"


@dag(
    schedule=[RAW],
    max_active_runs=1,
    deadline=deadline("transform_warehouse", hours=3),
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["transform"],
)
def transform_warehouse() -> None:
    """Run dbt once: starting it per model was measured to take ten times as long."""

    @task(outlets=[MARTS])
    def build_models() -> dict[str, Any]:
        return build(exclude=UNIT_TESTS).as_dict()

    build_models()


transform_warehouse()
