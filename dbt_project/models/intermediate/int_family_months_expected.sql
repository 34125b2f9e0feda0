with

spans as (

    select * from {{ ref('int_family_month_spans') }}

),

journals as (

    select * from {{ ref('int_journals_placed') }}

)

select
    spans.release_code,
    spans.family_key,
    months.month_start::date as journal_month
from
    spans,
    generate_series(spans.first_month, spans.final_month, interval '1 month')
        as months (month_start)
where {{ of_touched_families('spans.family_key') }}
-- A family that sends a journal after it left is there in that month, whatever the
-- exit form says: what it told us counts.
union
select
    release_code,
    family_key,
    journal_month
from journals
where
    is_accepted
    and is_in_programme_window
    and {{ of_touched_families('family_key') }}
