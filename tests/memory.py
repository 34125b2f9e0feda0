"""How much memory processes take at most, as the kernel remembers it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

LOOK_SECONDS = 0.2
Processes = Callable[[], list[psutil.Process]]


@contextmanager
def peaks_of(processes: Processes) -> Iterator[dict[tuple[int, float], int]]:
    """Yield what grows while the block runs: process -> its peak so far, in megabytes.

    Args:
        processes: Called again and again; returns whom to look at.
    """
    peaks: dict[tuple[int, float], int] = {}
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_SECONDS):
            for process in processes():
                with suppress(psutil.Error, OSError, StopIteration):
                    key = (process.pid, process.create_time())
                    peaks[key] = max(peak_megabytes(process.pid), peaks.get(key, 0))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peaks
    finally:
        ended.set()
        thread.join()


def peak_megabytes(pid: int) -> int:
    """Return the most that the process ever had in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024
