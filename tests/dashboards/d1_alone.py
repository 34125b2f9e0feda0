"""The specs of D1 alone: what a test of how pages are made needs, and no more."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from dashboards.spec_file import SHARED, SPECS

D1 = "d1_multi_site_overview"


def copy_d1(folder: Path) -> Path:
    """Copy D1 with its SQL and the shared SQL; a test may spoil the copy."""
    shutil.copytree(SPECS / D1, folder / D1)
    shutil.copytree(SPECS / SHARED, folder / SHARED)
    shutil.copy(SPECS / f"{D1}.yml", folder)
    return folder


@cache
def d1_specs() -> Path:
    """Return a folder of specs with D1 alone, which nobody writes to."""
    folder = tempfile.mkdtemp(prefix="d1-specs-")
    atexit.register(shutil.rmtree, folder)
    return copy_d1(Path(folder))
