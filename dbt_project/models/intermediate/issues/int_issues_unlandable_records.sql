with

rejected_records as (

    select * from {{ ref('stg_operations__rejected_records') }}

),

sync_runs as (

    select * from {{ ref('stg_operations__sync_runs') }}
    where status_code = 'succeeded' and kind_code = 'land'

),

forms as (

    select * from {{ ref('stg_registry__forms') }}

),

last_runs as (

    select distinct on (form_id)
        form_id,
        run_id
    from sync_runs
    order by form_id asc, run_number desc

)

-- What the newest run met no more was mended or is gone.
select
    {{ issue_columns(
        'unlandable_record',
        ['rejected_records.form_id', 'rejected_records.record_hash'],
        form_role_code='forms.form_role_code',
        root_id='null',
        site_code='null',
        family_key='null',
        journal_month='null',
        observed="'submission ' || coalesce(rejected_records.submission_id, 'unknown')",
        opened_at='rejected_records.first_seen_at',
    ) }}
from rejected_records
inner join last_runs
    on
        rejected_records.form_id = last_runs.form_id
        and rejected_records.last_seen_run_id = last_runs.run_id
left join forms on rejected_records.form_id = forms.form_id
