with

unresolved_codes as (

    select * from {{ ref('int_family_codes_unresolved') }}

)

select
    concat_ws('/', 'unresolved_family_code', root_id) as issue_id,
    'unresolved_family_code' as rule_code,
    'error' as severity_code,
    form_role_code,
    root_id,
    site_code,
    coalesce(reported_code, 'no family code') as observed,
    'Find the family with its liaison and correct the code on the form server.'
        as suggested,
    journal_month,
    known_at as opened_at
from unresolved_codes
