"""Run a task in a process of its own and read what it tells."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.errors import SandboxError
from sandbox.machine.home import REPOSITORY
from sandbox.machine.processes import environment


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """What a task did.

    Attributes:
        seconds: From when everything was imported until its work was done.
        peak_memory_mb: The most its process ever held.
        facts: What it told.
    """

    seconds: float
    peak_memory_mb: float
    facts: Mapping[str, Any]


def run_task(module: str, job: Mapping[str, object]) -> TaskOutcome:
    """Run `benchmarks.builds.tasks.<module>` and return what it did.

    Raises:
        SandboxError: It failed; the message holds the last line it printed.
    """
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", f"benchmarks.builds.tasks.{module}"],
        cwd=REPOSITORY,
        env=environment({}),
        input=f"{json.dumps(job)}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SandboxError(
            f"The task {module} ended without a result: {_reason(done.stderr)}"
        )
    return TaskOutcome(**json.loads(done.stdout.splitlines()[-1]))


def _reason(printed: str) -> str:
    """Return the last line that is an error, not a place in a statement."""
    lines = [line for line in printed.splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith((" ", "LINE "))]
    return said[-1] if said else "it printed nothing"
