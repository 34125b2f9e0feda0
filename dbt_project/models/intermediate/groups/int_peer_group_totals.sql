with

family_months as (

    select * from {{ ref('int_family_months') }}
    where release_code = 'live' and peer_group_code is not null

),

families as (

    select * from {{ ref('int_families') }}
    where release_code = 'live'

),

goals_so_far as (

    select * from {{ ref('int_family_goals_so_far') }}

),

answers as (

    select
        family_months.*,
        coalesce(families.consents_to_aggregates, false) as has_agreed,
        goals_so_far.goal_set_count,
        goals_so_far.goal_achieved_count
    from family_months
    inner join families on family_months.family_key = families.family_key
    inner join goals_so_far
        on
            family_months.family_key = goals_so_far.family_key
            and family_months.journal_month = goals_so_far.journal_month

)

select
    peer_group_code,
    journal_month,
    mode() within group (order by country_code) as country_code,
    mode() within group (order by site_code) as site_code,
    mode() within group (order by currency_code) as currency_code,
    count(distinct currency_code) = 1 as has_one_currency,
    bool_and(has_agreed) as is_agreed_by_all,
    count(*) filter (where journal_status_code <> 'paused') as expected_family_count,
    count(*) filter (where journal_status_code in ('on_time', 'late'))
        as reported_family_count,
    {% for answer, family_count, total in [
        ('savings_balance_local', 'savings_family_count', 'savings_total_local'),
        ('given_local', 'given_family_count', 'given_total_local'),
        ('received_local', 'received_family_count', 'received_total_local'),
        ('goal_set_count', 'goal_family_count', 'goal_set_total'),
        ('goal_achieved_count', 'achieving_family_count', 'goal_achieved_total')
    ] -%}
    count({{ answer }}) as {{ family_count }},
    sum({{ answer }}) as {{ total }},
    max({{ answer }}) as {{ total }}_of_one,
    max({{ answer }})
    + (array_agg({{ answer }} order by {{ answer }} desc nulls last))[2]
        as {{ total }}_of_two{{ ',' if not loop.last }}
{% endfor %}
from answers
group by peer_group_code, journal_month
