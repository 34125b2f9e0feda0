with

form_versions as (

    select * from {{ ref('stg_forms__versions') }}

),

forms as (

    select * from {{ ref('stg_registry__forms') }}

)

select
    form_versions.form_id,
    form_versions.form_version_id,
    forms.form_role_code,
    form_versions.form_version_name,
    form_versions.version_number,
    (
        select count(*)
        from
            jsonb_array_elements(form_versions.questions) as question (answers)
        where question.answers ->> 'type' not in ('note', 'calculate')
    )::integer as question_count,
    form_versions.deployed_at
from form_versions
left join forms on form_versions.form_id = forms.form_id
