"""A family that was erased stays so when a backup from before is restored."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fsspec
import pytest
from sqlalchemy import Engine

from ingestion.erasing import Erasure, erase_again, erase_family
from ingestion.landing.attachments.store import AttachmentStore
from sandbox.kobo import KoboServer
from sandbox.postgres import Postgres
from tests import search
from tests.ingestion.conftest import MAPS, Rows, kobo_form, land_from
from tests.ingestion.small_forms import UID, Life, day, forty
from warehouse.backups import back_up, restore
from warehouse.connection import open_engine
from warehouse.erasure import ledger_path
from warehouse.errors import BackupError, ErasureError

NOW = datetime(2021, 3, 1, tzinfo=UTC)
MAP = MAPS / "small_journal.yml"
# Enrolled, of its journal alone, and enrolled after the backup was written.
ENROLLED, UNENROLLED, LATE = "MX-01-0007", "MX-01-0009", "MX-01-0041"
EARLY = "MX-01-0003"  # erased before the backup was written
ALIKE = "MX-0L-0007"  # looks like the first, and is another family's
PHONE = "555 867 7{:03}"
RECEIPTS = "select receipt, receipt_hash from ops.erasures order by erasure_id"
BLOCKS = "select block_hash, kind_code from ops.erasure_blocks order by block_hash"


def with_phone(number: int, code: str | None = None) -> dict[str, object]:
    return {
        "family_code": code or f"MX-01-{number:04}",
        "ref_month": "2021-01-01",
        "phone": PHONE.format(number),
    }


@pytest.fixture
def server() -> Iterator[KoboServer]:
    life = forty(Life())
    for number in (3, 7, 9):
        life.edit(number, 11, **with_phone(number))
    life.edit(12, 11, phone="of mx 01 0007, she says")
    life.add(41, 20, **with_phone(41))
    with KoboServer([life.form()], clock=day(15)) as server:
        yield server


def land(server: KoboServer, engine: Engine, *, full: bool = False) -> None:
    token = server.accounts["owner"].token
    land_from(server.url, token, UID, engine, MAP, full=full)


def erase(
    engine: Engine, code: str, folder: Path | None, *, dry_run: bool = False
) -> Erasure:
    return erase_family(
        code,
        "the family asked for it",
        requested_by="office",
        approved_by="director",
        dry_run=dry_run,
        registry=kobo_form(UID, MAP),
        engine=engine,
        environment={} if folder is None else {"WAREHOUSE_BACKUPS": str(folder)},
        clock=lambda: NOW + timedelta(days=1),
    )


def enrol(engine: Engine, *codes: str) -> None:
    with engine.begin() as connection:
        for code in codes:
            connection.exec_driver_sql(
                f"insert into pii.family_keys (family_code) values ('{code}')"  # noqa: S608 - constants
            )


def lose(engine: Engine, server: Postgres) -> None:
    """Have an empty database where the warehouse was."""
    engine.dispose()
    server.run_sql(f'drop database "{engine.url.database}" with (force)')
    server.ensure_database(str(engine.url.database))


def url_of(engine: Engine) -> str:
    url = engine.url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def backed_up(engine: Engine, folder: Path) -> Path:
    return back_up(NOW, folder=folder, url=url_of(engine)).file


@pytest.fixture
def lost(
    engine: Engine, server: KoboServer, postgres_server: Postgres, tmp_path: Path
) -> tuple[Path, list[str]]:
    """Back up, erase, lose the database; the value is the backup and who is gone."""
    enrol(engine, EARLY, ENROLLED)
    land(server, engine)
    erase(engine, EARLY, None)
    file = backed_up(engine, tmp_path)
    server.set_clock(day(25))
    land(server, engine)
    gone = [EARLY, ENROLLED, UNENROLLED, LATE, "mx 01 0007"]
    with engine.connect() as connection:
        keys = connection.exec_driver_sql("select family_key from pii.family_keys")
        gone += [*keys.scalars(), *map(PHONE.format, (3, 7, 9, 41))]
    for code in (ENROLLED, UNENROLLED, LATE):
        assert erase(engine, code, tmp_path).is_done
    lose(engine, postgres_server)
    return file, gone


def test_a_restore_erases_again_and_landing_brings_nobody_back(
    lost: tuple[Path, list[str]], engine: Engine, server: KoboServer, rows: Rows
) -> None:
    file, gone = lost
    restored = restore(file, NOW + timedelta(days=2), url=url_of(engine))

    assert (restored.again.listed, restored.again.erased) == (4, 2)
    assert "2 families were in the database" in restored.again.told()
    assert search.in_database(url_of(engine), gone) == set()
    land(server, engine, full=True)
    assert search.in_database(url_of(engine), gone) == set()
    # Whom nobody asked to erase is there, and the one who told of her neighbour.
    journals = rows("select distinct submission_id from raw.forms__journals")
    assert len(journals) == 41 - 4
    assert {"12"} <= {row["submission_id"] for row in journals}


def test_receipts_come_back_and_tell_what_was_done_again(
    lost: tuple[Path, list[str]], engine: Engine, rows: Rows
) -> None:
    restore(lost[0], NOW, url=url_of(engine))

    receipts = [row["receipt"] for row in rows(RECEIPTS)]
    assert [one["erasure_id"] for one in receipts] == [1, 2, 3, 4, 5, 6]
    assert [one.get("repeats_erasure_id") for one in receipts[3:]] == [None, 2, 3]
    hashes = [row["receipt_hash"] for row in rows(RECEIPTS)]
    assert [one["previous_receipt_hash"] for one in receipts] == [None, *hashes[:-1]]
    assert {one["approved_by"] for one in receipts} == {"director"}


def test_restored_again_or_gone_on_with_it_is_the_same(
    lost: tuple[Path, list[str]], engine: Engine, postgres_server: Postgres, rows: Rows
) -> None:
    file, gone = lost
    restore(file, NOW, url=url_of(engine))
    once = rows(BLOCKS)
    ledger = ledger_path(file.parent)
    listed = ledger.read_bytes()
    registry = kobo_form(UID, MAP)
    assert erase_again(ledger, registry=registry, engine=engine).erased == 0

    lose(engine, postgres_server)
    assert restore(file, NOW, url=url_of(engine)).again.erased == 2
    assert rows(BLOCKS) == once
    assert ledger.read_bytes() == listed
    assert search.in_database(url_of(engine), gone) == set()


def test_the_list_names_nobody_is_closed_and_outlives_the_oldest_backups(
    lost: tuple[Path, list[str]], empty_warehouse: str
) -> None:
    file, gone = lost
    ledger = ledger_path(file.parent)

    for number in range(1, 3):
        now = NOW + timedelta(days=number)
        back_up(now, folder=file.parent, kept=1, url=empty_warehouse)
    assert not file.exists()
    assert list(search.in_bytes(ledger.read_bytes(), gone)) == []
    assert len(ledger.read_text().splitlines()) == 4
    assert ledger.stat().st_mode & 0o077 == 0


def test_a_family_whose_code_only_looks_alike_is_not_erased(
    engine: Engine, tmp_path: Path, rows: Rows, postgres_server: Postgres
) -> None:
    enrol(engine, "MX-01-0007", ALIKE)
    file = backed_up(engine, tmp_path)
    erase(engine, "MX-01-0007", tmp_path)
    lose(engine, postgres_server)

    assert restore(file, NOW, url=url_of(engine)).again.erased == 1
    assert rows("select family_code from pii.family_keys") == [{"family_code": ALIKE}]


def test_without_its_list_a_restore_does_not_call_itself_done(
    lost: tuple[Path, list[str]], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, gone = lost
    monkeypatch.delenv("WAREHOUSE_BACKUPS", raising=False)
    ledger = ledger_path(file.parent)
    kept = ledger.rename(file.parent / "elsewhere.jsonl")

    with pytest.raises(BackupError, match=r"let nobody read from it.*no list of era"):
        restore(file, NOW, url=url_of(engine))
    assert search.in_database(url_of(engine), gone) != set()
    again = erase_again(kept, registry=kobo_form(UID, MAP), engine=engine)
    assert again.erased == 2
    assert search.in_database(url_of(engine), gone) == set()


def test_an_erasure_from_before_there_was_a_list_is_on_it_with_the_next_backup(
    engine: Engine, server: KoboServer, tmp_path: Path
) -> None:
    land(server, engine)
    done = erase(engine, UNENROLLED, None)
    told = " ".join(done.receipt["still_there"])
    assert "WAREHOUSE_BACKUPS) is set here" in told

    backed_up(engine, tmp_path)
    (line,) = ledger_path(tmp_path).read_text().splitlines()
    assert json.loads(line)["receipt_hash"] == done.receipt["receipt_hash"]


def test_nothing_goes_and_one_sentence_says_so_where_the_list_cannot_be_written(
    engine: Engine, server: KoboServer, tmp_path: Path, rows: Rows
) -> None:
    land(server, engine)
    folder = tmp_path / "backups"
    folder.write_text("a file, where a folder should be")
    count = "select count(*) from raw.forms__journals"
    before = rows(count)

    assert not erase(engine, UNENROLLED, folder, dry_run=True).is_done
    with pytest.raises(ErasureError, match=r"Nothing was erased\. .*could not be writ"):
        erase(engine, UNENROLLED, folder)
    assert rows(count) == before
    assert rows("select * from ops.erasures") == []
    with pytest.raises(BackupError, match="address of a store"):
        erase_family(
            UNENROLLED,
            "asked",
            requested_by="a",
            approved_by="b",
            registry=kobo_form(UID, MAP),
            engine=engine,
            environment={"WAREHOUSE_BACKUPS": "s3://bucket/backups"},
        )


def test_a_list_with_a_broken_line_is_refused_by_its_number(
    engine: Engine, server: KoboServer, tmp_path: Path
) -> None:
    land(server, engine)
    erase(engine, UNENROLLED, tmp_path)
    with ledger_path(tmp_path).open("a") as ledger:
        ledger.write('{"version": 1, "key"\n')

    with pytest.raises(ErasureError, match=r"Line 2 of .* cannot be read: take the"):
        erase(engine, "MX-01-0010", tmp_path)


def test_two_lists_that_went_on_apart_give_one_number_to_two_and_both_are_erased(
    engine: Engine, tmp_path: Path, postgres_server: Postgres, rows: Rows
) -> None:
    enrol(engine, EARLY, ENROLLED)
    folder, elsewhere = tmp_path / "backups", tmp_path / "older"
    file = backed_up(engine, folder)
    erase(engine, EARLY, folder)
    older = ledger_path(folder).read_bytes()
    erase(engine, ENROLLED, folder)
    newest = ledger_path(folder).rename(tmp_path / "newest.jsonl")
    ledger_path(folder).write_bytes(older)
    lose(engine, postgres_server)
    # The first is done again under the number that the second has on the newest list.
    assert restore(file, NOW, url=url_of(engine)).again.erased == 1
    elsewhere.mkdir()
    registry = kobo_form(UID, MAP)

    assert erase_again(newest, registry=registry, engine=engine).erased == 1
    assert rows("select family_code from pii.family_keys") == []
    hashes = {json.loads(line)["receipt_hash"] for line in open_lines(newest)}
    kept = rows(RECEIPTS)
    assert hashes <= {row["receipt_hash"] for row in kept}
    assert [row["receipt"]["erasure_id"] for row in kept] == [1, 2, 2, 4]
    again = kept[-1]["receipt"]
    assert again["repeats_erasure_id"] == 3
    assert erase_again(newest, registry=registry, engine=engine).erased == 0

    # All of it is on the list from now on, and a restore by that list erases both.
    backed_up(engine, elsewhere)
    both = ledger_path(elsewhere)
    assert len(open_lines(both)) == 4
    both.replace(ledger_path(folder))
    lose(engine, postgres_server)
    again_all = restore(file, NOW, url=url_of(engine)).again
    assert (again_all.listed, again_all.erased) == (4, 2)


def open_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_a_list_of_another_warehouse_erases_nobody(
    engine: Engine,
    server: KoboServer,
    tmp_path: Path,
    warehouse_of_others: Engine,
    rows: Rows,
) -> None:
    land(server, engine)
    backed_up(engine, tmp_path / "own")
    enrol(warehouse_of_others, UNENROLLED)
    erase(warehouse_of_others, UNENROLLED, tmp_path / "theirs")

    theirs = ledger_path(tmp_path / "theirs")
    with pytest.raises(ErasureError, match=r"Each of the 1 erasures .* another key"):
        erase_again(theirs, registry=kobo_form(UID, MAP), engine=engine)
    assert rows("select * from ops.erasures") == []

    erase(engine, "MX-01-0010", tmp_path / "own")
    both = tmp_path / "both.jsonl"
    both.write_bytes(
        ledger_path(tmp_path / "own").read_bytes() + theirs.read_bytes(),
    )
    again = erase_again(
        both,
        registry=kobo_form(UID, MAP),
        engine=engine,
        store=AttachmentStore(fsspec.filesystem("file"), str(tmp_path)),
    )
    assert (again.listed, again.foreign, again.erased) == (1, 1, 0)
    assert "1 more are of another warehouse" in again.told()


@pytest.mark.parametrize("first", ["a backup", "an erasure"])
def test_a_warehouse_begun_anew_beside_its_list_takes_the_lists_key(
    lost: tuple[Path, list[str]], engine: Engine, server: KoboServer, first: str
) -> None:
    file, gone = lost
    land(server, engine)
    if first == "a backup":
        backed_up(engine, file.parent)
    else:
        erase(engine, "MX-01-0010", file.parent)
    registry = kobo_form(UID, MAP)

    again = erase_again(ledger_path(file.parent), registry=registry, engine=engine)
    assert (again.foreign, again.erased) == (0, 4)
    assert search.in_database(url_of(engine), gone) == set()


@pytest.fixture
def warehouse_of_others(
    postgres_server: Postgres, template_with_tables: str
) -> Iterator[Engine]:
    postgres_server.run_sql(f"create database others template {template_with_tables}")
    engine = open_engine(postgres_server.url("others"))
    yield engine
    engine.dispose()
    postgres_server.run_sql("drop database others with (force)")
