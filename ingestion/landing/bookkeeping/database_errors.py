"""What the database says, told to people without the rows that it repeats."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError

from ingestion.errors import WarehouseRefusedError
from ingestion.registry import Form
from warehouse.errors import WarehouseUnavailableError

# Of SQLSTATE: connection, rollback (a deadlock), resources, an operator's intervention.
PASSING_CLASSES = frozenset({"08", "40", "53", "57"})


@contextmanager
def values_kept_out_of_errors(form: Form) -> Iterator[None]:
    """Say in one sentence what the database did; it would repeat rows.

    Raises:
        WarehouseUnavailableError: It is about the server; a later run may succeed.
        WarehouseRefusedError: It is about a row or a statement.
        KeyboardInterrupt: A person had interrupted it before.
    """
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        if _was_interrupted(error):
            raise KeyboardInterrupt from None
        cause = error.orig if isinstance(error, DBAPIError) else error
        state = getattr(cause, "sqlstate", None)
        is_cut = state is None and isinstance(
            cause, psycopg.OperationalError | psycopg.InterfaceError
        )
        if is_cut or (state or "")[:2] in PASSING_CLASSES:
            raise WarehouseUnavailableError(
                f"Form {form.name!r}: the warehouse stopped in the middle (SQLSTATE "
                f"{state or 'none, the connection ended'}), so nothing was landed: see "
                "that it runs and that its disk is not full, then run it again."
            ) from None
        raise WarehouseRefusedError(
            f"Form {form.name!r}: the warehouse refused what was to be landed "
            f"(SQLSTATE {state or 'unknown'}), so nothing was: report it with the id "
            "of the run in ops.sync_runs; the rows are not repeated here, they hold "
            "answers."
        ) from None


def _was_interrupted(error: BaseException | None) -> bool:
    """Return whether the database only complains that a person pressed Ctrl-C."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False
