with

families as (

    select * from {{ ref('int_families') }}

),

months as (

    select * from {{ ref('int_family_month_streaks') }}

),

journals as (

    select * from {{ ref('int_journals_latest') }}

)

-- A family that enrolled and of which no month was expected yet is here too.
select
    families.release_code,
    families.family_key,
    (
        count(*) filter (
            where months.journal_status_code not in ('paused', 'not_yet_due')
        )
    )::integer as due_month_count,
    count(*) filter (where months.is_accepted)::integer as accepted_month_count,
    count(*) filter (where months.journal_status_code = 'on_time')::integer
        as on_time_month_count,
    coalesce(max(months.accepted_streak_count), 0) as longest_streak_count,
    coalesce(
        bool_or(
            months.is_after_pause
            or (months.is_accepted and months.journal_month > families.exited_date)
        ),
        false
    ) as has_returned,
    min(months.journal_month) filter (where months.is_accepted) as first_journal_month,
    max(months.journal_month) filter (where months.is_accepted) as last_journal_month,
    max(journals.income_local) as launch_income_local
from families
left join months
    on
        families.release_code = months.release_code
        and families.family_key = months.family_key
left join journals
    on
        families.release_code = journals.release_code
        and families.family_key = journals.family_key
        and families.launch_month = journals.journal_month
group by families.release_code, families.family_key
