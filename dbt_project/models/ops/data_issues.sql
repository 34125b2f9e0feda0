with

unresolved_codes as (

    select * from {{ ref('int_family_codes_unresolved') }}

),

answer_problems as (

    select * from {{ ref('int_answer_problems') }}

),

corrections as (

    select * from {{ ref('int_corrections_known') }}
    where release_code = 'live'

),

journals as (

    select * from {{ ref('int_journals_placed') }}

),

journals_copied as (

    select * from {{ ref('int_journals_copied') }}

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
union all
select
    concat_ws('/', 'answer_problem', root_id, field_name) as issue_id,
    'answer_problem' as rule_code,
    'warning' as severity_code,
    'journal' as form_role_code,
    root_id,
    site_code,
    concat_ws(': ', field_name, value_text, reason_text) as observed,
    'Correct the answer on the form server, or the field map if it reads it wrong.'
        as suggested,
    journal_month,
    known_at as opened_at
from answer_problems
union all
select
    concat_ws('/', 'correction_proposed', correction_id) as issue_id,
    'correction_proposed' as rule_code,
    'warning' as severity_code,
    form_role_code,
    root_id,
    null as site_code,
    concat_ws(' ', field_name, old_value, '->', new_value) as observed,
    'Approve or decline it in the corrections register.' as suggested,
    null as journal_month,
    known_at as opened_at
from corrections
where status_code = 'proposed'
union all
select
    concat_ws('/', 'correction_not_applied', correction_id) as issue_id,
    'correction_not_applied' as rule_code,
    'error' as severity_code,
    form_role_code,
    root_id,
    null as site_code,
    concat_ws(' ', field_name, old_value, '->', new_value) as observed,
    'Correct field and value in the register: income_local takes an amount, '
    || 'reported_month a month such as 2021-07.' as suggested,
    null as journal_month,
    known_at as opened_at
from corrections
where status_code = 'approved' and not is_applicable
union all
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
where release_code = 'live' and is_accepted and not is_in_programme_window
union all
select
    concat_ws('/', 'copied_journals', root_id) as issue_id,
    'copied_journals' as rule_code,
    'warning' as severity_code,
    'journal' as form_role_code,
    root_id,
    site_code,
    concat_ws(
        '; ', family_count || ' families say the same', journal_months, family_keys,
        'entered by ' || entered_by_ids
    ) as observed,
    'Ask the liaisons how they were filled in; no figure leaves them out.' as suggested,
    journal_month,
    opened_at
from journals_copied
