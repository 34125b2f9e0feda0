with

months_expected as (

    select * from {{ ref('int_family_months_expected') }}

),

journals_latest as (

    select * from {{ ref('int_journals_latest') }}

),

journals as (

    select * from {{ ref('int_journals_placed') }}

),

months_paused as (

    select * from {{ ref('int_family_months_paused') }}

),

releases as (

    select * from {{ ref('int_releases') }}

),

months_rejected as (

    select distinct
        release_code,
        family_key,
        journal_month
    from journals
    where not is_accepted

),

months_joined as (

    select
        months_expected.release_code,
        months_expected.family_key,
        months_expected.journal_month,
        journals_latest.first_received_date,
        (months_expected.journal_month + interval '1 month - 1 day')::date + 15
            as journal_due_date,
        months_rejected.family_key is not null as has_rejected_journal,
        months_paused.paused_month,
        max(journals_latest.journal_month) over (
            partition by months_expected.release_code, months_expected.family_key
            order by months_expected.journal_month
        ) as newest_journal_month
    from months_expected
    left join journals_latest
        on
            months_expected.release_code = journals_latest.release_code
            and months_expected.family_key = journals_latest.family_key
            and months_expected.journal_month = journals_latest.journal_month
    left join months_rejected
        on
            months_expected.release_code = months_rejected.release_code
            and months_expected.family_key = months_rejected.family_key
            and months_expected.journal_month = months_rejected.journal_month
    left join months_paused
        on
            months_expected.release_code = months_paused.release_code
            and months_expected.family_key = months_paused.family_key
            and months_expected.journal_month = months_paused.journal_month

),

months_judged as (

    select
        months_joined.*,
        case
            when months_joined.first_received_date <= months_joined.journal_due_date
                then 'on_time'
            when months_joined.first_received_date is not null then 'late'
            when months_joined.has_rejected_journal then 'rejected'
            -- There is no form for coming back: the next journal ends a pause.
            when
                months_joined.paused_month
                >= coalesce(
                    months_joined.newest_journal_month, months_joined.paused_month
                )
                then 'paused'
            when
                months_joined.journal_due_date
                >= (releases.seen_until_at at time zone 'UTC')::date
                then 'not_yet_due'
            else 'missing'
        end as journal_status_code
    from months_joined
    inner join releases on months_joined.release_code = releases.release_code

)

select
    release_code,
    family_key,
    journal_month,
    journal_due_date,
    first_received_date,
    case
        when first_received_date is not null
            then greatest(first_received_date - journal_due_date, 0)
    end as late_days,
    journal_status_code,
    coalesce(first_received_date is not null and journal_month > paused_month, false)
        as is_after_pause
from months_judged
