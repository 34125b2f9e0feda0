"""How a task is told its job and tells what came of it."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.contenders.job import peak_memory_mb

Job = dict[str, Any]


def take_task(work: Callable[[Job], dict[str, Any]]) -> None:
    """Do the job on standard input; print one JSON object as the last line.

    It holds `seconds`, from when everything was imported, `peak_memory_mb` and `facts`,
    what the work returned.
    """
    job: Job = json.loads(sys.stdin.readline())
    started = time.monotonic()
    facts = work(job)
    outcome = {
        "seconds": time.monotonic() - started,
        "peak_memory_mb": peak_memory_mb(),
        "facts": facts,
    }
    sys.stdout.write(f"{json.dumps(outcome)}\n")
