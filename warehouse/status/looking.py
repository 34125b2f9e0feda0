"""Look at every part, in the order in which data pass through them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from warehouse.status.folders import backups, dashboards, disks
from warehouse.status.line import Line, State, age

HAS_TABLES = text("select to_regclass('ops.alerts') is not null")
HAS_ISSUES = text("select to_regclass('ops.data_issues') is not null")
SERVER = text("""
select
    current_setting('server_version') as version,
    pg_size_pretty(pg_database_size(current_database())) as size
""")
FORM_SERVERS = text("""
with last_runs as (
    select distinct on (form_id) form_id, status_code, started_at
    from ops.sync_runs
    where kind_code = 'land'
    order by form_id asc, run_number desc
),

last_good_runs as (
    select distinct on (runs.form_id)
        runs.form_id, runs.ended_at, counts.live_count, counts.server_count
    from ops.sync_runs as runs
    left join ops.reconciliations as counts on runs.run_id = counts.run_id
    where runs.kind_code = 'land' and runs.status_code = 'succeeded'
    order by runs.form_id asc, runs.run_number desc
)

select
    forms.server_name,
    count(*) as form_count,
    count(last_good_runs.form_id) as landed_count,
    min(last_good_runs.ended_at) as oldest_at,
    coalesce(sum(last_good_runs.live_count), 0) as live_count,
    coalesce(sum(last_good_runs.server_count), 0) as server_count,
    coalesce(array_agg(forms.role_code order by forms.role_code) filter (
        where last_runs.status_code in ('failed', 'died')
    ), '{}') as failed
from raw.registry__forms as forms
left join last_runs on forms.form_id = last_runs.form_id
left join last_good_runs on forms.form_id = last_good_runs.form_id
group by forms.server_name
order by forms.server_name
""")
BUILDS = text("""
select
    (array_agg(status_code order by build_id desc) filter (
        where status_code <> 'running'
    ))[1] as last_status_code,
    max(ended_at) filter (where status_code = 'succeeded') as succeeded_at,
    coalesce(bool_or(status_code = 'running' and ended_at is null), false) as is_running
from ops.builds
""")
TESTS = text("""
select
    count(*) as test_count,
    count(*) filter (where status_code = 'warn') as warning_count,
    count(*) filter (where status_code in ('fail', 'error')) as failed_count
from (
    select distinct on (node) node, status_code
    from ops.dbt_results
    where node like 'test.%'
    order by node asc, result_id desc
) as newest
""")
ISSUES = text("""
select
    count(*) filter (where severity_code = 'error') as error_count,
    count(*) filter (where severity_code = 'warning') as warning_count
from ops.data_issues
where issue_status_code = 'open'
""")
ALERTS = text("""
select
    count(*) filter (where severity_code = 'error') as error_count,
    count(*) filter (where severity_code = 'warning') as warning_count,
    (
        select count(distinct deliveries.receiver_name)
        from ops.alert_deliveries as deliveries
        inner join ops.alerts as told on deliveries.alert_id = told.alert_id
        where deliveries.sent_at is null and told.closed_at is null
    ) as unreached_count
from ops.alerts
where closed_at is null
""")


def look(connection: Connection, now: datetime, stale_after: timedelta) -> list[Line]:
    """Return how each part stands; nothing is written.

    Args:
        connection: On the warehouse, as an account that may read `ops` and `raw`.
        now: UTC.
        stale_after: How old a landing, a build or a backup may be.
    """
    if not connection.execute(HAS_TABLES).scalar_one():
        said = "it has no tables: run `python -m warehouse tables`"
        return [Line("warehouse", "wrong", said)]
    built_at = connection.execute(BUILDS).one().succeeded_at
    return [
        _warehouse(connection),
        *_form_servers(connection, now, stale_after),
        _marts(connection, now, stale_after),
        _tests(connection),
        *_issues(connection),
        _alerts(connection),
        *dashboards(now, built_at),
        *backups(now, stale_after),
        *disks(),
    ]


def _warehouse(connection: Connection) -> Line:
    row = connection.execute(SERVER).one()
    said = f"PostgreSQL {row.version.split()[0]}, {row.size}"
    return Line("warehouse", "well", said)


def _form_servers(
    connection: Connection, now: datetime, stale_after: timedelta
) -> Iterator[Line]:
    rows = connection.execute(FORM_SERVERS).all()
    if not rows:
        yield Line("forms", "look", "no registry has landed yet")
    for row in rows:
        is_old = row.oldest_at is None or now - row.oldest_at > stale_after
        missing = row.form_count - row.landed_count
        parts = [
            f"{row.form_count} forms",
            f"landed {age(row.oldest_at, now)}",
            f"{row.live_count:,} rows live of {row.server_count:,} on the server",
        ]
        parts += [f"{missing} never landed"] if missing else []
        parts += [f"failed: {', '.join(row.failed)}"] if row.failed else []
        state: State = "wrong" if is_old or missing or row.failed else "well"
        yield Line(f"server {row.server_name}", state, ", ".join(parts))


def _marts(connection: Connection, now: datetime, stale_after: timedelta) -> Line:
    row = connection.execute(BUILDS).one()
    said = f"built {age(row.succeeded_at, now)}"
    is_old = row.succeeded_at is None or now - row.succeeded_at > stale_after
    has_failed = row.last_status_code == "failed"
    said += ", the last build failed" if has_failed else ""
    said += ", one is running" if row.is_running else ""
    return Line("marts", "wrong" if is_old or has_failed else "well", said)


def _tests(connection: Connection) -> Line:
    row = connection.execute(TESTS).one()
    said = f"{row.test_count} tests of data, {row.warning_count} warn"
    said += f", {row.failed_count} fail" if row.failed_count else ""
    state: State = "look" if row.warning_count or row.failed_count else "well"
    return Line("dbt", state, said)


def _issues(connection: Connection) -> Iterator[Line]:
    if connection.execute(HAS_ISSUES).scalar_one():
        row = connection.execute(ISSUES).one()
        said = f"{row.error_count:,} errors and {row.warning_count:,} warnings open"
        yield Line("issues", "look" if row.error_count else "well", said)


def _alerts(connection: Connection) -> Line:
    row = connection.execute(ALERTS).one()
    said = f"{row.error_count} errors and {row.warning_count} warnings open"
    if row.unreached_count:
        said += f", {row.unreached_count} receivers could not be reached"
        return Line("alerts", "wrong", said)
    is_any = row.error_count or row.warning_count
    return Line("alerts", "look" if is_any else "well", said)
