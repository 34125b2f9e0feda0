"""The file beside the backups: whose it is, and that nobody's lines are lost."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import OperationalError

from warehouse.connection import open_engine
from warehouse.erasure.identity import make_seal
from warehouse.erasure.ledger import (
    ERASING_LOCK,
    keep_ledger,
    ledger_path,
    read_ledger,
    seal_and_list,
)
from warehouse.tables import erasures

NOW = datetime(2021, 3, 1, tzinfo=UTC)
SERVICE = 12_345  # an account, by its number


@pytest.fixture
def engine(warehouse_with_tables: str) -> Iterator[Engine]:
    engine = open_engine(warehouse_with_tables)
    yield engine
    engine.dispose()


def list_erasure(engine: Engine, number: int, folder: Path) -> None:
    receipt = {"erasure_id": number, "erased_at": NOW.isoformat()}
    with engine.begin() as connection:
        make_seal(connection)
        connection.execute(
            insert(erasures).values(
                erasure_id=number,
                family_hash=f"family {number}",
                erased_at=NOW,
                requested_by="office",
                approved_by="director",
                reason="asked",
                receipt=receipt,
                receipt_hash=f"receipt {number}",
            )
        )
        keep_ledger(connection, folder)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Give no file away, and note whom it would have been given to."""
    noted: list[tuple[int, int]] = []

    def note(_: int, owner: int, group: int) -> None:
        noted.append((owner, group))

    monkeypatch.setattr(os, "fchown", note)
    return noted


def test_a_list_stays_with_its_account_and_as_open_as_it_was(
    engine: Engine, tmp_path: Path, given: list[tuple[int, int]]
) -> None:
    list_erasure(engine, 1, tmp_path)
    path = ledger_path(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    given.clear()

    list_erasure(engine, 2, tmp_path)
    assert given == [(path.stat().st_uid, path.stat().st_gid)]
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.receipt_hash for one in read_ledger(path)] == ["receipt 1", "receipt 2"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_root_lists_stays_readable_to_whom_the_folder_belongs(
    engine: Engine, tmp_path: Path
) -> None:
    os.chown(tmp_path, SERVICE, SERVICE)
    for number in (1, 2):
        list_erasure(engine, number, tmp_path)
        found = ledger_path(tmp_path).stat()
        assert (found.st_uid, found.st_gid) == (SERVICE, SERVICE)


def test_who_may_not_give_it_away_lists_all_the_same(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "fchown", refuse)
    list_erasure(engine, 1, tmp_path)
    assert len(read_ledger(ledger_path(tmp_path))) == 1


@pytest.mark.parametrize("write", [keep_ledger, seal_and_list])
def test_a_list_waits_until_another_erasure_has_written_its_own(
    engine: Engine, tmp_path: Path, write: Callable[[Connection, Path], None]
) -> None:
    with engine.begin() as erasing, engine.begin() as connection:
        erasing.execute(ERASING_LOCK)
        connection.exec_driver_sql("set local lock_timeout = '50ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            write(connection, tmp_path)
        connection.rollback()
    assert list(tmp_path.iterdir()) == []
