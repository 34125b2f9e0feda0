"""Whose rows each kind of role reads: logged in as it, on the pilot."""

import pytest
from psycopg.errors import InsufficientPrivilege

from dashboards.site import check_site
from tests.warehouse.access.conftest import Guarded

MEXICO = {"MX-01", "MX-02"}


def test_a_lead_reads_own_sites_and_the_totals_that_are_theirs_alone(
    guarded: Guarded,
) -> None:
    scopes = guarded.rows(
        "lead_mexico",
        "select distinct scope_type_code, scope_code from share.metric_values",
    )

    assert set(scopes) == {
        ("site", "MX-01"),
        ("site", "MX-02"),
        ("cohort", "MX-2020"),
        ("country", "MEX"),
    }
    assert guarded.column("lead_mexico", "select site_code from share.site_months") == (
        MEXICO
    )
    assert guarded.column(
        "lead_mexico", "select country_code from share.country_months"
    ) == {"MEX"}


def test_a_lead_reads_the_names_of_own_sites_and_of_what_has_no_site(
    guarded: Guarded,
) -> None:
    metrics = "select metric_code from marts.dim_metrics"

    assert guarded.column("lead_mexico", "select site_code from marts.dim_sites") == (
        MEXICO
    )
    assert sorted(guarded.rows("metabase_programme", metrics)) == sorted(
        guarded.all_rows(metrics)
    )


def test_a_lead_of_one_site_reads_no_total_that_others_are_in(guarded: Guarded) -> None:
    scopes = guarded.column(
        "lead_loma_clara", "select scope_code from share.metric_values"
    )

    assert scopes == {"MX-01"}
    assert guarded.rows("lead_loma_clara", "select from share.country_months") == []


def test_a_lead_with_totals_reads_all_of_them_and_no_more_sites(
    guarded: Guarded,
) -> None:
    scopes = guarded.rows(
        "lead_with_totals",
        "select distinct scope_type_code, scope_code from share.metric_values",
    )
    every = guarded.all_rows(
        "select distinct scope_type_code, scope_code from share.metric_values"
    )

    assert set(scopes) == {
        row for row in every if row[0] != "site" or row[1] == "MX-01"
    }
    assert guarded.column(
        "lead_with_totals", "select country_code from share.country_months"
    ) == {"MEX", "COL", "PHL", "LBR", "USA"}


@pytest.mark.parametrize("table", ["metric_values", "site_months", "country_months"])
def test_metabase_of_all_sites_reads_all_of_share(guarded: Guarded, table: str) -> None:
    count = f"select count(*) from share.{table}"  # noqa: S608 - our own names

    assert guarded.rows("metabase_programme", count) == guarded.all_rows(count)


def test_an_analyst_of_all_sites_reads_every_row_of_every_mart(
    guarded: Guarded,
) -> None:
    tables = guarded.all_rows(
        "select format('%s.%s', schema_name, table_name)"
        " from access.protected_relations"
    )
    counts = (
        f"select '{table}', count(*) from {table}"  # noqa: S608 - our own names
        for (table,) in tables
    )
    count = " union all ".join(counts)

    assert len(tables) > 40
    assert dict(guarded.rows("analyst", count)) == dict(guarded.all_rows(count))


def test_a_liaison_reads_own_groups_of_marts_and_the_lists(guarded: Guarded) -> None:
    liaison = "liaison_loma_clara"
    groups = guarded.column(
        liaison, "select distinct peer_group_code from marts.fct_family_months"
    )
    families = guarded.column(liaison, "select family_key from marts.dim_families")
    of_groups = guarded.all_rows(
        "select family_key from marts.dim_families"
        " where peer_group_code in ('MX-PG01', 'MX-PG02')"
    )

    assert groups == {"MX-PG01", "MX-PG02"}
    assert families == {key for (key,) in of_groups}
    assert families
    assert guarded.rows(liaison, "select count(*) from marts.dim_metrics") == (
        guarded.all_rows("select count(*) from marts.dim_metrics")
    )


