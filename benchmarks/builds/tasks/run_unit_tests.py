"""The unit tests alone, which `dbt build` runs only beside their models."""

import sys
from pathlib import Path
from typing import Any

from benchmarks.builds.plan import UNIT_TESTS
from benchmarks.builds.tasks.task import Job, take_task
from warehouse import dbt


def run(job: Job) -> dict[str, Any]:
    """Run them; return how many there are and the wall time from first to last."""
    outcome = dbt.run(
        "test",
        dbt.PROJECT,
        Path(job["folder"]),
        url=job["url"],
        options=["--select", UNIT_TESTS],
    )
    if outcome.code or outcome.results is None:
        sys.exit(f"dbt's unit tests failed: {outcome.reason}")
    return {
        "tests": len(outcome.results["results"]),
        "node_seconds": outcome.results["elapsed_time"],
    }


if __name__ == "__main__":
    take_task(run)
