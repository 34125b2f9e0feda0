"""A warehouse that answers and has our tables, before anything is written to it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from warehouse.connection import open_engine, reachable
from warehouse.tables import create_all


@contextmanager
def ready_warehouse(engine: Engine | None = None) -> Iterator[Engine]:
    """Yield `engine`, or one on `WAREHOUSE_URL`, once the warehouse has our tables.

    Raises:
        WarehouseUnavailableError: The database cannot be reached.
    """
    used = engine or open_engine()
    try:
        with reachable(used):
            create_all(used)
        yield used
    finally:
        if engine is None:
            used.dispose()
