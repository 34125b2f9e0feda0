import hashlib
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from sandbox.postgres import Postgres
from warehouse.backups import back_up, newest_backup, restore
from warehouse.backups.manifest import manifest_path
from warehouse.backups.programs import run
from warehouse.connection import open_engine
from warehouse.erasure import ledger_path
from warehouse.errors import BackupError, ErasureError, WarehouseUnavailableError
from warehouse.tables import create_all

NOW = datetime(2026, 11, 26, 4, 30, tzinfo=UTC)
ROLE = "lead_of_restored_site"  # as in FILL
FILL = """
create role lead_of_restored_site login password 'never-in-a-file';
create table marts.fct_months (family_key text, income_local numeric(14, 2),
    primary key (family_key));
insert into marts.fct_months select 'f' || n, n * 1.5 from generate_series(1, 500) as n;
create view share.months as select count(*) as family_count from marts.fct_months;
grant usage on schema share to lead_of_restored_site;
grant select on share.months to lead_of_restored_site;
comment on column marts.fct_months.income_local is 'Money of the month.';
insert into pii.family_keys (family_code) values ('MX-0001');
insert into ops.alerts (cause_id, kind_code, place, severity_code, summary, what_to_do,
    opened_at, last_seen_at) values ('a', 'b', 'c', 'd', 'e', 'f', now(), now());
"""
TABLES = """
select schemaname, tablename from pg_tables
where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2
"""
CONTENT = (
    "select count(*), md5(string_agg(one::text, ',' order by one::text)) from {} one"
)


@pytest.fixture
def full_warehouse(empty_warehouse: str, postgres_server: Postgres) -> Iterator[str]:
    engine = open_engine(empty_warehouse)
    create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(FILL)
    engine.dispose()
    yield empty_warehouse
    with psycopg.connect(empty_warehouse) as connection:
        connection.execute(f"drop owned by {ROLE}".encode())
    postgres_server.run_sql(f"drop role {ROLE}")


def fingerprints(url: str) -> dict[tuple[str, str], object]:
    with psycopg.connect(url) as connection:
        return {
            (schema, table): connection.execute(
                sql.SQL(CONTENT).format(sql.Identifier(schema, table))
            ).fetchone()
            for schema, table in connection.execute(TABLES.encode()).fetchall()
        }


def name_of(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]


