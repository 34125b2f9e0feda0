"""One `dbt build`, run as the product runs it."""

import sys
from pathlib import Path
from typing import Any

from benchmarks.builds.tasks.task import Job, take_task
from warehouse import dbt
from warehouse.errors import WarehouseError


def build(job: Job) -> dict[str, Any]:
    """Build and return the run's id in `ops.dbt_results`."""
    report = dbt.build(
        url=job["url"],
        select=job["select"],
        exclude=job["exclude"],
        full_refresh=job["full_refresh"],
        target_dir=Path(job["folder"]),
    )
    return {
        "run_id": report.run_id,
        "warned": list(report.warned),
        "node_seconds": report.seconds,
    }


if __name__ == "__main__":
    try:
        take_task(build)
    except WarehouseError as error:
        sys.exit(str(error))
