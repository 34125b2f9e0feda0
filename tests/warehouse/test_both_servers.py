"""Wherever a site's forms are kept, KoboToolbox or ODK Central, the marts are the same.

The pilot is landed from both servers, the Philippines from Central, and (in the long
tests) all of it from Central; either way every row must be the one that the pilot on
KoboToolbox alone gives. The long tests compare every table, the others the month of the
families and what it is made of.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from ingestion import landing
from sandbox.feeds.registry import CENTRAL, write_registry
from sandbox.kobo import KoboServer
from sandbox.odk import OdkServer
from sandbox.pilot.model import Pilot
from sandbox.pilot.sites import split_by_sites
from sandbox.postgres import Postgres
from tests.warehouse.conftest import (
    EMPTY_UNTIL_A_FREEZE,
    FIRST_PULL,
    SECOND_PULL,
    Warehouse,
    land_everything,
)
from warehouse import dbt

# Central tells when a submission was deleted for thirty days. The pilot deletes in
# September 2021 and a release ends with that month, so Central is asked once more.
BEFORE_THE_TRASH_IS_EMPTIED = datetime(2021, 10, 1, tzinfo=UTC)

PHILIPPINES = ("PH-01", "PH-02")
FAMILY_MONTHS = "+fct_family_months +dim_form_versions"
EVERYWHERE = (
    *("MX-01", "MX-02", "CO-01", "CO-02", *PHILIPPINES),
    *("LR-01", "LR-02", "US-01"),
)

# A form has another name and other ids on another server, and one that is on both is
# listed twice: compared by itself. All else is compared column by column, row by row.
ONLY_FORMS = {"marts.dim_form_versions", "share.form_syncs", "share.dbt_runs"}

# Of the raw tables, the newest version of every submission. Left out: the ids of form,
# submission, version and run, since each server has its own; the payload and its hash,
# which are as the server writes them; the time of landing; and the number of the
# version, as Central was asked once more. Of a submission that was edited the review
# too: KoboToolbox keeps it over an edit, Central takes it back.
NEWEST_ANSWERS = """
select distinct on (root_id)
    root_id,
    change_code,
    form_version_name,
    received_at,
    known_at,
    answers::text,
    answer_problems::text,
    case when not was_edited then review_state_code end as review_state_code,
    case when not was_edited then reviewed_at end as reviewed_at
from (
    select *, bool_or(change_code = 'edited') over (partition by root_id) as was_edited
    from raw.forms__{role}
) as submissions
order by root_id, version_number desc
"""
ROLES = ("enrolments", "journals", "peer_meetings", "investments", "exits")

Rows = Counter[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried.

    Attributes:
        sites: Those on Central.
        models: What is built, in dbt's words. None builds all.
    """

    sites: tuple[str, ...]
    models: str | None = None


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(Trial(PHILIPPINES, FAMILY_MONTHS), id="both"),
        pytest.param(
            Trial(PHILIPPINES), id="both, every table", marks=pytest.mark.long
        ),
        pytest.param(Trial(EVERYWHERE), id="central", marks=pytest.mark.long),
    ],
)
def trial(request: pytest.FixtureRequest) -> Trial:
    chosen: Trial = request.param
    return chosen


@pytest.fixture(scope="module")
def central_sites(trial: Trial) -> tuple[str, ...]:
    return trial.sites


