with

journals_latest as (

    select * from {{ ref('int_journals_latest') }}
    where release_code = 'live'

),

family_months as (

    select * from {{ ref('int_family_months') }}
    where release_code = 'live'

),

enrolments as (

    select * from {{ ref('int_enrolments_latest') }}
    where release_code = 'live'

),

journals as (

    select * from {{ ref('stg_forms__journals') }}
    where free_texts_hash is not null

),

texts as (

    select
        journals.form_id,
        journals.submission_id,
        journals.version_number,
        journals.root_id,
        family_months.family_key,
        family_months.country_code,
        family_months.site_code,
        said.field_name,
        -- Of a story the family says each time who may see it.
        case
            when said.field_name = 'story_text' then journals.told_story_scope_code
            else enrolments.story_scope_code
        end as story_scope_code,
        journals.free_texts_hash,
        family_months.journal_month
    from journals
    inner join journals_latest
        on
            journals.form_id = journals_latest.form_id
            and journals.submission_id = journals_latest.submission_id
            and journals.version_number = journals_latest.version_number
    inner join family_months
        on
            journals_latest.family_key = family_months.family_key
            and journals_latest.journal_month = family_months.journal_month
    inner join enrolments on family_months.family_key = enrolments.family_key
    cross join
        lateral
        (
            values
            {% for field in reviewable_texts() -%}
                ('{{ field }}'){{ ',' if not loop.last }}
            {% endfor %}
        ) as said (field_name)

)

select *
from texts
where story_scope_code in ('families', 'public_anon', 'public_name')
