"""Compare a frozen release with what was noted of it when it was frozen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, distinct, func, select, text

from warehouse.errors import ReleaseError
from warehouse.releases.freezing import INFORMATION
from warehouse.releases.hashing import Content, content_of, quoted
from warehouse.releases.ready import ready_engine
from warehouse.tables import frozen_releases, release_erasures

TABLES = "select relname from pg_class where relnamespace = to_regnamespace(:schema) "
TABLES += "and relkind in ('r', 'p', 'v', 'm') order by relname"

Noted = tuple[str, Content]


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A release in `ops.frozen_releases`.

    Attributes:
        release_code: Such as `2021-07`.
        schema_name: Where it is frozen.
        known_as_of: What was known later does not count.
        frozen_at: When it was frozen.
        information_hash: Of its `release_information`.
    """

    release_code: str
    schema_name: str
    known_as_of: datetime
    frozen_at: datetime
    information_hash: str


def verify(code: str, url: str | None = None) -> int:
    """Hash every table of a frozen release anew; return how many there are.

    Raises:
        ReleaseError: It is not frozen, or a table is not as it was frozen.
        WarehouseUnavailableError: The database cannot be reached.
    """
    with ready_engine(url) as engine, engine.begin() as connection:
        row = frozen_row(connection, code)
        if row is None:
            raise ReleaseError(
                f"Release {code} is not frozen: `python -m warehouse release {code} "
                "--as-of DAY` does it."
            )
        return require_untouched(connection, row)


def erased_since(code: str, url: str | None = None) -> int:
    """Return how many families have been erased from a release since it was frozen.

    Raises:
        WarehouseUnavailableError: The database cannot be reached.
    """
    with ready_engine(url) as engine, engine.begin() as connection:
        query = select(func.count(distinct(release_erasures.c.erasure_id))).where(
            release_erasures.c.release_code == code
        )
        return int(connection.execute(query).scalar_one())


def frozen_row(connection: Connection, code: str) -> OnRecord | None:
    """Return what is on record of a frozen release, or None where it is none."""
    columns = frozen_releases.c
    query = select(
        columns.release_code,
        columns.schema_name,
        columns.known_as_of,
        columns.frozen_at,
        columns.information_hash,
    ).where(columns.release_code == code)
    row = connection.execute(query).one_or_none()
    return OnRecord(*row) if row else None


def require_untouched(connection: Connection, row: OnRecord) -> int:
    """Return the number of tables of a frozen release, all as they were frozen.

    Raises:
        ReleaseError: Some are not; the message names each and what happened to it.
    """
    schema = row.schema_name
    information = content_of(connection, schema, INFORMATION)
    if information is None or information.content_hash != row.information_hash:
        raise ReleaseError(
            f"{schema}.{INFORMATION} is not as it was frozen: what it says of the "
            "other tables cannot be believed; restore the schema from a backup."
        )
    rows = connection.exec_driver_sql(
        "select table_name, row_count, content_hash "  # noqa: S608 - our own name
        f"from {quoted(schema, INFORMATION)} order by table_name"
    )
    noted = [(row[0], Content(row[1], row[2])) for row in rows]
    wrong = [*_changed(connection, schema, noted), *_added(connection, schema, noted)]
    if wrong:
        raise ReleaseError(
            f"Release {row.release_code} is not as it was frozen: {'; '.join(wrong)}. "
            f"Restore the schema {schema} from a backup."
        )
    return len(noted)


def _changed(
    connection: Connection, schema: str, noted: Sequence[Noted]
) -> Iterator[str]:
    for table, content in noted:
        found = content_of(connection, schema, table)
        if found is None:
            yield f"{table} is gone"
        elif found.row_count != content.row_count:
            yield f"{table} has {found.row_count} rows instead of {content.row_count}"
        elif found != content:
            yield f"{table} has other contents"


def _added(
    connection: Connection, schema: str, noted: Sequence[Noted]
) -> Iterator[str]:
    known = {row[0] for row in noted} | {INFORMATION}
    for table in connection.execute(text(TABLES), {"schema": schema}).scalars():
        if table not in known:
            yield f"{table} was added"
