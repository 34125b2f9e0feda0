with

roster as (select * from {{ ref('int_family_month_roster') }}),

families as (select * from {{ ref('int_families') }}),

placements as (select * from {{ ref('int_family_placements') }}),

journals as (select * from {{ ref('int_journals_latest') }}),

measures as (select * from {{ ref('int_journal_measures') }})

select
    roster.release_code,
    roster.family_key,
    roster.journal_month,
    families.launch_month,
    (
        extract(year from age(roster.journal_month, families.launch_month)) * 12
        + extract(month from age(roster.journal_month, families.launch_month))
    )::integer as months_since_launch_count,
    families.country_code,
    placements.site_code,
    placements.peer_group_code,
    families.cohort_code,
    families.currency_code,
    roster.journal_status_code,
    journals.income_local,
    journals.income_reported_local,
    journals.income_earned_local,
    journals.income_programme_local,
    measures.savings_balance_local,
    measures.saved_local,
    measures.savings_withdrawn_local,
    measures.debt_balance_local,
    measures.debt_new_local,
    measures.debt_paid_local,
    measures.is_in_lending_circle,
    measures.circle_count,
    measures.circle_contributed_local,
    measures.circle_payout_local,
    measures.given_local,
    measures.given_cash_local,
    measures.given_kind_local,
    measures.given_hours,
    measures.received_local,
    measures.received_cash_local,
    measures.received_kind_local,
    measures.bought_from_families_local,
    measures.sold_to_families_local,
    measures.satisfaction_score,
    measures.ladder_now_score,
    measures.ladder_future_score,
    measures.control_score,
    measures.household_member_count,
    measures.household_under_14_count,
    measures.working_adult_count,
    measures.has_new_business,
    measures.has_lost_job,
    journals.business_sales_local,
    journals.business_cost_local,
    measures.is_income_confirmed,
    measures.income_change_reason_code,
    health.school_age_child_count,
    health.attending_child_count,
    health.absent_child_count,
    health.device_child_count,
    health.school_spend_local,
    health.learning_change_code,
    health.ill_member_count,
    health.has_forgone_care,
    health.health_spend_local,
    measures.reduced_coping_score,
    measures.has_improved_home,
    measures.home_spend_local,
    measures.without_water_days,
    measures.has_shock,
    measures.shock_severity_score,
    measures.shock_loss_local,
    measures.recovery_code,
    measures.has_community_activity,
    measures.has_led_community_activity,
    measures.satisfaction_five_point_score,
    measures.has_received_report,
    measures.report_usefulness_score,
    measures.has_decided_from_report,
    measures.mode_code,
    measures.data_point_count,
    journals.correction_count,
    journals.submitted_at
from roster
inner join families
    on
        roster.release_code = families.release_code
        and roster.family_key = families.family_key
-- A month belongs to the group and site that hold on its last day.
inner join placements
    on
        roster.release_code = placements.release_code
        and roster.family_key = placements.family_key
        and roster.journal_month + interval '1 month' > placements.valid_from_date
        and roster.journal_month + interval '1 month - 1 day'
        <= coalesce(placements.valid_to_date, 'infinity')
left join journals
    on
        roster.release_code = journals.release_code
        and roster.family_key = journals.family_key
        and roster.journal_month = journals.journal_month
left join measures
    on
        journals.form_id = measures.form_id
        and journals.submission_id = measures.submission_id
        and journals.version_number = measures.version_number
-- Health and children are read only of families that agreed to it.
left join measures as health
    on
        measures.form_id = health.form_id
        and measures.submission_id = health.submission_id
        and measures.version_number = health.version_number
        and families.consents_to_health
