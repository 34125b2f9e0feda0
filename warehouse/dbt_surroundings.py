"""What dbt finds around it when it runs within a process of ours.

dbt is made for a process of its own that ends soon. Two of its habits cost a build a
tenth of its time: it opens a connection for every node, and Python looks again and
again for garbage among the objects of a project that all stay.
"""

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

NEW_OBJECTS_BETWEEN_COLLECTIONS = 50_000  # Python's own is 700


@contextmanager
def settings(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for as long as the block runs."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def rarer_collections() -> Iterator[None]:
    """Collect garbage less often for as long as the block runs."""
    before = gc.get_threshold()
    gc.set_threshold(NEW_OBJECTS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def kept_connections() -> Iterator[None]:
    """Let each of dbt's threads keep its connection from node to node.

    Other databases' adapters of dbt offer this as a setting, that of Postgres does not.
    dbt closes what is kept when its command ends.
    """
    # Here and not above: only those who run dbt shall wait for it.
    from dbt.adapters.postgres.connections import (  # noqa: PLC0415
        PostgresConnectionManager,
    )

    adapter: Any = PostgresConnectionManager
    release = adapter.release

    def keep(manager: Any) -> None:  # noqa: ANN401 - dbt has no types
        connection = manager.get_if_exists()
        if not connection or connection.state != "open" or connection.handle.closed:
            release(manager)
            return
        connection.handle.rollback()
        connection.transaction_open = False

    adapter.release = keep
    try:
        yield
    finally:
        adapter.release = release
