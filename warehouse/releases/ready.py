"""A warehouse that has the tables which these commands read and write."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from warehouse.connection import open_engine, reachable
from warehouse.tables import create_all


@contextmanager
def ready_engine(url: str | None) -> Iterator[Engine]:
    """Yield an engine on the warehouse, all hand-made tables made, and dispose of it.

    Raises:
        WarehouseUnavailableError: The database cannot be reached.
    """
    engine = open_engine(url)
    try:
        with reachable(engine):
            create_all(engine)
        yield engine
    finally:
        engine.dispose()
