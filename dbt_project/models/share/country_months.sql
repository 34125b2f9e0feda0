with

country_months as (

    select * from {{ ref('fct_country_months') }}

),

reasons as (

    select
        *,
        {{ suppression_reason(
            'reported_family_count', ['country_code', 'journal_month']
        ) }} as suppression_reason_code,
        {{ suppression_reason(
            'panel_family_count', ['country_code', 'journal_month']
        ) }} as index_reason_code
    from country_months

),

judged as (

    select
        *,
        suppression_reason_code is not null as is_suppressed,
        coalesce(suppression_reason_code, index_reason_code) is not null
            as is_index_suppressed
    from reasons

)

select
    judged.country_code,
    judged.currency_code,
    judged.months_since_launch_count,
    case when not judged.is_suppressed then judged.expected_family_count end
        as expected_family_count,
    case when not judged.is_suppressed then judged.reported_family_count end
        as reported_family_count,
    case when not judged.is_index_suppressed then judged.panel_family_count end
        as panel_family_count,
    case when not judged.is_suppressed then judged.active_family_count end
        as active_family_count,
    case when not judged.is_suppressed then judged.income_mean_local end
        as income_mean_local,
    case when not judged.is_suppressed then judged.income_median_local end
        as income_median_local,
    case when not judged.is_suppressed then judged.income_mean_real_local end
        as income_mean_real_local,
    case when not judged.is_suppressed then judged.income_mean_usd_ppp end
        as income_mean_usd_ppp,
    case when not judged.is_index_suppressed then judged.income_index end
        as income_index,
    case when not judged.is_index_suppressed then judged.income_index_standard_error end
        as income_index_standard_error,
    case when not judged.is_index_suppressed then judged.income_index_low end
        as income_index_low,
    case when not judged.is_index_suppressed then judged.income_index_high end
        as income_index_high,
    case when not judged.is_index_suppressed then judged.income_real_index end
        as income_real_index,
    case
        when not judged.is_index_suppressed then judged.income_real_index_standard_error
    end
        as income_real_index_standard_error,
    case when not judged.is_index_suppressed then judged.income_real_index_low end
        as income_real_index_low,
    case when not judged.is_index_suppressed then judged.income_real_index_high end
        as income_real_index_high,
    case when not judged.is_suppressed then judged.savings_balance_mean_local end
        as savings_balance_mean_local,
    case when not judged.is_suppressed then judged.saver_share end
        as saver_share,
    case when not judged.is_suppressed then judged.debt_balance_mean_local end
        as debt_balance_mean_local,
    case when not judged.is_suppressed then judged.lending_circle_share end
        as lending_circle_share,
    case when not judged.is_suppressed then judged.lending_circle_share_low end
        as lending_circle_share_low,
    case when not judged.is_suppressed then judged.lending_circle_share_high end
        as lending_circle_share_high,
    case when not judged.is_suppressed then judged.circle_contributed_mean_local end
        as circle_contributed_mean_local,
    case when not judged.is_suppressed then judged.given_share end
        as given_share,
    case when not judged.is_suppressed then judged.satisfaction_mean_score end
        as satisfaction_mean_score,
    case
        when not judged.is_suppressed then judged.satisfaction_mean_score_standard_error
    end
        as satisfaction_mean_score_standard_error,
    case when not judged.is_suppressed then judged.control_mean_score end
        as control_mean_score,
    case when not judged.is_suppressed then judged.control_mean_score_standard_error end
        as control_mean_score_standard_error,
    case when not judged.is_suppressed then judged.retention_share end
        as retention_share,
    judged.suppression_reason_code,
    judged.is_suppressed,
    judged.is_index_suppressed,
    judged.journal_month
from judged