def test_after_everything_is_lost_a_backup_brings_back_every_row_role_and_right(
    full_warehouse: str, postgres_server: Postgres, tmp_path: Path
) -> None:
    told: list[str] = []
    written = back_up(NOW, folder=tmp_path, url=full_warehouse, progress=told.append)
    before = fingerprints(full_warehouse)
    assert written.file == tmp_path / "warehouse_20261126T043000Z.dump"
    assert any("fct_months" in line for line in told)

    postgres_server.run_sql(f'drop database "{name_of(full_warehouse)}" with (force)')
    postgres_server.run_sql(f"drop role {ROLE}")
    restored = restore(written.file, NOW, url=full_warehouse)

    assert fingerprints(full_warehouse) == before
    assert restored.roles == (ROLE,)
    with psycopg.connect(full_warehouse) as connection:
        connection.execute(f"set role {ROLE}".encode())
        assert connection.execute("select * from share.months").fetchall() == [(500,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from pii.family_keys")
    # A sequence that began anew would give the next row a number that is taken.
    engine = open_engine(full_warehouse)
    create_all(engine)
    with engine.begin() as connection_:
        connection_.exec_driver_sql(
            "insert into ops.alerts (cause_id, kind_code, place, severity_code,"
            " summary, what_to_do, opened_at, last_seen_at)"
            " values ('z', 'b', 'c', 'd', 'e', 'f', now(), now())"
        )
    engine.dispose()


def test_no_file_of_a_backup_holds_a_password_or_is_open_to_others(
    full_warehouse: str, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    written = back_up(NOW, folder=folder, url=full_warehouse)

    said = manifest_path(written.file).read_text()
    assert ROLE in said
    for path in folder.iterdir():
        assert b"never-in-a-file" not in path.read_bytes()
        assert b"SCRAM-SHA-256" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_a_database_that_is_not_empty_is_left_as_it_is(
    full_warehouse: str, tmp_path: Path
) -> None:
    written = back_up(NOW, folder=tmp_path, url=full_warehouse)
    before = fingerprints(full_warehouse)

    with pytest.raises(BackupError, match=r"is not empty \(\d+ tables\)"):
        restore(written.file, NOW, url=full_warehouse)
    assert fingerprints(full_warehouse) == before


def test_a_backup_named_from_where_one_stands_can_be_tried_in_another_database(
    full_warehouse: str,
    postgres_server: Postgres,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    back_up(NOW, folder=Path("backups"), url=full_warehouse)
    (file,) = Path("backups").glob("*.dump")
    other = f"{name_of(full_warehouse)}_tried"
    try:
        restore(file, NOW, url=full_warehouse, database=other)
        url = postgres_server.url(other)
        assert fingerprints(url) == fingerprints(full_warehouse)
        with psycopg.connect(url) as connection:
            connection.execute(f"drop owned by {ROLE}".encode())
    finally:
        postgres_server.run_sql(f'drop database if exists "{other}" with (force)')


def test_a_damaged_backup_is_refused_before_anything_is_written(
    full_warehouse: str, empty_warehouse: str, tmp_path: Path
) -> None:
    written = back_up(NOW, folder=tmp_path, url=full_warehouse)
    content = bytearray(written.file.read_bytes())
    content[len(content) // 2] ^= 1
    written.file.write_bytes(content)

    with pytest.raises(BackupError, match="its checksum differs"):
        restore(written.file, NOW, url=empty_warehouse, database="never_made")


def test_a_backup_that_breaks_in_the_middle_leaves_the_database_empty(
    full_warehouse: str, postgres_server: Postgres, tmp_path: Path
) -> None:
    written = back_up(NOW, folder=tmp_path, url=full_warehouse)
    cut = written.file.read_bytes()[:-2_000]
    written.file.write_bytes(cut)
    path = manifest_path(written.file)
    said = json.loads(path.read_text())
    said |= {"bytes": len(cut), "sha256": hashlib.sha256(cut).hexdigest()}
    path.write_text(json.dumps(said))
    other = f"{name_of(full_warehouse)}_broken"
    try:
        with pytest.raises(BackupError, match="pg_restore failed, and nothing"):
            restore(written.file, NOW, url=full_warehouse, database=other)
        assert fingerprints(postgres_server.url(other)) == {}
    finally:
        postgres_server.run_sql(f'drop database if exists "{other}" with (force)')


def test_the_oldest_backups_go_only_when_a_new_one_is_whole(
    empty_warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "warehouse_of_somebody.dump").write_text("not ours")
    for day in range(3):
        back_up(NOW + timedelta(days=day), folder=tmp_path, kept=2, url=empty_warehouse)
    kept = ["warehouse_20261127T043000Z.dump", "warehouse_20261128T043000Z.dump"]
    ours = sorted(path.name for path in tmp_path.glob("warehouse_2*.dump"))
    assert ours == kept
    assert (tmp_path / "warehouse_of_somebody.dump").exists()

    monkeypatch.setattr("warehouse.backups.writing.run", _fail)
    with pytest.raises(BackupError):
        back_up(NOW + timedelta(days=9), folder=tmp_path, kept=1, url=empty_warehouse)
    assert sorted(path.name for path in tmp_path.glob("warehouse_2*.dump")) == kept
    assert list(tmp_path.glob("*.partial")) == []
    newest = newest_backup(tmp_path)
    assert newest is not None
    assert newest.name == kept[-1]


def _fail(command: list[str], *_: object) -> None:
    Path(str(command[-1]).partition("=")[2]).write_text("half a backup")
    raise BackupError("The disk is full.")


def test_a_list_that_cannot_be_read_is_told_of_after_the_backup_is_whole(
    full_warehouse: str, tmp_path: Path
) -> None:
    ledger_path(tmp_path).mkdir()  # closed, even to root

    with pytest.raises(ErasureError, match=r"dump is written.*cannot be read"):
        back_up(NOW, folder=tmp_path, url=full_warehouse)
    newest = newest_backup(tmp_path)
    assert newest is not None
    ledger_path(tmp_path).rmdir()
    assert back_up(NOW, folder=tmp_path, url=full_warehouse).file == newest


def test_two_backups_are_not_written_at_the_same_time(
    empty_warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(*arguments: object) -> None:
        begun.set()
        assert go_on.wait(60)
        run(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("warehouse.backups.writing.run", slow)
    first = threading.Thread(
        target=back_up, args=(NOW,), kwargs={"folder": tmp_path, "url": empty_warehouse}
    )
    first.start()
    assert begun.wait(60)
    try:
        with pytest.raises(BackupError, match="Another backup"):
            back_up(NOW, folder=tmp_path, url=empty_warehouse)
    finally:
        go_on.set()
        first.join()
    assert newest_backup(tmp_path) is not None


def test_a_reader_who_backs_up_is_told_who_may(
    full_warehouse: str, tmp_path: Path
) -> None:
    with psycopg.connect(full_warehouse) as connection:
        # As `warehouse.access` leaves it to those who land and build.
        connection.execute(
            "revoke execute on function pg_try_advisory_lock(bigint) from public"
        )
    reader = make_url(full_warehouse).set(
        username=ROLE,
        password="never-in-a-file",  # noqa: S106 - as in FILL
    )
    url = reader.render_as_string(hide_password=False)

    with pytest.raises(BackupError, match=f"{ROLE} .*permission denied .*owner"):
        back_up(NOW, folder=tmp_path, url=url)


def test_without_a_program_of_the_servers_version_it_says_where_to_put_one(
    empty_warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o700)
    monkeypatch.setenv("POSTGRES_BINARIES", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("warehouse.backups.programs.EMBEDDED", "no_such_package")

    with pytest.raises(BackupError) as caught:
        back_up(NOW, folder=tmp_path / "backups", url=empty_warehouse)
    assert "There is no pg_dump of PostgreSQL 18" in str(caught.value)
    assert f"{old} is of 9" in str(caught.value)
    assert "POSTGRES_BINARIES" in str(caught.value)


def test_a_folder_that_is_not_set_and_a_server_that_is_away_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAREHOUSE_BACKUPS", raising=False)
    with pytest.raises(BackupError, match="WAREHOUSE_BACKUPS is not set"):
        back_up(NOW)
    nowhere = "postgresql://nobody:secret@127.0.0.1:1/warehouse"
    with pytest.raises(WarehouseUnavailableError):
        back_up(NOW, folder=tmp_path, url=nowhere)
    with pytest.raises(BackupError, match="There is no backup"):
        restore(tmp_path / "none.dump", NOW, url=nowhere)
