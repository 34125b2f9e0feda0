import pytest

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


def test_times_come_back_in_utc(empty_warehouse: str) -> None:
    engine = open_engine(empty_warehouse)
    with reachable(engine) as connection:
        assert connection.exec_driver_sql("show timezone").scalar_one() == "UTC"
    engine.dispose()
