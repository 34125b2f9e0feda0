with

submissions as (

    select * from {{ ref('int_submissions_known') }}

),

test_submissions as (

    select * from {{ ref('int_test_submissions') }}

)

select
    form_role_code,
    root_id,
    form_id,
    submission_id,
    family_key
from submissions
union all
select
    form_role_code,
    root_id,
    form_id,
    submission_id,
    null as family_key
from test_submissions
