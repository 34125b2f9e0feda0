with

family_months as (

    select * from {{ ref('int_family_months') }}

),

monthly_prices as (

    select * from {{ ref('int_monthly_prices') }}

)

select
    family_months.family_key,
    family_months.journal_month,
    family_months.launch_month,
    family_months.months_since_launch_count,
    family_months.country_code,
    family_months.site_code,
    family_months.peer_group_code,
    family_months.cohort_code,
    family_months.currency_code,
    monthly_prices.price_frequency_code,
    family_months.journal_status_code,
    family_months.income_local,
    family_months.income_reported_local,
    family_months.income_earned_local,
    family_months.income_programme_local,
    (family_months.income_local / monthly_prices.price_level_to_launch)::numeric(14, 2)
        as income_real_local,
    (family_months.income_local / monthly_prices.local_per_usd_ppp)::numeric(14, 2)
        as income_usd_ppp,
    family_months.savings_balance_local,
    family_months.saved_local,
    family_months.savings_withdrawn_local,
    family_months.debt_balance_local,
    family_months.debt_new_local,
    family_months.debt_paid_local,
    family_months.is_in_lending_circle,
    family_months.circle_count,
    family_months.circle_contributed_local,
    family_months.circle_payout_local,
    family_months.given_local,
    family_months.given_cash_local,
    family_months.given_kind_local,
    family_months.given_hours,
    family_months.received_local,
    family_months.received_cash_local,
    family_months.received_kind_local,
    family_months.bought_from_families_local,
    family_months.sold_to_families_local,
    family_months.satisfaction_score,
    family_months.ladder_now_score,
    family_months.ladder_future_score,
    family_months.control_score,
    family_months.household_member_count,
    family_months.household_under_14_count,
    family_months.working_adult_count,
    family_months.has_new_business,
    family_months.has_lost_job,
    family_months.business_sales_local,
    family_months.business_cost_local,
    family_months.is_income_confirmed,
    family_months.income_change_reason_code,
    family_months.school_age_child_count,
    family_months.attending_child_count,
    family_months.absent_child_count,
    family_months.device_child_count,
    family_months.school_spend_local,
    family_months.learning_change_code,
    family_months.ill_member_count,
    family_months.has_forgone_care,
    family_months.health_spend_local,
    family_months.reduced_coping_score,
    family_months.has_improved_home,
    family_months.home_spend_local,
    family_months.without_water_days,
    family_months.has_shock,
    family_months.shock_severity_score,
    family_months.shock_loss_local,
    family_months.recovery_code,
    family_months.has_community_activity,
    family_months.has_led_community_activity,
    family_months.satisfaction_five_point_score,
    family_months.has_received_report,
    family_months.report_usefulness_score,
    family_months.has_decided_from_report,
    family_months.mode_code,
    family_months.data_point_count,
    family_months.correction_count,
    family_months.submitted_at
from family_months
-- Left join: a month without a published price keeps its row, unconverted.
left join monthly_prices
    on
        family_months.cohort_code = monthly_prices.cohort_code
        and family_months.country_code = monthly_prices.country_code
        and family_months.currency_code = monthly_prices.currency_code
        and family_months.journal_month = monthly_prices.journal_month
where family_months.release_code = {{ shown_release() }}
