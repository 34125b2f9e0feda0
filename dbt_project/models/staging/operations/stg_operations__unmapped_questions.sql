with

unmapped_questions as (

    select * from {{ source('operations', 'unmapped_questions') }}

)

select
    form_id,
    form_version_id,
    question_path,
    problem_code,
    first_seen_at
from unmapped_questions
