with

journals_live as (

    select * from {{ ref('int_journals_live') }}

),

journals as (

    select * from {{ ref('stg_kobo__journals') }}

)

select
    journals_live.family_key,
    journals_live.site_code,
    journals.root_id,
    journals.entered_by_id,
    -- Not here: income, savings, circles and sharing, which whoever copies the rest may
    -- still ask for; numbers of people and health, which follow the household's size
    -- (with health, the pilot's copy in a larger household agrees in two months of
    -- three); and words, which are seldom copied to the letter.
    md5(
        row(
            journals.debt_balance_local,
            journals.debt_new_local,
            journals.debt_paid_local,
            journals.work_changes,
            journals.school_spend_local,
            journals.learning_change_code,
            journals.less_preferred_food_days,
            journals.borrowed_food_days,
            journals.smaller_portion_days,
            journals.adults_ate_less_days,
            journals.fewer_meals_days,
            journals.home_changes,
            journals.home_spend_local,
            journals.without_water_days,
            journals.shock_types,
            journals.shock_severity_score,
            journals.shock_loss_local,
            journals.coping_types,
            journals.recovery_code,
            journals.community_activities,
            journals.has_led_community_activity,
            jsonb_path_query_array(journals.goal_updates, '$[*].goal_status_code'),
            jsonb_path_query_array(journals.goal_updates, '$[*].strategy_code'),
            journals.has_received_report,
            journals.report_usefulness_score
        )::text
    ) as answers_hash,
    journals_live.journal_month,
    journals.known_at
from journals_live
inner join journals
    on
        journals_live.form_id = journals.form_id
        and journals_live.submission_id = journals.submission_id
        and journals_live.version_number = journals.version_number
-- Quiet months are alike without anyone copying. Of the pilot's 129,000 pairs of honest
-- families in one site and month none agrees in all answers above; in the amounts alone
-- 121 do with nothing in any (nine pairs in three months or more), 19 with one amount
-- (none in three months), none with two. So two also hold where less happens.
where
    num_nonnulls(
        nullif(journals.debt_balance_local, 0),
        nullif(journals.debt_new_local, 0),
        nullif(journals.debt_paid_local, 0),
        nullif(journals.school_spend_local, 0),
        nullif(journals.home_spend_local, 0),
        nullif(journals.shock_loss_local, 0)
    ) >= 2
