from pathlib import Path

import pytest

from sandbox.kobo import KoboServer
from tests.ingestion.command_line.commands import SetConnection, objects, run
from tests.ingestion.conftest import REGISTRY
from tests.ingestion.media.conftest import MARTS
from tests.ingestion.media.conftest import run as write_marts
from tests.ingestion.small_forms import UID
from warehouse.connection import open_engine


@pytest.fixture
def with_lists(registry: Path) -> Path:
    """Switch lists on for the journal; no mart was ever built."""
    mark = f"form: {UID}, "
    assert mark in REGISTRY
    registry.write_text(
        REGISTRY.replace(mark, f"{mark}media: {{files: [sites, families]}}, ", 1)
    )
    return registry


@pytest.fixture
def with_marts(with_lists: Path, warehouse_with_tables: str) -> Path:
    engine = open_engine(warehouse_with_tables)
    write_marts(engine, MARTS)
    engine.dispose()
    return with_lists


@pytest.mark.usefixtures("with_marts")
def test_what_was_sent_is_told_and_a_second_time_nothing(server: KoboServer) -> None:
    code, out, _ = run("publish-media")
    assert code == 0
    assert "sent sites.csv (1 rows), families.csv (2 rows)" in out

    code, out, _ = run("publish-media")
    assert code == 0
    assert "nothing to send" in out
    assert set(server.service.media.on_phones[UID]) == {"sites.csv", "families.csv"}


@pytest.mark.usefixtures("with_marts")
def test_a_dry_run_says_what_would_be_sent(server: KoboServer) -> None:
    code, out, _ = run("publish-media", "--dry-run", "--json")

    assert code == 0
    (report,) = objects(out)
    assert report["sent"] == {"sites.csv": 1, "families.csv": 2}
    assert report["is_dry_run"] is True
    assert server.service.media.on_phones == {}


@pytest.mark.usefixtures("with_marts")
def test_a_wrong_permission_is_one_sentence(
    server: KoboServer, connect_with: SetConnection
) -> None:
    connect_with(token=server.accounts["viewer"].token)

    code, _, errors = run("publish-media")

    assert code == 1
    assert "'Edit form'" in errors
    assert len(errors.strip().splitlines()) == 1
    assert server.accounts["viewer"].token not in errors


@pytest.mark.usefixtures("with_lists")
def test_marts_that_were_never_built_are_told_as_that() -> None:
    code, _, errors = run("publish-media", "--form", "journal")

    assert code == 1
    assert "python -m warehouse build" in errors


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize("options", [(), ("--site", "MX-01"), ("--form", "journal")])
def test_a_registry_without_lists_is_told_what_to_write(options: tuple[str]) -> None:
    code, _, errors = run("publish-media", *options)

    assert code == 1
    assert "`media`" in errors


@pytest.mark.usefixtures("with_marts")
def test_check_says_that_an_account_may_read_a_form_but_not_send_its_lists(
    server: KoboServer, connect_with: SetConnection
) -> None:
    code, _, _ = run("check", "--form", "journal")
    assert code == 0
    connect_with(token=server.accounts["viewer"].token)

    code, _, errors = run("check", "--form", "journal")

    assert code == 1
    assert "'Edit form'" in errors
    assert len(errors.strip().splitlines()) == 1
