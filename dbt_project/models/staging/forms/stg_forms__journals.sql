with

-- Answers are stored packed. They are unpacked here once, and not for each of the dozen
-- expressions below that read them: a fourth of what this model costs.
submissions as (

    select
        landed.form_id,
        landed.submission_id,
        landed.version_number,
        landed.root_id,
        landed.change_code,
        landed.review_state_code,
        landed.received_at,
        landed.known_at,
        landed.run_id,
        landed.answers || '{}' as answers,
        landed.answer_problems
    from {{ source('forms', 'journals') }} as landed
    where {{ of_pending_runs('landed') }}
    -- Without it Postgres would move the unpacking into each expression.
    offset 0 -- noqa: AM09

)

select
    submissions.form_id,
    submissions.submission_id,
    submissions.version_number,
    submissions.root_id,
    submissions.change_code,
    submissions.review_state_code,
    submissions.received_at,
    submissions.known_at,
    submissions.run_id,
    answer.site_code,
    answer.peer_group_code,
    answer.family_code,
    answer.reported_month,
    {{ login_hashed('answer.entered_by_id') }} as entered_by_id,
    answer.mode_code,
    answer.is_sharing,
    answer.household_member_count,
    answer.household_under_14_count,
    answer.household_changes,
    answer.income_any_code,
    answer.income_sources,
    answer.is_income_confirmed,
    answer.income_change_reason_code,
    answer.working_adult_count,
    answer.work_changes,
    answer.savings_any_code,
    answer.savings_balance_local,
    answer.savings_places,
    answer.saved_local,
    answer.savings_withdrawn_local,
    answer.savings_purposes,
    answer.debt_balance_local,
    answer.debt_new_local,
    answer.debt_paid_local,
    answer.debt_lenders,
    answer.is_in_lending_circle,
    answer.circle_type_code,
    answer.circle_count,
    answer.circle_contributed_local,
    answer.circle_payout_local,
    answer.circle_with_programme_code,
    answer.given_cash_local,
    answer.given_kind_local,
    answer.given_hours,
    answer.given_help_types,
    answer.given_to_codes,
    answer.received_cash_local,
    answer.received_kind_local,
    answer.received_help_types,
    answer.bought_from_families_local,
    answer.sold_to_families_local,
    answer.school_age_child_count,
    answer.attending_child_count,
    answer.absent_child_count,
    answer.device_child_count,
    answer.school_spend_local,
    answer.learning_change_code,
    answer.ill_member_count,
    answer.has_forgone_care,
    answer.health_spend_local,
    answer.less_preferred_food_days,
    answer.borrowed_food_days,
    answer.smaller_portion_days,
    answer.adults_ate_less_days,
    answer.fewer_meals_days,
    answer.home_changes,
    answer.home_spend_local,
    answer.without_water_days,
    answer.shock_types,
    answer.shock_severity_score,
    answer.shock_loss_local,
    answer.coping_types,
    answer.recovery_code,
    answer.community_activities,
    answer.has_led_community_activity,
    {{ without_words('answer.goal_updates', 'goal_text') }} as goal_updates,
    answer.satisfaction_score,
    answer.satisfaction_five_point_score,
    answer.ladder_now_score,
    answer.ladder_future_score,
    answer.control_score,
    answer.story_scope_code as told_story_scope_code,
    answer.has_received_report,
    answer.report_usefulness_score,
    answer.report_decision_text is not null as has_told_decision,
    {{ without_words('submissions.answer_problems', 'value') }} as answer_problems,
    {{ personal_data_kinds('journals') }} as personal_data_kinds,
    {{ free_texts_hash('submissions') }} as free_texts_hash,
    (
        select count(*) from jsonb_object_keys(submissions.answers) as asked (question)
        -- Who, where and when are not answers of the family.
        where
            asked.question not in (
                'site_code', 'peer_group_code', 'family_code', 'reported_month',
                'mode_code', 'entered_by_id', 'device_started_at', 'device_ended_at'
            )
    )::integer as data_point_count
from
    submissions,
    -- One pass over the document. A deletion has no answers: its row keeps nulls.
    jsonb_to_record(coalesce(submissions.answers, '{}')) as answer (
        site_code text, peer_group_code text, family_code text, reported_month date,
        entered_by_id text, mode_code text, is_sharing boolean,
        household_member_count integer, household_under_14_count integer,
        household_changes jsonb, is_income_confirmed boolean,
        income_change_reason_code text, working_adult_count integer, work_changes jsonb,
        given_help_types jsonb, given_to_codes jsonb, received_help_types jsonb,
        school_age_child_count integer, attending_child_count integer,
        absent_child_count integer, device_child_count integer,
        school_spend_local numeric(14, 2), learning_change_code text,
        ill_member_count integer, has_forgone_care boolean,
        health_spend_local numeric(14, 2), less_preferred_food_days integer,
        borrowed_food_days integer, smaller_portion_days integer,
        adults_ate_less_days integer, fewer_meals_days integer, home_changes jsonb,
        home_spend_local numeric(14, 2), without_water_days integer, shock_types jsonb,
        shock_severity_score integer, shock_loss_local numeric(14, 2),
        coping_types jsonb, recovery_code text, community_activities jsonb,
        has_led_community_activity boolean, goal_updates jsonb,
        satisfaction_five_point_score integer, story_scope_code text,
        has_received_report boolean, report_usefulness_score integer,
        report_decision_text text, {{ common_answers() }}
    )
