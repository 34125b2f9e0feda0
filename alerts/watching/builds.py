"""Builds: whether the last one succeeded, how old the marts are, which tests warn."""

from datetime import datetime

from sqlalchemy import Connection, text

from alerts.causes import failed_build
from alerts.finding import Finding
from ingestion.registry import Registry

HOUR = 3_600
LAST_BUILD = text("""
select
    (array_agg(status_code order by build_id desc))[1] as status_code,
    max(ended_at) filter (where status_code = 'succeeded') as succeeded_at
from ops.builds
where status_code <> 'running'
""")
FAILED_NODES = text("""
select split_part(node, '.', 3) as name
from ops.dbt_results
where
    run_id = (select run_id from ops.dbt_results order by result_id desc limit 1)
    and status_code in ('error', 'fail', 'runtime error')
order by result_id
""")
WARNING_TESTS = text("""
select split_part(node, '.', 3) as name
from (
    select distinct on (node) node, status_code
    from ops.dbt_results
    where node like 'test.%'
    order by node asc, result_id desc
) as newest
where status_code = 'warn'
order by name
""")


def look(connection: Connection, registry: Registry, now: datetime) -> list[Finding]:
    """Return what is wrong with the builds of the marts."""
    warning = [_warning(row.name) for row in connection.execute(WARNING_TESTS)]
    last = connection.execute(LAST_BUILD).one()
    if last.status_code == "failed":
        nodes = tuple(row.name for row in connection.execute(FAILED_NODES))
        return [failed_build(nodes), *warning]
    if last.succeeded_at:
        hours = int((now - last.succeeded_at).total_seconds()) // HOUR
        if hours >= registry.alerts.stale_after_hours:
            return [_stale(hours), *warning]
    return warning


def _stale(hours: int) -> Finding:
    return Finding(
        kind="marts_stale",
        place="marts",
        severity="error",
        summary=f"The marts have for {hours} hours not been built",
        what_to_do=(
            "See that no form keeps ingest_forms from announcing raw, and that the DAG "
            "transform_warehouse is not paused"
        ),
    )


def _warning(test: str) -> Finding:
    return Finding(
        kind="test_warns",
        place=test,
        severity="warning",
        summary=f"The test {test} warns",
        what_to_do="Read its line in ops.dbt_results; its file says what it means",
    )
