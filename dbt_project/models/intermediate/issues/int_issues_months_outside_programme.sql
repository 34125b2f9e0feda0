with

journals as (

    select * from {{ ref('int_journals_placed') }}
    where release_code = 'live' and is_accepted

)

select
    concat_ws('/', 'month_outside_programme', root_id) as issue_id,
    'month_outside_programme' as rule_code,
    'error' as severity_code,
    'journal' as form_role_code,
    root_id,
    site_code,
    journal_month::text as observed,
    'Ask which month was meant and correct it.' as suggested,
    journal_month,
    received_at as opened_at
from journals
where not is_in_programme_window
