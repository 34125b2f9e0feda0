"""Ways around the policies and the grants that somebody with a login might try."""

import psycopg
import pytest
from psycopg.errors import (
    InsufficientPrivilege,
    InvalidParameterValue,
    ReadOnlySqlTransaction,
)

from tests.warehouse.access.conftest import Guarded

LEAD = "lead_loma_clara"
READERS = [
    "analyst",
    "lead_mexico",
    "liaison_loma_clara",
    "metabase_programme",
    "maria",
]
# Each writes where nothing may be written, or reads what is the server's own.
FORBIDDEN = {
    "insert": "insert into share.site_months (site_code) values ('MX-01')",
    "update": "update share.metric_values set value = 0",
    "delete": "delete from share.metric_values",
    "truncate": "truncate share.metric_values",
    "lock": "lock table share.metric_values in access exclusive mode",
    "table in public": "create table public.kept (note text)",
    "table in share": "create table share.kept (note text)",
    "temporary table": "create temporary table kept (note text)",
    "temporary function": (
        "create function pg_temp.look(text) returns boolean language sql"
        " as 'select true'"
    ),
    "schema": "create schema kept",
    "view": "create view share.kept as select 1",
    "code": "do $$ begin raise notice 'seen'; end $$",
    "a policy of one's own": ("create policy mine on share.metric_values using (true)"),
    "no row security": "alter table share.metric_values disable row level security",
    "copy to a file": "copy share.metric_values to '/tmp/kept.csv'",
    "copy to a program": "copy share.metric_values to program 'cat'",
    "file of the server": "select pg_read_file('postgresql.conf')",
    "folder of the server": "select pg_ls_dir('.')",
    "log of the server": "select pg_ls_logdir()",
    "large object": "select lo_from_bytea(0, 'kept')",
    "large object from a file": "select lo_import('/etc/passwd')",
    "query in a text": "select query_to_xml('select 1', true, true, '')",
    "table in a text": "select table_to_xml('share.site_months', true, true, '')",
    "lock of landing": "select pg_advisory_lock(20200701)",
    "shared lock": "select pg_try_advisory_xact_lock_shared(1)",
    "passwords": "select * from pg_authid",
    "statistics as stored": "select * from pg_statistic",
    "role of another": "set role lead_colombia",
    "role of the transformer": "set role transformer",
    "login of another": "set session authorization lead_colombia",
    "role for oneself": "create role accomplice",
    "grant to oneself": "grant reads_marts to current_user",
    "what is logged": "set log_statement = 'none'",
    "what is timed": "set log_duration = off",
    "the log's settings": "alter role current_user set log_statement = 'none'",
    "policy function": "select access.row_rule('share.metric_values')",
    "protecting function": "select access.protect('share.metric_values')",
}


@pytest.mark.parametrize("role", READERS)
def test_a_reader_is_refused_even_when_sessions_may_write(
    guarded: Guarded, role: str
) -> None:
    not_refused = []
    with psycopg.connect(guarded.url_of(role), autocommit=True) as connection:
        # A session may say so for itself: only what is not granted holds.
        connection.execute("set default_transaction_read_only = off")
        for what, statement in FORBIDDEN.items():
            try:
                with connection.transaction():
                    connection.execute(statement.encode())
            except (InsufficientPrivilege, InvalidParameterValue):
                continue
            except psycopg.Error as error:
                not_refused.append(f"{what}: {error}")
            else:
                not_refused.append(what)

    assert not_refused == []


@pytest.mark.parametrize("role", READERS)
def test_a_readers_session_is_read_only_and_ends_what_takes_too_long(
    guarded: Guarded, role: str
) -> None:
    ((read_only, timeout, temporary),) = guarded.rows(
        role,
        "select current_setting('transaction_read_only'),"
        " current_setting('statement_timeout'),"
        " has_database_privilege(current_database(), 'temporary')",
    )

    assert (read_only, temporary) == ("on", False)
    assert timeout in {"1min", "10min"}
    with pytest.raises(ReadOnlySqlTransaction):
        guarded.rows(role, "create table share.kept (note text)")


@pytest.mark.parametrize("attempt", ["reset role", "reset all", "discard all"])
def test_to_reset_a_session_opens_nothing(guarded: Guarded, attempt: str) -> None:
    with psycopg.connect(guarded.url_of(LEAD), autocommit=True) as connection:
        connection.execute(attempt.encode())
        found = connection.execute("select distinct site_code from share.site_months")
        logged = connection.execute("show log_statement").fetchone()

        assert found.fetchall() == [("MX-01",)]
        assert logged == ("all",)


def test_row_security_that_is_off_refuses_and_does_not_open(guarded: Guarded) -> None:
    with guarded.log_in(LEAD) as connection:
        connection.execute("set row_security = off")
        with pytest.raises(InsufficientPrivilege, match="row-level security"):
            connection.execute("select * from share.site_months")


def test_copy_gives_own_rows_only(guarded: Guarded) -> None:
    with guarded.log_in(LEAD) as connection, connection.cursor() as cursor:
        with cursor.copy(
            "copy (select site_code from share.site_months) to stdout"
        ) as (copy):
            codes = {row[0] for row in copy.rows()}
        with cursor.copy("copy share.site_months (site_code) to stdout") as copy:
            codes |= {row[0] for row in copy.rows()}

    assert codes == {"MX-01"}


def test_an_error_in_a_question_tells_of_no_hidden_row(guarded: Guarded) -> None:
    """A division by zero in another site's row would say that there is such a row."""
    foreign = guarded.all_rows(
        "select family_count from share.metric_values"
        " where scope_code = 'PH-01' and family_count is not null limit 1"
    )[0][0]

    found = guarded.rows(
        LEAD,
        "select count(*) from share.metric_values"  # noqa: S608 - our own names
        " where scope_code = 'PH-01'"
        f" and 1 / (family_count - {foreign}) > -2 and value::text::int > 0",
    )

    assert found == [(0,)]


