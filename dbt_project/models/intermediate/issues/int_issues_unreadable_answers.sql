with

answer_problems as (

    select * from {{ ref('int_answer_problems') }}

)

select
    concat_ws('/', 'answer_problem', root_id, field_name) as issue_id,
    'answer_problem' as rule_code,
    'warning' as severity_code,
    'journal' as form_role_code,
    root_id,
    site_code,
    -- Not what was typed: a phone number in a field for numbers would be read by many.
    concat_ws(': ', field_name, reason_text) as observed,
    'Correct the answer on the form server, or the field map if it reads it wrong.'
        as suggested,
    journal_month,
    known_at as opened_at
from answer_problems
