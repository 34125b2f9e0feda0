"""Roles as the warehouse has them: readers of share whose rows Postgres chooses."""

import psycopg

from sandbox.postgres import Postgres

PASSWORD = "a password nobody guesses"  # noqa: S105 - of a database of tests
ROLES = ("metabase_mexico", "metabase_programme")
POLICIES = {  # which rows are Mexico's
    "share.site_months": "site_code like 'MX-%'",
    "share.country_months": "country_code = 'MEX'",
    "share.metric_values": "scope_code = 'MEX'",
    "marts.dim_sites": "country_code = 'MEX'",
    "marts.dim_cohorts": "cohort_code like 'MX-%'",
    "marts.dim_events": "country_code = 'MEX'",
}


def make_roles(url: str) -> None:
    """Make both roles, and let each see its own rows only."""
    mexico, programme = ROLES
    with psycopg.connect(url, autocommit=True) as connection:
        for role in ROLES:
            connection.execute(f"create role {role} login password '{PASSWORD}'")
            connection.execute(
                f"alter role {role} set default_transaction_read_only = on"
            )
            connection.execute(f"grant usage on schema share, marts to {role}")
            for schema in ("share", "marts"):
                connection.execute(
                    f"grant select on all tables in schema {schema} to {role}"
                )
        for table, rows in POLICIES.items():
            connection.execute(f"alter table {table} enable row level security")
            connection.execute(
                f"create policy own on {table} for select to {mexico} using ({rows})"
            )
            connection.execute(
                f"create policy all_rows on {table} for select to {programme} "
                "using (true)"
            )
        connection.execute(
            "comment on table share.site_months is 'One row per site and month.'"
        )
        connection.execute(
            "comment on column share.site_months.saver_share is 'Families that save.'"
        )


def drop_roles(server: Postgres) -> None:
    """Remove the roles; no database holds anything of theirs any more."""
    for role in ROLES:
        server.run_sql(f"drop role {role}")
