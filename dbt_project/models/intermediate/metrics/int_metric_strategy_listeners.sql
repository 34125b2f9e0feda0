with

meetings as (

    select * from {{ ref('int_peer_meetings_latest') }}

),

family_months as (

    select * from {{ ref('int_metric_family_months') }}
    where release_code = 'live' and journal_status_code <> 'paused'

),

strategy_starts as (

    select * from {{ ref('int_metric_strategy_starts') }}

),

-- Told twice in a month, a strategy is shared once.
shared as (

    select distinct
        meetings.peer_group_code,
        meetings.meeting_month,
        answer.strategy_code
    from
        meetings,
        jsonb_array_elements(meetings.strategies_shared) as listed (answers),
        jsonb_to_record(listed.answers) as answer (strategy_code text)
    where answer.strategy_code is not null

),

last_months as (

    select max(journal_month) as last_month from family_months

)

-- The families of the group that had not tried it yet: those who might begin.
select
    family_months.release_code,
    family_months.family_key,
    family_months.journal_month,
    family_months.country_code,
    family_months.site_code,
    family_months.cohort_code,
    family_months.peer_group_code,
    1.0 / count(*) over (
        partition by
            shared.peer_group_code, shared.meeting_month, shared.strategy_code
    ) as shared_part,
    strategy_starts.start_month is null
    or strategy_starts.start_month > shared.meeting_month as might_begin,
    coalesce(
        strategy_starts.start_month
        <= shared.meeting_month + interval '3 months',
        false
    ) as has_begun,
    shared.meeting_month + interval '3 months' <= last_months.last_month
        as is_followed
from shared
inner join family_months
    on
        shared.peer_group_code = family_months.peer_group_code
        and shared.meeting_month = family_months.journal_month
left join strategy_starts
    on
        family_months.release_code = strategy_starts.release_code
        and family_months.family_key = strategy_starts.family_key
        and shared.strategy_code = strategy_starts.strategy_code
cross join last_months