def test_statistics_of_hidden_rows_are_not_shown(guarded: Guarded) -> None:
    guarded.run("analyze share.site_months", "analyze marts.fct_family_months")

    for role in (LEAD, "liaison_loma_clara"):
        schemas = guarded.column(role, "select distinct schemaname from pg_stats")
        assert schemas <= {"pg_catalog", "information_schema"}


def test_explain_runs_over_own_rows_only(guarded: Guarded) -> None:
    plan = "\n".join(
        row[0]
        for row in guarded.rows(
            LEAD,
            "explain (analyze, costs off, timing off, summary off, buffers off)"
            " select * from share.site_months where site_code = 'PH-01'",
        )
    )

    assert "rows=0" in plan.splitlines()[0]
    assert "PH-01" not in plan.replace("(site_code = 'PH-01'::text)", "")


def test_another_sessions_question_is_not_shown(guarded: Guarded) -> None:
    with guarded.log_in("lead_colombia") as other:
        other.execute("select 'a secret of Colombia' from share.site_months")
        seen = guarded.column(LEAD, "select query from pg_stat_activity")

    assert not any("secret" in query for query in seen if query)


def test_a_key_of_another_table_is_no_way_to_ask_for_a_row(guarded: Guarded) -> None:
    """To refer to a table tells whether a row is there; it takes a right of its own."""
    with guarded.log_in("analyst") as connection:
        connection.execute("set transaction read write")
        with pytest.raises(InsufficientPrivilege):
            connection.execute(
                "create temporary table probe"
                " (family_key text references marts.dim_families)"
            )


def test_the_functions_that_run_as_their_owner_find_only_what_they_name(
    guarded: Guarded,
) -> None:
    found = guarded.all_rows(
        "select oid::regprocedure::text from pg_proc"
        " where prosecdef and pronamespace::regnamespace::text in"
        " ('access', 'ops', 'marts', 'share', 'public', 'raw', 'pii')"
    )
    unfixed = guarded.all_rows(
        "select oid::regprocedure::text from pg_proc"
        " where (prosecdef or pronamespace::regnamespace::text = 'access')"
        " and pronamespace::regnamespace::text <> 'pg_catalog'"
        " and not coalesce('search_path=pg_catalog, pg_temp' = any(proconfig), false)"
    )

    assert set(found) == {
        ("ops.note_export(jsonb)",),
        ("ops.families_of_form_media()",),
        ("ops.groups_of_form_media()",),
        ("ops.texts_to_review()",),
        ("ops.take_text_back(text,text,text)",),
    }
    assert unfixed == []


def test_a_view_over_a_mart_shows_its_readers_own_rows(guarded: Guarded) -> None:
    guarded.run(
        "create view share.sites_seen as select distinct site_code"
        " from share.site_months",
        "alter view share.sites_seen owner to transformer",
        "select access.protect('share.sites_seen')",
    )
    try:
        seen = guarded.column(LEAD, "select site_code from share.sites_seen")
    finally:
        guarded.run("drop view share.sites_seen")

    assert seen == {"MX-01"}


def test_what_can_hide_no_rows_is_refused(guarded: Guarded) -> None:
    guarded.run(
        "create materialized view share.sites_kept as select site_code"
        " from share.site_months"
    )
    try:
        with pytest.raises(psycopg.errors.RaiseException, match="hide no rows"):
            guarded.run("select access.protect('share.sites_kept')")
    finally:
        guarded.run("drop materialized view share.sites_kept")


def test_everybody_has_no_right_to_anything(guarded: Guarded) -> None:
    on_objects = guarded.all_rows("""
        select objects.kind, objects.name, grants.privilege_type
        from (
            select 'database', datname, coalesce(datacl, acldefault('d', datdba))
            from pg_database where datname = current_database()
            union all
            select 'schema', nspname, coalesce(nspacl, acldefault('n', nspowner))
            from pg_namespace where nspname !~ '^pg_|^information_schema$'
            union all
            select 'relation', oid::regclass::text, relacl
            from pg_class
            where relnamespace::regnamespace::text !~ '^pg_|^information_schema$'
            union all
            select 'function', oid::regprocedure::text,
                coalesce(proacl, acldefault('f', proowner))
            from pg_proc
            where pronamespace::regnamespace::text !~ '^pg_|^information_schema$'
            union all
            select 'language', lanname, coalesce(lanacl, acldefault('l', lanowner))
            from pg_language where lanname = 'plpgsql'
        ) as objects (kind, name, acl), aclexplode(objects.acl) as grants
        where grants.grantee = 0
    """)

    assert on_objects == []


def test_no_role_of_ours_is_more_than_a_login(guarded: Guarded) -> None:
    roles = [
        "loader",
        "transformer",
        "publisher",
        "reviewer",
        *guarded.registry.readers,
        "maria",
        "jose",
    ]
    found = guarded.all_rows(
        "select rolname from pg_roles"  # noqa: S608 - our own names
        f" where rolname in ({', '.join(map(repr, roles))})"
        " and (rolsuper or rolcreatedb or rolcreaterole or rolreplication"
        " or rolbypassrls)"
    )
    members = guarded.all_rows(
        "select member::regrole::text, roleid::regrole::text from pg_auth_members"  # noqa: S608 - our own names
        f" where member::regrole::text in ({', '.join(map(repr, roles))})"
        " and (roleid::regrole::text in ('loader', 'transformer')"
        " or roleid::regrole::text like 'pg\\_%')"
    )

    assert found == []
    assert members == []
