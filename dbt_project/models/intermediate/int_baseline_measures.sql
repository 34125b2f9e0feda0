with

enrolments as (

    select * from {{ ref('stg_forms__enrolments') }}

),

enrolments_counted as (

    select
        *,
        jsonb_array_length(members) as household_member_count,
        (
            select count(*)
            from jsonb_array_elements(enrolments.members) as member (answers)
            where (member.answers ->> 'age_years')::integer < 14
        )::integer as household_under_14_count
    from enrolments

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
