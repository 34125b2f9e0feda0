-- The ten newest runs. The name of a run is when it ended, so that names sort by time.
select
    to_char(ended_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as run_name,
    'live' as release_code,
    model_count,
    test_count,
    failed_count,
    warned_count,
    skipped_count,
    seconds
from share.dbt_runs
order by ended_at desc
limit 10
