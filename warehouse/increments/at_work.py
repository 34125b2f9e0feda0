"""Who is at work in the tables that dbt makes: builds, or somebody who takes rows out.

What a build has read it writes later. Rows that are taken out in between would come
back with it, so one waits for the other.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from warehouse.errors import WarehouseBusyError

# A number of our own. A lock of the session's: it goes when a build dies.
LOCK_NUMBER = 20_200_703
HOLD = text("select pg_advisory_lock_shared(:number)")
RELEASE = text("select pg_advisory_unlock_shared(:number)")
TRY_ALONE = text("select pg_try_advisory_lock(:number)")
RELEASE_ALONE = text("select pg_advisory_unlock(:number)")


@contextmanager
def building(engine: Engine) -> Iterator[None]:
    """Keep those away that take rows out, while the block runs."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        session.execute(HOLD, {"number": LOCK_NUMBER})
        try:
            yield
        finally:
            if not session.invalidated:
                session.execute(RELEASE, {"number": LOCK_NUMBER})


@contextmanager
def keep_builds_away(engine: Engine) -> Iterator[None]:
    """Let no build begin while the block runs.

    Raises:
        WarehouseBusyError: One is at work.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        if not session.execute(TRY_ALONE, {"number": LOCK_NUMBER}).scalar_one():
            raise WarehouseBusyError(
                "A build is at work and would write the family back, so nothing was "
                "done: wait until it has ended, then run the same again."
            )
        try:
            yield
        finally:
            if not session.invalidated:
                session.execute(RELEASE_ALONE, {"number": LOCK_NUMBER})
