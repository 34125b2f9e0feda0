"""The server as a process of its own, and the orders it takes."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from sandbox.errors import SandboxError
from sandbox.machine.home import REPOSITORY
from sandbox.machine.processes import environment

ORDER_SECONDS = 120  # an edit of many journals takes a while


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that runs.

    Attributes:
        url: Where it listens.
        folder: The journals it serves.
    """

    url: str
    folder: Path

    def edit(self, share: float, seed: int) -> int:
        """Edit that share of the journals; return how many they are."""
        return self._order(f"edit?share={share}&seed={seed}")

    def restore(self) -> None:
        """Take every edit back."""
        self._order("restore")

    def sent(self) -> int:
        """Return how many bytes of data it has sent so far."""
        return self._order("sent")

    def _order(self, order: str) -> int:
        response = httpx.post(f"{self.url}/benchmark/{order}", timeout=ORDER_SECONDS)
        return int(response.raise_for_status().text)


@contextmanager
def running_server(folder: Path) -> Iterator[RunningServer]:
    """Run a server on the journals in `folder` as long as the block runs.

    Raises:
        SandboxError: It did not start.
    """
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "benchmarks.server", str(folder)],
        cwd=REPOSITORY,
        env=environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None  # noqa: S101 - asked for above
        assert process.stdout is not None  # noqa: S101 - asked for above
        url = process.stdout.readline().strip()
        if not url:
            raise SandboxError(
                f"The benchmark's server did not start on {folder}: look at what it "
                "printed above."
            )
        try:
            yield RunningServer(url, folder)
        finally:
            process.stdin.close()
