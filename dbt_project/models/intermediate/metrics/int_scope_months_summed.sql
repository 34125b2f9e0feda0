with

families as (

    select * from {{ ref('int_scope_months_families') }}

),

summed as (

    select
        scope_type_code,
        scope_code,
        journal_month,
        case when min(country_code) = max(country_code) then min(country_code) end
            as country_code,
        case when bool_and(is_in_one_currency) then min(currency_code) end
            as currency_code,
        case
            when min(months_since_launch_count) = max(months_since_launch_count)
                then min(months_since_launch_count)
        end as months_since_launch_count,
        count(*) filter (where journal_status_code <> 'paused')
            as expected_family_count,
        count(*) filter (where journal_status_code in ('on_time', 'late'))
            as reported_family_count,
        count(income_local) as income_family_count,
        count(savings_balance_local) as savings_answer_count,
        count(debt_balance_local) as debt_answer_count,
        count(circle_contributed_local) as contribution_answer_count,
        count(*) filter (
            where income_local is not null and given_local is not null
        ) as giving_answer_count,
        count(satisfaction_score) as satisfaction_answer_count,
        count(control_score) as control_answer_count,
        avg(income_local) filter (where is_in_one_currency) as income_mean_local,
        percentile_cont(0.5) within group (order by income_local)
        filter (where is_in_one_currency) as income_median_local,
        avg(income_real_local) filter (where is_in_one_currency)
            as income_mean_real_local,
        avg(income_usd_ppp) as income_mean_usd_ppp,
        avg(savings_balance_local) filter (where is_in_one_currency)
            as savings_balance_mean_local,
        avg((savings_balance_local > 0)::integer) as saver_share,
        avg(debt_balance_local) filter (where is_in_one_currency)
            as debt_balance_mean_local,
        sum(is_in_lending_circle::integer) as lending_circle_family_count,
        count(is_in_lending_circle) as circle_answer_count,
        avg(circle_contributed_local) filter (where is_in_one_currency)
            as circle_contributed_mean_local,
        sum(given_local) filter (
            where is_in_one_currency and income_local is not null
        ) as given_sum_local,
        sum(income_local) filter (
            where is_in_one_currency and given_local is not null
        ) as income_sum_local
    from families
    group by scope_type_code, scope_code, journal_month

)

select
    scope_type_code,
    scope_code,
    country_code,
    currency_code,
    months_since_launch_count,
    expected_family_count,
    reported_family_count,
    income_family_count,
    -- A question nobody answered has no figure, so it does not count.
    least(
        nullif(expected_family_count, 0),
        nullif(reported_family_count, 0),
        nullif(income_family_count, 0),
        nullif(savings_answer_count, 0),
        nullif(debt_answer_count, 0),
        nullif(circle_answer_count, 0),
        nullif(contribution_answer_count, 0),
        nullif(giving_answer_count, 0),
        nullif(satisfaction_answer_count, 0),
        nullif(control_answer_count, 0)
    ) as least_family_count,
    income_mean_local,
    income_median_local,
    income_mean_real_local,
    income_mean_usd_ppp,
    savings_balance_mean_local,
    saver_share,
    debt_balance_mean_local,
    lending_circle_family_count::numeric / nullif(circle_answer_count, 0)
        as lending_circle_share,
    case
        when circle_answer_count > 0
            then
                {{ wilson_bound(
                    'lending_circle_family_count', 'circle_answer_count', 'low'
                ) }}
    end as lending_circle_share_low,
    case
        when circle_answer_count > 0
            then
                {{ wilson_bound(
                    'lending_circle_family_count', 'circle_answer_count', 'high'
                ) }}
    end as lending_circle_share_high,
    circle_contributed_mean_local,
    given_sum_local / nullif(income_sum_local, 0) as given_share,
    journal_month
from summed