@pytest.mark.parametrize(
    ("role", "relation"),
    [
        ("lead_mexico", "marts.dim_families"),
        ("lead_mexico", "marts.dim_peer_groups"),
        ("lead_mexico", "marts.fct_family_months"),
        ("metabase_programme", "marts.fct_metric_values"),
        ("liaison_loma_clara", "share.metric_values"),
        ("liaison_loma_clara", "marts.fct_consent_events"),
        ("liaison_loma_clara", "marts.fct_metric_values"),
        ("analyst", "raw.forms__journals"),
        ("analyst", "pii.family_keys"),
        ("analyst", "ops.data_issues"),
        ("analyst", "ops.query_log"),
        ("analyst", "intermediate.int_families"),
        ("analyst", "staging.stg_forms__journals"),
        ("analyst", "reference.events"),
        ("analyst", "access.readers"),
        ("lead_mexico", "access.reader_sites"),
        ("transformer", "pii.family_contacts"),
        ("transformer", "raw.forms__journals"),
        ("transformer", "ops.rejected_records"),
        ("transformer", "access.readers"),
        ("loader", "marts.dim_families"),
        ("loader", "share.metric_values"),
        ("loader", "access.readers"),
    ],
)
def test_a_role_is_refused_what_is_not_for_its_kind(
    guarded: Guarded, role: str, relation: str
) -> None:
    with pytest.raises(InsufficientPrivilege):
        guarded.rows(role, f"select * from {relation}")  # noqa: S608 - our own names


def test_a_person_with_two_roles_reads_the_sites_of_both(guarded: Guarded) -> None:
    sites = guarded.column("maria", "select site_code from share.site_months")
    scopes = guarded.column("maria", "select scope_code from share.metric_values")

    assert sites == MEXICO
    # Together they are all of the country.
    assert scopes == {*MEXICO, "MEX", "MX-2020"}


def test_a_leads_sites_open_no_marts_to_a_liaison(guarded: Guarded) -> None:
    groups = guarded.column(
        "jose", "select peer_group_code from marts.fct_family_months"
    )

    assert groups == {"MX-PG01"}
    assert guarded.column("jose", "select site_code from share.site_months") == {
        "PH-01"
    }


def test_a_role_learns_of_nobody_elses_sites(guarded: Guarded) -> None:
    (row,) = guarded.rows(
        "lead_loma_clara",
        "select site_codes, cohort_codes, country_codes, peer_group_codes,"
        " reads_all_sites, reads_totals"
        " from access.readable where layer_code = 'share'",
    )

    assert row == (["MX-01"], [], [], [], False, False)


def test_every_mart_and_table_of_share_shows_rows_by_a_policy(guarded: Guarded) -> None:
    open_ones = guarded.all_rows(
        "select relation::text from access.protected_relations"
        " inner join pg_class on relation = pg_class.oid"
        " where not relrowsecurity and relkind <> 'v'"
    )
    of_owners = guarded.column(
        "analyst",
        "select oid::regclass::text from pg_class"
        " where relkind = 'v' and relnamespace in ('marts'::regnamespace,"
        " 'share'::regnamespace)"
        " and not coalesce('security_invoker=true' = any(reloptions), false)",
    )
    by_site = guarded.all_rows(
        "select protected.relation::text from access.protected_relations as protected"
        " inner join pg_attribute on relation = attrelid and attname = 'site_code'"
        " inner join pg_policy on polrelid = relation"
        " where pg_get_expr(polqual, polrelid) not like '%site_code = ANY%'"
    )

    assert open_ones == []
    # Books of the pipeline, in which no row is about a family or a place.
    assert of_owners == {"share.dbt_runs", "share.form_syncs"}
    assert by_site == []


def test_a_table_of_families_without_a_place_is_for_those_who_read_all(
    guarded: Guarded,
) -> None:
    guarded.run("create table marts.fct_notes (family_key text, note text)")
    try:
        (rule,) = guarded.all_rows("select access.row_rule('marts.fct_notes')")
    finally:
        guarded.run("drop table marts.fct_notes")

    assert rule == (
        (
            "(select readable.reads_all_sites from access.readable"
            " where readable.layer_code = 'marts')"
        ),
    )


def test_the_login_of_the_dashboards_may_read_all_that_they_show(
    guarded: Guarded,
) -> None:
    report = check_site(guarded.url_of("metabase_programme"))

    assert report.card_count > 0
