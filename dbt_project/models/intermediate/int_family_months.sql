with

roster as (select * from {{ ref('int_family_month_streaks') }}),

families as (select * from {{ ref('int_families') }}),

placements as (select * from {{ ref('int_family_placements') }}),

journals as (select * from {{ ref('int_journals_latest') }}),

measures as (select * from {{ ref('int_journal_measures') }}),

spreads as (select * from {{ ref('int_incomes_spread') }})

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
    roster.journal_due_date,
    roster.late_days,
    roster.accepted_streak_count,
    journals.income_local,
    journals.income_reported_local,
    journals.income_earned_local,
    journals.income_programme_local,
    case when journals.income_local = 0 then 0 else spreads.income_type_count end
        as income_type_count,
    spreads.income_concentration_score,
    {{ common_measures_of('measures') }},
    measures.household_member_count,
    measures.household_under_14_count,
    measures.household_adult_count,
    measures.adult_equivalent_count,
    measures.household_changes,
    measures.working_adult_count,
    measures.work_changes,
    measures.has_new_business,
    measures.has_lost_job,
    journals.business_sales_local,
    journals.business_cost_local,
    measures.is_income_confirmed,
    measures.income_change_reason_code,
    {{ health_measures_of('health') }},
    measures.reduced_coping_score,
    measures.home_changes,
    measures.has_improved_home,
    measures.has_damaged_home,
    measures.home_spend_local,
    measures.without_water_days,
    measures.has_shock,
    measures.shock_severity_score,
    measures.shock_loss_local,
    measures.has_negative_coping,
    measures.recovery_code,
    measures.community_activities,
    measures.has_community_activity,
    measures.has_led_community_activity,
    measures.satisfaction_five_point_score,
    measures.told_story_scope_code,
    measures.has_received_report,
    measures.report_usefulness_score,
    measures.has_decided_from_report,
    measures.mode_code,
    measures.has_liaison_visit,
    measures.has_liaison_contact,
    measures.data_point_count,
    journals.correction_count,
    journals.first_received_date,
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
left join spreads
    on
        journals.form_id = spreads.form_id
        and journals.submission_id = spreads.submission_id
        and journals.version_number = spreads.version_number
-- Health and children are read only of families that agreed to it.
left join measures as health
    on
        measures.form_id = health.form_id
        and measures.submission_id = health.submission_id
        and measures.version_number = health.version_number
        and families.consents_to_health
