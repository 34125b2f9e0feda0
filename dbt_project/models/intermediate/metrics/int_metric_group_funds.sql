with

family_months as (

    select * from {{ ref('int_metric_family_months') }}
    where release_code = 'live' and journal_status_code <> 'paused'

),

meetings as (

    select * from {{ ref('int_peer_meetings_latest') }}
    where group_balance_local is not null

),

latest_of_months as (

    select distinct on (peer_group_code, meeting_month)
        peer_group_code,
        meeting_month,
        group_balance_local
    from meetings
    order by peer_group_code asc, meeting_month asc, meeting_date desc

),

-- A group's balance, shared out over its families of the month.
balances as (

    select
        family_months.release_code,
        family_months.family_key,
        family_months.journal_month,
        family_months.country_code,
        family_months.site_code,
        family_months.cohort_code,
        family_months.peer_group_code,
        family_months.currency_code,
        latest_of_months.group_balance_local / count(*) over (
            partition by family_months.peer_group_code, family_months.journal_month
        ) as balance_part_local
    from family_months
    inner join latest_of_months
        on
            family_months.peer_group_code = latest_of_months.peer_group_code
            and family_months.journal_month = latest_of_months.meeting_month

),

answers as (

    {{ answers_of('balances', [
        {'category_code': 'group_fund', 'measured': 'balance_part_local'}
    ], unit_code='currency_code') }}

),

sums as (

    {{ answers_summed('answers', money='measured', windows=false) }}

),

totals as (

    {{ total_of_group_sums('sums') }}

)

{{ metric_rows('M23', ['totals']) }}
