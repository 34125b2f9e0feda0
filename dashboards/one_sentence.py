"""How a command ends when something is wrong: with one sentence."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from dashboards.errors import DashboardError
from warehouse.errors import WarehouseError

console = Console(stderr=True)


@contextmanager
def one_sentence() -> Iterator[None]:
    """End with the error's own sentence; a traceback would hide it."""
    try:
        yield
    except (DashboardError, WarehouseError) as error:
        console.print(str(error), style="bold", markup=False, highlight=False)
        sys.exit(1)
