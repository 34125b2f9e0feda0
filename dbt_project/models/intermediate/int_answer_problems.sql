with

journals as (

    select * from {{ ref('stg_forms__journals') }}

),

journals_known as (

    select * from {{ ref('int_journals_known') }}

)

-- What landing could not read as the field map expects, in the newest versions.
select
    journals_known.root_id,
    journals_known.version_number,
    journals_known.site_code,
    problem.answers ->> 'field' as field_name,
    problem.answers ->> 'reason' as reason_text,
    date_trunc('month', journals_known.reported_month)::date as journal_month,
    journals_known.known_at
from journals_known
inner join journals
    on
        journals_known.form_id = journals.form_id
        and journals_known.submission_id = journals.submission_id
        and journals_known.version_number = journals.version_number
cross join
    lateral
    jsonb_array_elements(journals.answer_problems) as problem (answers)
where journals_known.release_code = 'live'
