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
    monthly_prices.price_level_to_launch,
    monthly_prices.local_per_usd_ppp as purchasing_power_factor,
    family_months.journal_status_code,
    family_months.journal_due_date,
    family_months.late_days,
    family_months.accepted_streak_count,
    family_months.income_local,
    family_months.income_reported_local,
    family_months.income_earned_local,
    family_months.income_programme_local,
    (family_months.income_local / monthly_prices.price_level_to_launch)::numeric(14, 2)
        as income_real_local,
    (family_months.income_local / monthly_prices.local_per_usd_ppp)::numeric(14, 2)
        as income_usd_ppp,
    (
        100 * family_months.income_local / nullif(launches.income_local, 0)
    )::numeric(14, 4) as income_to_launch_index,
    family_months.income_type_count,
    family_months.income_concentration_score,
    {{ common_measures_of('family_months') }},
    family_months.household_member_count,
    family_months.household_under_14_count,
    family_months.household_adult_count,
    family_months.adult_equivalent_count,
    {{ codes_listed('family_months.household_changes') }} as household_change_codes,
    family_months.working_adult_count,
    {{ codes_listed('family_months.work_changes') }} as work_change_codes,
    family_months.has_new_business,
    family_months.has_lost_job,
    family_months.business_sales_local,
    family_months.business_cost_local,
    family_months.is_income_confirmed,
    family_months.income_change_reason_code,
    {{ health_measures_of('family_months') }},
    family_months.reduced_coping_score,
    {{ codes_listed('family_months.home_changes') }} as home_change_codes,
    family_months.has_improved_home,
    family_months.has_damaged_home,
    family_months.home_spend_local,
    family_months.without_water_days,
    family_months.has_shock,
    family_months.shock_severity_score,
    family_months.shock_loss_local,
    family_months.has_negative_coping,
    family_months.recovery_code,
    {{ codes_listed('family_months.community_activities') }}
        as community_activity_codes,
    family_months.has_community_activity,
    family_months.has_led_community_activity,
    family_months.satisfaction_five_point_score,
    family_months.told_story_scope_code,
    family_months.has_received_report,
    family_months.report_usefulness_score,
    family_months.has_decided_from_report,
    family_months.mode_code,
    family_months.has_liaison_visit,
    family_months.has_liaison_contact,
    ({{ money_in('family_months') }})::numeric(14, 2) as money_in_local,
    ({{ money_out('family_months') }})::numeric(14, 2) as money_out_local,
    family_months.data_point_count,
    family_months.correction_count,
    family_months.first_received_date,
    family_months.submitted_at
from family_months
-- Left joins: a family without a launch journal, a month without a published price.
left join family_months as launches
    on
        family_months.release_code = launches.release_code
        and family_months.family_key = launches.family_key
        and family_months.launch_month = launches.journal_month
left join monthly_prices
    on
        family_months.cohort_code = monthly_prices.cohort_code
        and family_months.country_code = monthly_prices.country_code
        and family_months.currency_code = monthly_prices.currency_code
        and family_months.journal_month = monthly_prices.journal_month
where family_months.release_code = {{ shown_release() }}
