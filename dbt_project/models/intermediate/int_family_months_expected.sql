with

families as (

    select * from {{ ref('int_families') }}

),

releases as (

    select * from {{ ref('int_releases') }}

),

journals as (

    select * from {{ ref('int_journals_placed') }}

),

-- A month is expected of a family that is in the programme on its last day, once the
-- month has ended.
spans as (

    select
        families.release_code,
        families.family_key,
        families.first_month,
        least(
            families.last_month,
            (date_trunc('month', families.exited_date + 1) - interval '1 month')::date,
            (
                date_trunc('month', releases.seen_until_at at time zone 'UTC')
                - interval '1 month'
            )::date
        ) as final_month
    from families
    inner join releases on families.release_code = releases.release_code

)

select
    spans.release_code,
    spans.family_key,
    months.month_start::date as journal_month
from
    spans,
    generate_series(spans.first_month, spans.final_month, interval '1 month')
        as months (month_start)
-- A family that sends a journal after it left is there in that month, whatever the
-- exit form says: what it told us counts.
union
select
    release_code,
    family_key,
    journal_month
from journals
where is_accepted and is_in_programme_window
