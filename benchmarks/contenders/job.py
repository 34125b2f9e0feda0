"""What a contender is told, and what it tells."""

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PAGE_SIZE = 1_000
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What to ingest and where to.

    Attributes:
        server_url: The form server.
        asset_uid: The project on it.
        database_url: Of the database to load into.
        folder: A contender's own, kept from its first load to its next.
    """

    server_url: str
    asset_uid: str
    database_url: str
    folder: str

    @property
    def asset_url(self) -> str:
        """Return where the project is."""
        return f"{self.server_url}/api/v2/assets/{self.asset_uid}/"

    @property
    def first_page(self) -> str:
        """Return the URL of the first page of data; it links to the next one."""
        return f"{self.asset_url}data/?limit={PAGE_SIZE}&start=0"


def take_job(work: Callable[[Job, Progress], dict[str, int]]) -> None:
    """Do the job on standard input; print how long it took and how much memory.

    Each line is a JSON object: `{"done": n}` on the way, the outcome as the last one.
    Time starts here, when everything is imported.
    """
    job = Job(**json.loads(sys.stdin.readline()))
    started, cpu_started = time.monotonic(), time.process_time()
    facts = work(job, lambda done: _print({"done": done}))
    _print(
        {
            "seconds": time.monotonic() - started,
            "cpu_seconds": time.process_time() - cpu_started,
            "peak_memory_mb": peak_memory_mb(),
            "facts": facts,
        }
    )


def peak_memory_mb() -> float:
    """Return the most memory this process ever held, in MB of 10^6 bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike rusage, it does not count what the parent held when it forked.
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024 / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024) / 1e6


def _print(line: dict[str, object]) -> None:
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()
