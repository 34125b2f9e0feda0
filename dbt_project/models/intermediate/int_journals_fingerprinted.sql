with

journals_live as (

    select * from {{ ref('int_journals_live') }}
    where {{ of_touched_families('family_key') }}

),

journals as (

    select * from {{ ref('stg_forms__journals') }}

),

-- Money that is earned, saved and shared stands apart from the rest: whoever fills in
-- the rest from another family's journal may still ask for it. In neither: children and
-- health, whatever a family consented to; numbers of people and scores of 0 to 10, in
-- which many agree; words, which are seldom written to the letter.
parts_listed as (

    select
        journals_live.family_key,
        journals_live.site_code,
        journals.root_id,
        journals.entered_by_id,
        part.part_code,
        part.answers,
        journals_live.journal_month,
        journals.known_at
    from journals_live
    inner join journals
        on
            journals_live.form_id = journals.form_id
            and journals_live.submission_id = journals.submission_id
            and journals_live.version_number = journals.version_number
    cross join
        lateral (
            values
            ('money', jsonb_build_object(
                -- The programme pays everybody the same.
                'gross', jsonb_path_query_array(
                    journals.income_sources,
                    '$[*] ? (!(@.income_type_code starts with "cii_")).gross_local'
                ),
                'cost', jsonb_path_query_array(
                    journals.income_sources, '$[*].cost_local'
                ),
                'savings_balance', journals.savings_balance_local,
                'saved', journals.saved_local,
                'savings_withdrawn', journals.savings_withdrawn_local,
                'circle_contributed', journals.circle_contributed_local,
                'circle_payout', journals.circle_payout_local,
                'given_cash', journals.given_cash_local,
                'given_kind', journals.given_kind_local,
                'given_hours', journals.given_hours,
                'received_cash', journals.received_cash_local,
                'received_kind', journals.received_kind_local,
                'bought_from_families', journals.bought_from_families_local,
                'sold_to_families', journals.sold_to_families_local
            )),
            ('life', jsonb_build_object(
                'debt_balance', journals.debt_balance_local,
                'debt_new', journals.debt_new_local,
                'debt_paid', journals.debt_paid_local,
                'work_changes', journals.work_changes,
                'less_preferred_food', journals.less_preferred_food_days,
                'borrowed_food', journals.borrowed_food_days,
                'smaller_portion', journals.smaller_portion_days,
                'adults_ate_less', journals.adults_ate_less_days,
                'fewer_meals', journals.fewer_meals_days,
                'home_changes', journals.home_changes,
                'home_spend', journals.home_spend_local,
                'without_water', journals.without_water_days,
                'shock_types', journals.shock_types,
                'shock_severity', journals.shock_severity_score,
                'shock_loss', journals.shock_loss_local,
                'coping_types', journals.coping_types,
                'recovery', journals.recovery_code,
                'community_activities', journals.community_activities,
                'has_led_activity', journals.has_led_community_activity,
                'goal_statuses',
                jsonb_path_query_array(journals.goal_updates, '$[*].goal_status_code'),
                'strategies',
                jsonb_path_query_array(journals.goal_updates, '$[*].strategy_code'),
                'report_usefulness', journals.report_usefulness_score
            ))
        ) as part (part_code, answers)

)

-- Each choice of several is an answer; in which order they were ticked says nothing.
select
    parts_listed.family_key,
    parts_listed.site_code,
    parts_listed.root_id,
    parts_listed.entered_by_id,
    parts_listed.part_code,
    hashed.answer_hashes,
    parts_listed.journal_month,
    parts_listed.known_at
from parts_listed
cross join
    lateral (
        select
            jsonb_agg(distinct md5(question.question_name || choice.answer::text))
                as answer_hashes
        from jsonb_each(parts_listed.answers) as question (question_name, answers)
        -- A single answer counts as a list of one.
        cross join
            lateral jsonb_path_query(question.answers, '$[*]') as choice (answer)
        where choice.answer not in ('null', '0', 'false', '"no"', '"none"')
    ) as hashed
where hashed.answer_hashes is not null
