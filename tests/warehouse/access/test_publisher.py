"""What whoever sends lists to form servers may read: those lists, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from psycopg.errors import InsufficientPrivilege

from ingestion.media.families import ask_warehouse
from tests.warehouse.access.conftest import Guarded
from warehouse.access import applying
from warehouse.connection import open_engine

FAMILIES = "select * from ops.families_of_form_media()"
NAMES = "select family_code, contact_name, landed_at from pii.family_contacts"


@pytest.fixture
def with_names(guarded: Guarded) -> Iterator[None]:
    """Apply a registry that has names on a list, and take that back."""
    applying.apply(guarded.url, replace(guarded.registry, lists_names=True))
    yield
    applying.apply(guarded.url, guarded.registry)


def test_the_publisher_is_told_every_family_that_takes_part(guarded: Guarded) -> None:
    told = {row[:3] for row in guarded.rows("publisher", FAMILIES)}
    in_marts = guarded.all_rows(
        "select family_code, peer_group_code, site_code from marts.dim_families"
        " inner join pii.family_keys using (family_key)"
        " where status_code in ('active', 'paused')"
    )

    assert len(told) > 200
    assert told == set(in_marts)


def test_a_familys_last_income_is_that_of_its_newest_journal(guarded: Guarded) -> None:
    told = {row[0]: row[4] for row in guarded.rows("publisher", FAMILIES)}
    newest = guarded.all_rows(
        "select distinct on (family_code) family_code,"
        " income_local + coalesce(income_programme_local, 0)"
        " from marts.fct_family_months inner join pii.family_keys using (family_key)"
        " where journal_status_code in ('on_time', 'late') and income_local is not null"
        " order by family_code, journal_month desc"
    )
    expected = dict(newest)

    recent = {code: income for code, income in told.items() if income is not None}
    assert len(recent) > 100
    assert {code: expected[code] for code in recent} == recent


def test_health_is_asked_of_those_alone_that_agreed(guarded: Guarded) -> None:
    told = {row[0] for row in guarded.rows("publisher", FAMILIES) if row[3]}
    agreed = guarded.all_rows(
        "select family_code from marts.dim_families"
        " inner join pii.family_keys using (family_key)"
        " where has_consented_to_health and status_code in ('active', 'paused')"
    )

    assert told == {row[0] for row in agreed}
    assert len(told) < len(guarded.rows("publisher", FAMILIES))


@pytest.mark.parametrize(
    "relation",
    [
        "pii.family_keys",
        "pii.family_contacts",
        "raw.forms__journals",
        "marts.dim_families",
        "marts.fct_family_months",
        "share.metric_values",
        "intermediate.int_families",
        "ops.data_issues",
    ],
)
def test_the_publisher_reads_no_table(guarded: Guarded, relation: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        guarded.rows("publisher", f"select * from {relation}")  # noqa: S608 - our own names


def test_nobody_else_is_told_families(guarded: Guarded) -> None:
    for role in ("loader", "analyst", "lead_mexico", "liaison_loma_clara"):
        with pytest.raises(InsufficientPrivilege):
            guarded.rows(role, FAMILIES)


def test_lists_are_made_as_the_publisher(guarded: Guarded) -> None:
    engine = open_engine(guarded.url_of("publisher"))
    known = ask_warehouse(engine, with_names=False)
    engine.dispose()

    assert len(known.families) > 200
    assert "MX-PG01" in known.sites_of_groups


@pytest.mark.usefixtures("with_names")
def test_names_are_read_where_the_registry_lists_them_and_phones_never(
    guarded: Guarded,
) -> None:
    assert len(guarded.rows("publisher", NAMES)) > 200
    with pytest.raises(InsufficientPrivilege):
        guarded.rows("publisher", "select contact_phone from pii.family_contacts")


def test_names_are_closed_again_when_no_form_lists_them(
    guarded: Guarded, with_names: None
) -> None:
    del with_names
    assert guarded.rows("publisher", NAMES)

    applying.apply(guarded.url, guarded.registry)

    with pytest.raises(InsufficientPrivilege):
        guarded.rows("publisher", NAMES)


def test_a_failed_task_of_the_publisher_can_tell_of_it(guarded: Guarded) -> None:
    assert guarded.rows("publisher", "select count(*) from ops.alerts") == [(0,)]
