"""How to reach the warehouse: one environment variable, one driver."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from warehouse.errors import WarehouseSettingError, WarehouseUnavailableError

VARIABLE = "WAREHOUSE_URL"
CONNECT_SECONDS = 10


def warehouse_url(value: str | None = None) -> URL:
    """Return the warehouse's address, driver spelled out.

    Args:
        value: Such as `postgresql://user:password@host:5432/warehouse`. None takes it
            from the environment variable `WAREHOUSE_URL`.

    Raises:
        WarehouseSettingError: It is not set, or no Postgres address.
    """
    value = value or os.environ.get(VARIABLE, "")
    if not value:
        raise WarehouseSettingError(
            f"The environment variable {VARIABLE} is not set: give it the warehouse's "
            "address, such as postgresql://user:password@host:5432/warehouse."
        )
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):  # the latter of a port that is no number
        url = None
    if url is None or not url.drivername.startswith("postgres") or not url.database:
        raise WarehouseSettingError(
            f"{VARIABLE} is not a Postgres address: it should look like "
            "postgresql://user:password@host:5432/warehouse."
        )
    # SQLAlchemy, Airflow and dbt each have another default driver, so it is spelled.
    return url.set(drivername="postgresql+psycopg")


def open_engine(url: str | None = None) -> Engine:
    """Return an engine on the warehouse; nothing is connected yet."""
    return create_engine(
        warehouse_url(url),
        connect_args={"connect_timeout": CONNECT_SECONDS, "options": "-c timezone=UTC"},
        pool_pre_ping=True,
        # Parameters are answers of families; an error message must not repeat them.
        hide_parameters=True,
    )


@contextmanager
def reachable(engine: Engine) -> Iterator[Connection]:
    """Yield a first connection, or say in one sentence that there is none.

    Raises:
        WarehouseUnavailableError: The server did not answer or refused the login.
    """
    try:
        connection = engine.connect()
        connection.execute(text("select 1"))
    except OperationalError as error:
        url = engine.url
        raise WarehouseUnavailableError(
            f"The warehouse at {url.host}:{url.port}/{url.database} could not be "
            f"reached as {url.username}: start it, or correct {VARIABLE}."
        ) from error
    with connection:
        yield connection


@contextmanager
def read_snapshot(
    url: str | None = None, *, timeout_seconds: int, role: str | None = None
) -> Iterator[Connection]:
    """Yield a connection that can only read, and sees one state of the data throughout.

    Args:
        url: The warehouse. None takes `WAREHOUSE_URL`.
        timeout_seconds: How long a statement may take.
        role: Whose rights and rows to read with; None is who logs in.

    Raises:
        WarehouseSettingError: The address is wrong, or who logs in may not be `role`.
        WarehouseUnavailableError: The server did not answer or refused the login.
    """
    engine = open_engine(url)
    try:
        with reachable(engine):
            pass
        with engine.connect() as connection:
            reading = connection.execution_options(
                isolation_level="REPEATABLE READ",
                postgresql_readonly=True,
            )
            reading.exec_driver_sql(f"set statement_timeout = '{timeout_seconds}s'")
            if role:
                _become(reading, role)
            yield reading
    finally:
        engine.dispose()


def _become(connection: Connection, role: str) -> None:
    try:
        # The setting, and not `set role`: a name is bound and need not be quoted.
        connection.execute(
            text("select set_config('role', :role, false)"), {"role": role}
        )
    except DBAPIError as error:
        raise WarehouseSettingError(
            f"{connection.engine.url.username} may not read as {role}: name a role of "
            "`access:` that `python -m warehouse access apply` has made and that the "
            "login has."
        ) from error
