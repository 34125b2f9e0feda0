"""What each DAG of the demo has done, counted where it wrote."""

from pathlib import Path

import psycopg
from psycopg.rows import dict_row

LAST_PULL = """
with last_pull as (
    select distinct on (form_id) *
    from ops.reconciliations
    order by form_id, checked_at desc
)
select
    count(*) as form_count,
    coalesce(sum(live_count), 0) as live_count,
    coalesce(sum(new_count), 0) as new_count,
    coalesce(sum(edited_count), 0) as edited_count,
    coalesce(sum(reviewed_count), 0) as reviewed_count,
    coalesce(sum(deleted_count), 0) as deleted_count
from last_pull
"""

LAST_BUILD = """
select
    count(*) filter (where node like 'model.%') as model_count,
    count(*) filter (where node like 'test.%' or node like 'unit_test.%') as test_count,
    count(*) filter (where status_code = 'warn') as warning_count
from ops.dbt_results
where run_id = (
    select run_id
    from ops.dbt_results
    order by ended_at desc
    limit 1
)
"""


def describe_ingest(warehouse_url: str) -> str:
    """Return what the last pull of every form has landed."""
    with psycopg.connect(warehouse_url, row_factory=dict_row) as connection:
        row = connection.execute(LAST_PULL).fetchone()
    if row is None:
        return ""
    changes = {
        "new": row["new_count"],
        "edited": row["edited_count"],
        "reviewed": row["reviewed_count"],
        "deleted": row["deleted_count"],
    }
    counted = ", ".join(f"{count:,} {change}" for change, count in changes.items())
    return f"{row['form_count']} forms, {row['live_count']:,} live rows: {counted}"


def describe_transform(warehouse_url: str) -> str:
    """Return how many models and tests the last build ran."""
    with psycopg.connect(warehouse_url, row_factory=dict_row) as connection:
        row = connection.execute(LAST_BUILD).fetchone()
    if row is None:
        return ""
    return (
        f"{row['model_count']} models, {row['test_count']} tests, "
        f"{row['warning_count']} warnings"
    )


def describe_publish(folder: Path) -> str:
    """Return how many pages a folder has."""
    pages = list(folder.rglob("*.html"))
    return f"{len(pages)} pages in {folder}"
