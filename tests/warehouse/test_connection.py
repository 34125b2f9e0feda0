import socket
import threading
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from warehouse.connection import open_engine, reachable, warehouse_url
from warehouse.errors import WarehouseSettingError, WarehouseUnavailableError


def test_the_driver_is_always_spelled() -> None:
    url = warehouse_url("postgresql://me:pw@host:5433/w")

    assert url.drivername == "postgresql+psycopg"
    assert (url.host, url.port, url.database) == ("host", 5433, "w")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "mysql://h/d",
        "postgresql://host",
        "words",
        "postgresql://u:p@h:port/w",
        "postgresql://u:p@h:/w",
    ],
)
def test_an_address_that_is_none_is_refused(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", value)

    with pytest.raises(WarehouseSettingError, match="postgresql://user:password@host"):
        warehouse_url()


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    engine = open_engine("postgresql://me:secret@127.0.0.1:9/w")

    with (
        pytest.raises(WarehouseUnavailableError, match=r"127\.0\.0\.1:9/w") as error,
        reachable(engine),
    ):
        pass
    assert "secret" not in str(error.value)


def test_a_server_that_never_answers_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("warehouse.connection.CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = open_engine(f"postgresql://me@127.0.0.1:{silent.getsockname()[1]}/w")
        patience = threading.Timer(10, silent.close)  # so that no test waits for ever
        patience.start()
        started = time.monotonic()
        with pytest.raises(WarehouseUnavailableError), reachable(engine):
            pass
        patience.cancel()

    assert time.monotonic() - started < 8


def test_the_encryption_that_the_address_asks_for_is_asked_of_the_server(
    empty_warehouse: str,
) -> None:
    engine = open_engine(f"{empty_warehouse}?sslmode=require")

    with (
        pytest.raises(WarehouseUnavailableError) as refused,
        reachable(engine),
    ):
        pass
    assert "does not support SSL" in str(refused.value.__cause__)


def test_an_error_repeats_no_value_that_a_statement_was_given(
    empty_warehouse: str,
) -> None:
    engine = open_engine(empty_warehouse)
    with reachable(engine) as connection, pytest.raises(DataError) as refused:
        connection.execute(
            text("select 1 / :nothing as one, :answer as answer"),
            {"nothing": 0, "answer": "MX-01-0007"},
        )
    engine.dispose()

    assert "division by zero" in str(refused.value)
    assert "MX-01-0007" not in str(refused.value)


def test_times_come_back_in_utc_whatever_the_database_is_set_to(
    empty_warehouse: str,
) -> None:
    engine = open_engine(empty_warehouse)
    with reachable(engine) as connection:
        name = connection.engine.url.database
        connection.exec_driver_sql(
            f"alter database {name} set timezone = 'America/Bogota'"
        )
        connection.commit()
    engine.dispose()  # the setting holds for connections made from here on

    with reachable(engine) as connection:
        assert connection.exec_driver_sql("show timezone").scalar_one() == "UTC"
    engine.dispose()
