"""`form_rows`: the raw table of the form in hand, by one name for every statement."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Table, text


@contextmanager
def form_rows(connection: Connection, table: Table) -> Iterator[None]:
    """Call `table` so while the block runs, in the transaction of `connection`.

    A block that fails takes the view along with its transaction.
    """
    connection.execute(
        text(f"create temporary view form_rows as select * from {table.fullname}")  # noqa: S608 - one of our own tables
    )
    yield
    connection.execute(text("drop view form_rows"))  # it would outlive the commit
