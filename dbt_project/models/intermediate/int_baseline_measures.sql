with

enrolments as (

    select * from {{ ref('stg_forms__enrolments') }}

),

-- Counted once for each enrolment, however many measures need it.
enrolments_counted as (

    select
        enrolments.*,
        case when enrolments.members is not null then listed.member_count end
            as household_member_count,
        listed.under_14_count as household_under_14_count
    from enrolments
    cross join
        lateral (
            select
                count(*)::integer as member_count,
                count(*) filter (
                    where (member.answers ->> 'age_years')::integer < 14
                )::integer as under_14_count
            from jsonb_array_elements(enrolments.members) as member (answers)
        ) as listed

)

-- The baseline asks what the journal asks, in the same words, and follows its rules.
select
    form_id,
    submission_id,
    version_number,
    {{ common_measures() }},
    household_member_count,
    household_under_14_count,
    household_member_count - household_under_14_count as household_adult_count,
    {{ adult_equivalents('household_member_count', 'household_under_14_count') }}
        as adult_equivalent_count
from enrolments_counted