@pytest.fixture(scope="module")
def registry(
    central_sites: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Write a registry with some sites on Central, in a folder of its own."""
    folder = tmp_path_factory.mktemp("sites_on_central_")
    return write_registry(folder / "sites.yml", central_sites)


@pytest.fixture(scope="module")
def servers(
    central_sites: tuple[str, ...], pilot: Pilot
) -> Iterator[tuple[KoboServer, OdkServer]]:
    """Serve the pilot from both, each with the submissions of its sites."""
    there, here = split_by_sites(pilot.forms, central_sites)
    with (
        KoboServer(here, clock=FIRST_PULL) as kobo,
        OdkServer(there, clock=FIRST_PULL) as central,
    ):
        yield kobo, central


@pytest.fixture(scope="module")
def built_elsewhere(  # noqa: PLR0913, PLR0917 - all that it is made of
    servers: tuple[KoboServer, OdkServer],
    registry: Path,
    pilot_files: Path,
    built_pilot: Warehouse,
    postgres_server: Postgres,
    trial: Trial,
) -> Warehouse:
    """Land the pilot from both servers and build it."""
    name = f"pilot_{registry.parent.name}"
    postgres_server.ensure_database(name)
    url = postgres_server.url(name)
    kobo, central = servers
    target = registry.parent / "target"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAREHOUSE_URL", url)
        patch.setenv("JOURNAL_SITES", str(registry))
        patch.setenv("JOURNAL_FILES_ROOT", str(pilot_files))
        connect(patch, kobo, central)
        land_everything()
        central.set_clock(BEFORE_THE_TRASH_IS_EMPTIED)
        land_central()
        for server in servers:
            server.set_clock(SECOND_PULL)
        land_everything()
        give_family_keys(built_pilot.url, url)
        # The unit tests of models say nothing about the rows, and those of the data
        # read what is not built of some models.
        tests = "test_type:unit" + (" test_type:data" if trial.models else "")
        dbt.build(target_dir=target, select=trial.models, exclude=tests)
    return Warehouse(url, target)


def connect(patch: pytest.MonkeyPatch, kobo: KoboServer, central: OdkServer) -> None:
    viewer = central.accounts["viewer"]
    connections = {
        "KOBO_MAIN": {"host": kobo.url, "password": kobo.token},
        "CENTRAL": {
            "host": central.url,
            "login": viewer.email,
            "password": viewer.password,
        },
    }
    for name, connection in connections.items():
        patch.setenv(f"AIRFLOW_CONN_{name}", json.dumps(connection))


def give_family_keys(from_url: str, to_url: str) -> None:
    """Give the families that have a key the one they have elsewhere.

    Keys are drawn at random; a family without one stays without.
    """
    with psycopg.connect(from_url) as giver:
        keys = giver.execute(
            "select family_key, family_code from pii.family_keys"
        ).fetchall()
    with psycopg.connect(to_url) as taker:
        taker.cursor().executemany(
            "update pii.family_keys set family_key = %s where family_code = %s", keys
        )


def land_central() -> None:
    for form in landing.all_forms():
        if form["server"] == CENTRAL:
            landing.land_form(form["name"])


def tables_of(warehouse: Warehouse) -> dict[str, list[str]]:
    """Return the tables that people read, each with its columns."""
    found = warehouse.rows("""
        select
            concat_ws('.', table_schema, table_name),
            array_agg(column_name::text order by ordinal_position)
        from information_schema.columns
        where
            table_schema in ('marts', 'share')
            or (table_schema = 'ops' and table_name = 'data_issues')
        group by table_schema, table_name
        order by table_schema, table_name
    """)
    return {name: columns for name, columns in found if name not in ONLY_FORMS}


def contents(warehouse: Warehouse, tables: Iterable[str]) -> dict[str, Rows]:
    """Return every row of the tables, as text."""
    with psycopg.connect(warehouse.url) as connection:
        return {
            table: Counter(
                connection.execute(
                    # Each kind of server shows its records under other addresses.
                    sql.SQL(
                        "select (to_jsonb(row) - 'form_url')::text from {} as row"
                    ).format(sql.Identifier(*table.split(".")))
                ).fetchall()
            )
            for table in tables
        }


def test_every_row_that_people_read_is_the_same(
    built_pilot: Warehouse, built_elsewhere: Warehouse, trial: Trial
) -> None:
    every_table = tables_of(built_pilot)
    tables = tables_of(built_elsewhere)
    expected = contents(built_pilot, tables)
    found = contents(built_elsewhere, tables)

    if trial.models is None:
        assert tables == every_table
    else:
        assert tables["marts.fct_family_months"]
        assert tables.items() <= every_table.items()
    empty = {table for table, rows in expected.items() if not rows}
    assert empty <= EMPTY_UNTIL_A_FREEZE, "an empty table proves nothing"
    lost = {table: (expected[table] - found[table]).most_common(3) for table in tables}
    added = {table: (found[table] - expected[table]).most_common(3) for table in tables}
    assert {table: rows for table, rows in lost.items() if rows} == {}
    assert {table: rows for table, rows in added.items() if rows} == {}


def test_every_answer_is_the_same(
    built_pilot: Warehouse, built_elsewhere: Warehouse
) -> None:
    for role in ROLES:
        query = NEWEST_ANSWERS.format(role=role)
        expected = Counter(built_pilot.rows(query))
        found = Counter(built_elsewhere.rows(query))

        assert len(expected) >= 50
        assert list((expected - found).elements())[:3] == []
        assert list((found - expected).elements())[:3] == []


def test_nothing_is_refused_or_unknown_on_either_server(
    built_elsewhere: Warehouse,
) -> None:
    assert built_elsewhere.rows("select * from ops.rejected_records") == []
    assert built_elsewhere.rows("select * from ops.unmapped_questions") == []


def test_a_form_on_both_servers_has_its_versions_on_each(
    built_pilot: Warehouse,
    built_elsewhere: Warehouse,
    central_sites: tuple[str, ...],
) -> None:
    """On Central the name of a version is its id."""
    query = """
        select
            form_id, form_version_id, form_role_code, form_version_name,
            version_number, question_count, deployed_at
        from marts.dim_form_versions
    """
    on_kobo = built_pilot.rows(query)
    on_central = [
        (f"{CENTRAL}/{form_id}", rest[1], *rest)
        for form_id, _version_id, *rest in on_kobo
    ]
    still_on_kobo = [] if central_sites == EVERYWHERE else on_kobo

    assert len(on_kobo) == 7
    assert set(built_elsewhere.rows(query)) == {*still_on_kobo, *on_central}


def test_a_correction_finds_its_submission_on_either_server(
    pilot: Pilot,
    built_elsewhere: Warehouse,
    central_sites: tuple[str, ...],
) -> None:
    """It names the id that a submission keeps, which every phone draws by itself."""
    approved = {
        one["root_id"]: Decimal(one["new_value"])
        for one in pilot.corrections
        if one["status_code"] == "approved" and one["field_name"] == "income_local"
    }
    there, _ = split_by_sites(pilot.forms, central_sites)
    roots_there = {
        str(event.record["meta/rootUuid"]).removeprefix("uuid:")
        for form in there
        for event in form.events
        if event.record
    }
    corrected = built_elsewhere.rows("""
        select root_id, income_local, split_part(form_id, '/', 1)
        from intermediate.int_journals_corrected
        where release_code = 'live' and income_local <> income_reported_local
    """)

    assert {root: income for root, income, _ in corrected} == approved
    on_central = {root for root, _, server in corrected if server == CENTRAL}
    assert on_central == approved.keys() & roots_there
    assert len(on_central) >= 5
