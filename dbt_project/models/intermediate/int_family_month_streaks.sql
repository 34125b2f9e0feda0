with

roster as (

    select * from {{ ref('int_family_month_roster') }}

),

-- A pause is agreed and a month not yet due may still be told: neither breaks a streak.
months_classed as (

    select
        *,
        journal_status_code in ('on_time', 'late') as is_accepted,
        journal_status_code in ('missing', 'rejected') as is_break
    from roster

),

breaks_counted as (

    select
        *,
        count(*) filter (where is_break) over (
            partition by release_code, family_key
            order by journal_month
        ) as break_count
    from months_classed

)

select
    release_code,
    family_key,
    journal_month,
    journal_due_date,
    first_received_date,
    late_days,
    journal_status_code,
    is_accepted,
    is_after_pause,
    count(*) filter (where is_accepted) over (
        partition by release_code, family_key, break_count
        order by journal_month
    )::integer as accepted_streak_count
from breaks_counted
