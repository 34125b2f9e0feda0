"""How every form stands: its last landing, its last good one, what is open."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text

# What is live and what was refused is as the last run left it that kept anything; a run
# that read answers anew counted neither.
# How a form stands is for its last landing to say: one that reads answers anew asks no
# server, and would hide that deletions wait for a person.
LAST_RUNS = text("""
with last_runs as (
    select distinct on (form_id) *
    from ops.sync_runs
    order by form_id, kind_code = 'land' desc, run_number desc
),

last_remaps as (
    select distinct on (form_id)
        form_id, status_code, started_at, message, run_number
    from ops.sync_runs
    where kind_code = 'remap'
    order by form_id, run_number desc
),

last_good_runs as (
    select distinct on (form_id) form_id, ended_at
    from ops.sync_runs
    where status_code = 'succeeded' and kind_code = 'land'
    order by form_id, run_number desc
),

last_counts as (
    select distinct on (counts.form_id)
        counts.form_id, counts.live_count, counts.rejected_count
    from ops.reconciliations as counts
    inner join ops.sync_runs as runs on counts.run_id = runs.run_id
    where runs.status_code = 'succeeded'
    order by counts.form_id, runs.run_number desc
),

unmapped as (
    select form_id, count(distinct question_path) as unmapped_question_count
    from ops.unmapped_questions
    where problem_code = 'unmapped'
    group by form_id
)

select
    runs.role_code, runs.form_id, runs.kind_code, runs.status_code, runs.started_at,
    runs.ended_at, runs.failure_code, runs.message,
    remaps.status_code as remap_status_code, remaps.started_at as remap_started_at,
    remaps.message as remap_message,
    good.ended_at as last_good_at,
    counts.live_count, counts.rejected_count,
    coalesce(unmapped.unmapped_question_count, 0) as unmapped_question_count
from last_runs as runs
left join last_remaps as remaps
    on
        runs.form_id = remaps.form_id
        and runs.kind_code = 'land'
        and runs.run_number < remaps.run_number
left join last_good_runs as good on runs.form_id = good.form_id
left join last_counts as counts on runs.form_id = counts.form_id
left join unmapped on runs.form_id = unmapped.form_id
order by runs.role_code, runs.form_id
""")


def last_runs(
    engine: Engine, names: Mapping[str, str], now: datetime
) -> list[dict[str, Any]]:
    """Return one row per form that was ever run.

    Args:
        engine: On a warehouse with our tables.
        names: Form id -> what people call the form, as far as it is registered.
        now: UTC; ages are counted from it.

    Returns:
        Rows with `form`, `role_code`, `form_id`; of the last landing, or of the last
        run if there was none, `kind_code`, `status_code`, `started_at`, `ended_at`,
        `failure_code`, `message`; of a remap since then `remap_status_code`,
        `remap_started_at`, `remap_message`; `last_good_at` and `last_good_age_seconds`
        of the last run that brought raw up to date; `live_count`, `rejected_count`,
        `unmapped_question_count`; and `is_waiting_for_approval` when the last landing
        stopped before too many deletions.
    """
    with engine.connect() as connection:
        found = [dict(row) for row in connection.execute(LAST_RUNS).mappings()]
    return [
        {
            "form": names.get(row["form_id"], row["role_code"]),
            **row,
            "last_good_age_seconds": _age(row["last_good_at"], now),
            "is_waiting_for_approval": row["failure_code"] == "deletions_wait",
        }
        for row in found
    ]


def _age(moment: datetime | None, now: datetime) -> int | None:
    return None if moment is None else max(0, round((now - moment).total_seconds()))
