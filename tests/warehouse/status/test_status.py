import json
import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from warehouse.__main__ import app
from warehouse.connection import open_engine
from warehouse.status import Line, look, worst

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
FORMS = """
insert into raw.registry__forms (form_id, role_code, server_name, site_codes) values
('a', 'journal', 'kobo_main', '[]'), ('b', 'exit', 'kobo_main', '[]'),
('c', 'corrections', 'finance', '[]')
"""
RUN = """
with run as (
    insert into ops.sync_runs (run_id, form_id, role_code, server_name, status_code,
        is_full, started_at, ended_at)
    values (:run_id, :form, 'x', 'x', :status, false, :moment, :moment)
)

insert into ops.reconciliations (run_id, form_id, live_count, server_count)
values (:run_id, :form, :live, :server)
"""
BUILD = """
insert into ops.builds (status_code, fingerprint, started_at, ended_at)
values (:status, '{}', :moment, :moment)
"""


@pytest.fixture
def engine(
    warehouse_with_tables: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    monkeypatch.setenv("WAREHOUSE_URL", warehouse_with_tables)
    for variable in ("DASHBOARDS_OUT", "WAREHOUSE_BACKUPS"):
        monkeypatch.delenv(variable, raising=False)
    engine = open_engine(warehouse_with_tables)
    yield engine
    engine.dispose()


def run(engine: Engine, statement: str, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement), values)


def landed(  # noqa: PLR0913 - the columns of a run
    engine: Engine,
    form: str,
    status: str = "succeeded",
    *,
    hours_ago: float = 2,
    live: int = 10,
    server: int = 10,
) -> None:
    run(
        engine,
        RUN,
        run_id=uuid.uuid4(),
        form=form,
        status=status,
        moment=NOW - timedelta(hours=hours_ago),
        live=live,
        server=server,
    )


def lines_of(engine: Engine) -> dict[str, Line]:
    with engine.connect() as connection:
        found = look(connection, NOW, timedelta(hours=36))
    return {line.part: line for line in found if not line.part.startswith("disk")}


def test_a_warehouse_where_all_is_well_says_so_part_by_part(engine: Engine) -> None:
    run(engine, FORMS)
    for form in ("a", "b", "c"):
        landed(engine, form, live=1_000, server=1_001)
    run(engine, BUILD, status="succeeded", moment=NOW - timedelta(hours=1))

    lines = lines_of(engine)

    assert worst(lines.values()) == "well"
    assert list(lines) == [
        "warehouse",
        "server finance",
        "server kobo_main",
        "marts",
        "dbt",
        "alerts",
    ]
    assert lines["server kobo_main"].said == (
        "2 forms, landed 2 h ago, 2,000 rows live of 2,002 on the server"
    )
    assert lines["marts"].said == "built 1 h ago"


def test_one_form_that_failed_last_makes_its_server_wrong_and_no_other(
    engine: Engine,
) -> None:
    run(engine, FORMS)
    for form in ("a", "b", "c"):
        landed(engine, form)
    landed(engine, "a", "failed", hours_ago=1)

    lines = lines_of(engine)

    assert lines["server kobo_main"].state == "wrong"
    assert lines["server kobo_main"].said.endswith("failed: journal")
    assert lines["server finance"].state == "well"


@pytest.mark.parametrize(("hours", "state"), [(36, "well"), (36.1, "wrong")])
def test_a_form_that_landed_long_ago_is_wrong(
    engine: Engine, hours: float, state: str
) -> None:
    run(engine, FORMS)
    for form in ("a", "b", "c"):
        landed(engine, form, hours_ago=hours if form == "c" else 1)

    assert lines_of(engine)["server finance"].state == state


def test_a_form_that_never_landed_is_wrong(engine: Engine) -> None:
    run(engine, FORMS)
    landed(engine, "a")

    assert lines_of(engine)["server kobo_main"].said.endswith("1 never landed")
    assert lines_of(engine)["server kobo_main"].state == "wrong"


def test_a_build_that_failed_or_is_old_is_wrong(engine: Engine) -> None:
    assert lines_of(engine)["marts"].said == "built never"
    run(engine, BUILD, status="succeeded", moment=NOW - timedelta(hours=3))
    assert lines_of(engine)["marts"].state == "well"
    run(engine, BUILD, status="failed", moment=NOW - timedelta(hours=1))
    assert lines_of(engine)["marts"].state == "wrong"
    assert lines_of(engine)["marts"].said == "built 3 h ago, the last build failed"


def test_an_alert_that_nobody_got_is_wrong_and_one_that_was_told_is_to_be_looked_at(
    engine: Engine,
) -> None:
    run(
        engine,
        "insert into ops.alerts (cause_id, kind_code, place, severity_code, summary,"
        " what_to_do, opened_at, last_seen_at)"
        " values ('a', 'b', 'c', 'error', 'e', 'f', now(), now())",
    )
    assert lines_of(engine)["alerts"].state == "look"
    run(
        engine,
        "insert into ops.alert_deliveries (alert_id, receiver_name, event_code)"
        " select alert_id, 'lead', 'opened' from ops.alerts",
    )
    assert lines_of(engine)["alerts"].state == "wrong"
    assert "1 receivers could not be reached" in lines_of(engine)["alerts"].said


def test_pages_older_than_the_marts_and_backups_of_long_ago_are_wrong(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, folder = tmp_path / "site" / "en", tmp_path / "backups"
    site.mkdir(parents=True)
    folder.mkdir()
    monkeypatch.setenv("DASHBOARDS_OUT", str(site.parent))
    monkeypatch.setenv("WAREHOUSE_BACKUPS", str(folder))
    run(engine, BUILD, status="succeeded", moment=NOW - timedelta(hours=5))
    assert lines_of(engine)["dashboards"].state == "look"
    assert lines_of(engine)["backups"].state == "look"

    page, dump = site / "index.html", folder / "warehouse_20261125T043000Z.dump"
    for hours, state in ((4, "well"), (40, "wrong")):
        for path in (page, dump, dump.with_suffix(".json")):
            path.touch()
            moment = (NOW - timedelta(hours=hours)).timestamp()
            os.utime(path, (moment, moment))
        assert lines_of(engine)["dashboards"].state == state
        assert lines_of(engine)["backups"].state == state


def test_a_probe_tells_well_wrong_and_unknown_apart(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime.now(UTC)  # noqa: TID251 - the command looks at the clock itself
    run(engine, BUILD, status="succeeded", moment=moment)
    well = CliRunner().invoke(app, ["status", "--json"])
    assert well.exit_code == 0, well.output
    assert {"part", "state", "said"} == set(json.loads(well.stdout.splitlines()[0]))

    run(engine, BUILD, status="failed", moment=moment)
    assert CliRunner().invoke(app, ["status"]).exit_code == 1

    monkeypatch.setenv("WAREHOUSE_URL", "postgresql://a:secret@127.0.0.1:1/warehouse")
    away = CliRunner().invoke(app, ["status"])
    assert away.exit_code == 3
    assert "could not be reached" in away.output
    assert "secret" not in away.output


def test_a_database_without_tables_says_how_to_make_them(empty_warehouse: str) -> None:
    engine = open_engine(empty_warehouse)
    with engine.connect() as connection:
        (line,) = look(connection, NOW, timedelta(hours=36))
    engine.dispose()

    assert line.state == "wrong"
    assert "python -m warehouse tables" in line.said
