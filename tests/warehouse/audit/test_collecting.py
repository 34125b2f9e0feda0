"""From a reader's question to its row in `ops.query_log`, through a server's log."""

import re
import shutil
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from sandbox.postgres import Postgres
from warehouse import audit
from warehouse.access import applying
from warehouse.access.entries import Access
from warehouse.access.passwords import variable_of
from warehouse.access.registry import AccessRegistry
from warehouse.errors import AuditError

PASSWORD = "in-the-tests-alone"  # noqa: S105 - of servers that live as long as a test
KEPT = """
select role_name, relations, statement, milliseconds > 0, error_code
from ops.query_log order by logged_at, line_number
"""


@pytest.fixture
def now(empty_warehouse: str) -> datetime:
    (found,) = rows(empty_warehouse, "select now()")
    assert isinstance(found[0], datetime)
    return found[0]


@pytest.fixture
def reader(empty_warehouse: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a warehouse with a reader; the value is the reader's URL."""
    role = f"lead_{uuid.uuid4().hex[:8]}"
    monkeypatch.setenv(variable_of(role), PASSWORD)
    with psycopg.connect(empty_warehouse, autocommit=True) as connection:
        connection.execute("create schema share")
        connection.execute("create table share.site_months (site_code text)")
    registry = AccessRegistry({"MX-01": "MEX"}, {}, {role: Access(sites=["MX-01"])})
    applying.apply(empty_warehouse, registry)
    return re.sub(r"//.*@", f"//{role}:{PASSWORD}@", empty_warehouse)


@pytest.fixture
def asked(reader: str) -> str:
    """Ask three things as the reader; the value is the role's name."""
    with psycopg.connect(reader, autocommit=True) as connection:
        connection.execute(
            "select site_code from share.site_months where site_code = 'Maria Lopez'"
        )
        connection.execute(
            "select count(*) from share.site_months where site_code = %s", ["Ana Cruz"]
        )
        with pytest.raises(InsufficientPrivilege):
            connection.execute("select 'Rosa' from raw.forms__journals")
    return reader.split("//")[1].partition(":")[0]


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def test_what_a_reader_asked_is_on_record_without_what_was_asked_for(
    empty_warehouse: str, asked: str, now: datetime
) -> None:
    collected = audit.collect(now, url=empty_warehouse)

    tables = ["share.site_months"]
    assert collected.new_count == 3
    assert rows(empty_warehouse, KEPT) == [
        (
            asked,
            tables,
            "select site_code from share.site_months where site_code = ?",
            True,
            None,
        ),
        (
            asked,
            tables,
            "select count(*) from share.site_months where site_code = $1",
            True,
            None,
        ),
        (asked, [], "select ? from raw.forms__journals", None, "42501"),
    ]


def test_no_parameter_reaches_the_servers_log(
    postgres_server: Postgres, asked: str
) -> None:
    logs = "".join(
        file.read_text() for file in (postgres_server.data_dir / "log").glob("*.json")
    )

    assert asked in logs
    assert "Ana Cruz" not in logs


def test_reading_the_log_again_brings_nothing_twice(
    empty_warehouse: str,
    asked: str,
    now: datetime,
    postgres_server: Postgres,
    tmp_path: Path,
) -> None:
    audit.collect(now, url=empty_warehouse)
    before = rows(empty_warehouse, KEPT)
    shutil.copytree(postgres_server.data_dir / "log", tmp_path / "log")

    again = audit.collect(now, url=empty_warehouse)
    from_folder = audit.collect(now, url=empty_warehouse, logs=tmp_path / "log")

    assert asked
    assert (again.new_count, from_folder.new_count) == (0, 0)
    assert rows(empty_warehouse, KEPT) == before


def test_what_is_older_than_what_is_kept_is_forgotten_and_stays_so(
    empty_warehouse: str, asked: str, now: datetime
) -> None:
    audit.collect(now, url=empty_warehouse)

    later = audit.collect(now + timedelta(days=31), url=empty_warehouse, keep_days=30)
    again = audit.collect(now + timedelta(days=31), url=empty_warehouse, keep_days=30)

    assert asked
    assert later.forgotten_count == 3
    assert again.new_count == 0
    assert rows(empty_warehouse, KEPT) == []


def test_a_folder_without_a_log_is_named(
    empty_warehouse: str, reader: str, now: datetime, tmp_path: Path
) -> None:
    assert reader
    with pytest.raises(AuditError, match="holds no JSON log"):
        audit.collect(now, url=empty_warehouse, logs=tmp_path)


def test_a_warehouse_without_access_says_what_to_do(empty_warehouse: str) -> None:
    with pytest.raises(AuditError, match="access apply"):
        audit.collect(datetime(2026, 1, 31, tzinfo=UTC), url=empty_warehouse)
