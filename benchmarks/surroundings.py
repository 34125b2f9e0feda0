"""What every benchmark runs in: a folder, a console, a Postgres of its own."""

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from benchmarks.results.tables import WIDE
from sandbox import postgres
from sandbox.demo.progress import Steps
from sandbox.errors import SandboxError
from sandbox.machine.home import Home

# A panel of 15,000 families by 36 months, built twice, took 12 GB; others are taken to
# grow with their size. Beside them the database writes ahead and sorts on disk.
KILOBYTES_PER_FAMILY_MONTH = 22
GIGABYTES_BESIDE = 2


def bench_console() -> Console:
    """Return where results are printed."""
    console = Console()
    if not console.is_terminal:
        console.width = WIDE  # a file or a pipe has no width of its own
    return console


def bench_folder() -> Path:
    """Return the folder for what is measured, made where it is not there."""
    folder = Home.from_environment().root / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def need_room(folder: Path, families: int, months: int) -> None:
    """Make sure that a panel fits on the disk, before hours are spent on it.

    Raises:
        SandboxError: It does not.
    """
    needed = families * months * KILOBYTES_PER_FAMILY_MONTH / 1e6 + GIGABYTES_BESIDE
    free = shutil.disk_usage(folder).free / 1e9
    if free < needed:
        raise SandboxError(
            f"A panel of {families:,} families by {months} months takes about "
            f"{needed:.0f} GB of disk, and {folder} has {free:.0f} GB free: make room, "
            "or measure a smaller panel."
        )


@contextmanager
def own_postgres(folder: Path, steps: Steps) -> Iterator[postgres.Postgres]:
    """Run a Postgres as long as the block runs; its data are gone afterwards."""
    with tempfile.TemporaryDirectory(
        dir=folder, prefix="postgres-", ignore_cleanup_errors=True
    ) as place:
        data_dir = Path(place) / "data"
        with steps.step("Start an empty PostgreSQL"):
            server = postgres.start(data_dir)
        try:
            yield server
        finally:
            postgres.stop(data_dir)


def machine() -> dict[str, object]:
    """Return what everything was measured on."""
    return {
        "processors": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "postgres": postgres.MAJOR_VERSION,
    }
