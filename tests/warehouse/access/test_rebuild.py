"""No moment without the policies: while dbt rebuilds, afterwards, and in releases."""

import threading
from datetime import UTC, date, datetime

import psycopg
import pytest

from ingestion import landing
from tests.warehouse.access.conftest import Guarded
from tests.warehouse.conftest import Warehouse
from warehouse import dbt
from warehouse.access import applying
from warehouse.connection import open_engine
from warehouse.releases.definition import Release
from warehouse.releases.freezing import freeze
from warehouse.releases.mart_queries import MartQuery

# Of each way to make a table: from nothing, and by adding what is new.
REBUILT = "site_months dim_events fct_loans"
RELEASE = Release(
    code="2021-07",
    known_as_of=datetime(2021, 9, 30, 23, 59, 59, tzinfo=UTC),
    start_month=date(2020, 7, 1),
    end_month=date(2021, 7, 1),
)
FREEZE = [
    MartQuery(name, f"select * from marts.{name}")  # noqa: S608 - names of our own
    for name in ("dim_metrics", "dim_sites", "dim_families", "fct_metric_values")
]


class Reader(threading.Thread):
    """Reads a table again and again until told to stop, and keeps whose rows came."""

    def __init__(self, guarded: Guarded, role: str, query: str) -> None:
        super().__init__()
        self._url = guarded.url_of(role)
        self._query = query.encode()
        self.done = threading.Event()
        self.seen: set[object] = set()
        self.times = 0
        self.failed: str | None = None

    def run(self) -> None:
        try:
            with psycopg.connect(self._url, autocommit=True) as connection:
                while not self.done.is_set():
                    self.seen.update(row[0] for row in connection.execute(self._query))
                    self.times += 1
        except psycopg.Error as error:
            self.failed = str(error)


@pytest.mark.parametrize("full_refresh", [False, True])
def test_a_rebuild_as_the_transformer_never_shows_a_foreign_row(
    guarded: Guarded, built_pilot: Warehouse, *, full_refresh: bool
) -> None:
    readers = [
        Reader(guarded, "lead_mexico", "select site_code from share.site_months"),
        Reader(
            guarded,
            "liaison_one",
            "select distinct peer_group_code from marts.fct_loans",
        ),
    ]
    for reader in readers:
        reader.start()
    try:
        before = oids(guarded)
        report = dbt.build(
            url=guarded.url_of("transformer"),
            select=REBUILT,
            exclude="test_type:unit",
            full_refresh=full_refresh,
            target_dir=built_pilot.target,
        )
    finally:
        for reader in readers:
            reader.done.set()
            reader.join()

    changed = oids(guarded) - before
    assert report.passed > 3
    assert {table for table, _ in changed} == {"site_months", "dim_events"} | (
        {"fct_loans"} if full_refresh else set()
    )
    assert [reader.failed for reader in readers] == [None, None]
    assert [reader.seen for reader in readers] == [{"MX-01", "MX-02"}, {"MX-PG01"}]
    assert min(reader.times for reader in readers) > 1
    # What dbt made needs nothing of a next applying.
    assert applying.plan(guarded.url, guarded.registry) == []


def oids(guarded: Guarded) -> set[tuple[str, int]]:
    names = ", ".join(f"'{name}'" for name in REBUILT.split())
    return {
        (table, oid)
        for table, oid in guarded.all_rows(
            "select table_name, relation::oid::int from access.protected_relations"  # noqa: S608 - our own names
            f" where table_name in ({names})"
        )
    }


def test_a_frozen_release_shows_analysts_own_rows_and_others_nothing(
    guarded: Guarded,
) -> None:
    engine = open_engine(guarded.url_of("transformer"))
    with engine.connect() as connection, connection.begin() as transaction:
        freeze(connection, RELEASE, FREEZE, git_commit=None, project_version="1")
        rules = connection.exec_driver_sql(
            "select relname, access.row_rule(oid) from pg_class"
            " where relnamespace = 'release_2021_07'::regnamespace and relkind = 'r'"
        )
        relations = {table: str(rule) for table, rule in rules}
        closed = connection.exec_driver_sql(
            "select bool_and(relrowsecurity)"
            " and bool_and(has_table_privilege('reads_marts', pg_class.oid, 'select'))"
            " and not bool_or("
            "has_table_privilege('reads_own_groups', pg_class.oid, 'select'))"
            " and not bool_or("
            "has_table_privilege('reads_share', pg_class.oid, 'select'))"
            " from pg_class"
            " where relnamespace = 'release_2021_07'::regnamespace and relkind = 'r'"
        ).scalar_one()
        transaction.rollback()
    engine.dispose()

    assert closed
    assert relations["dim_metrics"] == "None"
    assert "site_code = any" in relations["dim_families"]
    assert "scope_code = any" in relations["fct_metric_values"]


def test_a_warehouse_without_access_applied_shows_readers_nothing(
    built_pilot: Warehouse,
) -> None:
    found = built_pilot.rows(
        "select bool_and(relrowsecurity), count(*) from pg_class"
        " where relkind = 'r' and relnamespace::regnamespace::text"
        " in ('marts', 'share')"
    )

    assert found[0][0]
    assert found[0][1] > 40


def test_the_loader_lands_what_the_registry_and_a_form_say(
    guarded: Guarded, pilot_files: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", guarded.url_of("loader"))
    monkeypatch.setenv("JOURNAL_FILES_ROOT", str(pilot_files))

    landing.land_registry()
    report = landing.land_form("journal_payments", full=True)

    assert report.difference == 0
    assert report.live > 0
