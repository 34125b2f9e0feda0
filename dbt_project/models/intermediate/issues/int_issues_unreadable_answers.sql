with

answer_problems as (

    select * from {{ ref('int_answer_problems') }}

)

-- Not what was typed: a phone number in a field for numbers would be read by many.
select
    {{ issue_columns(
        'answer_problem',
        ['root_id', 'field_name'],
        family_key='null',
        field_name='field_name',
        observed="concat_ws(': ', field_name, reason_text)",
    ) }}
from answer_problems
