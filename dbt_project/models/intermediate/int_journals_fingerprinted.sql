with

journals_live as (

    select * from {{ ref('int_journals_live') }}
    where {{ of_touched_families('family_key') }}

),

journals as (

    select * from {{ ref('stg_forms__journals') }}

)

-- Money that is earned, saved and shared stands apart from the rest: whoever fills in
-- the rest from another family's journal may still ask for it. In neither: children and
-- health, whatever a family consented to; numbers of people and scores of 0 to 10, in
-- which many agree; words, which are seldom written to the letter; and, as many say
-- so, 0, no and none.
select
    journals_live.family_key,
    journals_live.site_code,
    journals.root_id,
    journals.entered_by_id,
    part.part_code,
    part.answer_hashes,
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
        -- Each choice of several is an answer; in which order they were ticked says
        -- nothing.
        select
            told.part_code,
            jsonb_agg(distinct md5(told.question_name || told.answer)) as answer_hashes
        from (
            values
            ('money', 'balance', nullif(journals.savings_balance_local, 0)::text),
            ('money', 'saved', nullif(journals.saved_local, 0)::text),
            ('money', 'withdrawn', nullif(journals.savings_withdrawn_local, 0)::text),
            ('money', 'paid_in', nullif(journals.circle_contributed_local, 0)::text),
            ('money', 'payout', nullif(journals.circle_payout_local, 0)::text),
            ('money', 'given_cash', nullif(journals.given_cash_local, 0)::text),
            ('money', 'given_kind', nullif(journals.given_kind_local, 0)::text),
            ('money', 'given_hours', nullif(journals.given_hours, 0)::text),
            ('money', 'received_cash', nullif(journals.received_cash_local, 0)::text),
            ('money', 'received_kind', nullif(journals.received_kind_local, 0)::text),
            ('money', 'bought', nullif(journals.bought_from_families_local, 0)::text),
            ('money', 'sold', nullif(journals.sold_to_families_local, 0)::text),
            ('life', 'debt_balance', nullif(journals.debt_balance_local, 0)::text),
            ('life', 'debt_new', nullif(journals.debt_new_local, 0)::text),
            ('life', 'debt_paid', nullif(journals.debt_paid_local, 0)::text),
            ('life', 'plain_food', nullif(journals.less_preferred_food_days, 0)::text),
            ('life', 'borrowed_food', nullif(journals.borrowed_food_days, 0)::text),
            ('life', 'smaller_portion', nullif(journals.smaller_portion_days, 0)::text),
            ('life', 'adults_ate_less', nullif(journals.adults_ate_less_days, 0)::text),
            ('life', 'fewer_meals', nullif(journals.fewer_meals_days, 0)::text),
            ('life', 'home_spend', nullif(journals.home_spend_local, 0)::text),
            ('life', 'without_water', nullif(journals.without_water_days, 0)::text),
            ('life', 'shock_severity', nullif(journals.shock_severity_score, 0)::text),
            ('life', 'shock_loss', nullif(journals.shock_loss_local, 0)::text),
            ('life', 'usefulness', nullif(journals.report_usefulness_score, 0)::text),
            ('life', 'recovery', journals.recovery_code),
            (
                'life',
                'has_led_activity',
                nullif(journals.has_led_community_activity, false)::text
            )
            union all
            select
                'money' as part_code,
                'gross' as question_name,
                answer #>> '{}' as answer
            -- The programme pays everybody the same.
            from
                jsonb_path_query(
                    journals.income_sources,
                    '$[*] ? (!(@.income_type_code starts with "cii_")).gross_local'
                ) as answer
            where answer <> '0'
            union all
            select
                'money' as part_code,
                'cost' as question_name,
                answer #>> '{}' as answer
            from jsonb_path_query(journals.income_sources, '$[*].cost_local') as answer
            where answer <> '0'
            union all
            select
                'life' as part_code,
                choices.question_name,
                answer #>> '{}' as answer
            from (
                values
                ('work_changes', journals.work_changes, '$[*]'),
                ('home_changes', journals.home_changes, '$[*]'),
                ('shock_types', journals.shock_types, '$[*]'),
                ('coping_types', journals.coping_types, '$[*]'),
                ('activities', journals.community_activities, '$[*]'),
                ('goal_status', journals.goal_updates, '$[*].goal_status_code'),
                ('strategy', journals.goal_updates, '$[*].strategy_code')
            ) as choices (question_name, listed, path)
            cross join
                lateral jsonb_path_query(
                    choices.listed, choices.path::jsonpath
                ) as answer
        ) as told (part_code, question_name, answer)
        where told.answer not in ('no', 'none')
        group by told.part_code
    ) as part
