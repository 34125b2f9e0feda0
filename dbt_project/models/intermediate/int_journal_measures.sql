with

journals as (

    select * from {{ ref('stg_forms__journals') }}

)

-- Where the form skips an amount because an answer before it makes it 0, it is 0; where
-- the family did not answer, the null stays.
select
    form_id,
    submission_id,
    version_number,
    {{ common_measures() }},
    household_member_count,
    household_under_14_count,
    household_member_count - household_under_14_count as household_adult_count,
    {{ adult_equivalents('household_member_count', 'household_under_14_count') }}
        as adult_equivalent_count,
    household_changes,
    working_adult_count,
    work_changes,
    work_changes ? 'newbiz' as has_new_business,
    work_changes ? 'lostjob' as has_lost_job,
    is_income_confirmed,
    income_change_reason_code,
    school_age_child_count,
    case when school_age_child_count = 0 then 0 else attending_child_count end
        as attending_child_count,
    case when school_age_child_count = 0 then 0 else absent_child_count end
        as absent_child_count,
    case when school_age_child_count = 0 then 0 else device_child_count end
        as device_child_count,
    school_spend_local,
    learning_change_code,
    ill_member_count,
    has_forgone_care,
    health_spend_local,
    -- Weights of the reduced coping strategies index; they sum to 8, so 7 days give 56.
    less_preferred_food_days
    + 2 * borrowed_food_days
    + smaller_portion_days
    + 3 * adults_ate_less_days
    + fewer_meals_days as reduced_coping_score,
    home_changes,
    home_changes ? 'improve' as has_improved_home,
    home_changes ? 'damage' as has_damaged_home,
    case when not home_changes ? 'improve' then 0 else home_spend_local end
        as home_spend_local,
    without_water_days,
    not shock_types ? 'none' as has_shock,
    shock_severity_score,
    case when shock_types ? 'none' then 0 else shock_loss_local end
        as shock_loss_local,
    -- Borrowing wears a family down where it is from a moneylender.
    case
        when shock_types ? 'none' then false
        else
            coping_types ?| array['sell', 'school_out', 'cut']
            or (coping_types ? 'borrow' and coalesce(debt_lenders ? 'money', false))
    end as has_negative_coping,
    recovery_code,
    community_activities,
    not community_activities ? 'none' as has_community_activity,
    has_led_community_activity and not community_activities ? 'none'
        as has_led_community_activity,
    satisfaction_five_point_score,
    told_story_scope_code,
    has_received_report,
    report_usefulness_score,
    case when has_received_report then has_told_decision end
        as has_decided_from_report,
    mode_code,
    mode_code = 'visit' as has_liaison_visit,
    mode_code in ('visit', 'phone') as has_liaison_contact,
    data_point_count
from journals
