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

income_sources as (

    select * from {{ ref('int_income_sources_exploded') }}
    where lacks_an_exchange_rate

),

issues as (

    select
        'unresolved_family_code' as rule_code,
        'error' as severity_code,
        form_role_code,
        root_id,
        site_code,
        coalesce(reported_code, 'no family code') as observed,
        'Find the family with its liaison and correct the code on the form server.'
            as suggested,
        journal_month,
        known_at as opened_at,
        root_id as issue_part
    from unresolved_codes
    union all
    select
        'answer_problem' as rule_code,
        'warning' as severity_code,
        'journal' as form_role_code,
        root_id,
        site_code,
        concat_ws(': ', field_name, value_text, reason_text) as observed,
        'Correct the answer on the form server, or the field map if it reads it wrong.'
            as suggested,
        journal_month,
        known_at as opened_at,
        concat_ws('/', root_id, field_name) as issue_part
    from answer_problems
    union all
    select
        'correction_proposed' as rule_code,
        'warning' as severity_code,
        form_role_code,
        root_id,
        null as site_code,
        concat_ws(' ', field_name, old_value, '->', new_value) as observed,
        'Approve or decline it in the corrections register.' as suggested,
        null as journal_month,
        known_at as opened_at,
        correction_id as issue_part
    from corrections
    where status_code = 'proposed'
    union all
    select
        'correction_not_applied' as rule_code,
        'error' as severity_code,
        form_role_code,
        root_id,
        null as site_code,
        concat_ws(' ', field_name, old_value, '->', new_value) as observed,
        'Correct field and value in the register: income_local takes an amount, '
        || 'reported_month a month such as 2021-07.' as suggested,
        null as journal_month,
        known_at as opened_at,
        correction_id as issue_part
    from corrections
    where status_code = 'approved' and not is_applicable
    union all
    select
        'month_outside_programme' as rule_code,
        'error' as severity_code,
        'journal' as form_role_code,
        root_id,
        site_code,
        journal_month::text as observed,
        'Ask which month was meant and correct it.' as suggested,
        journal_month,
        received_at as opened_at,
        root_id as issue_part
    from journals
    where release_code = 'live' and is_accepted and not is_in_programme_window
    union all
    select
        'exchange_rate_missing' as rule_code,
        'error' as severity_code,
        'journal' as form_role_code,
        journals.root_id,
        journals.site_code,
        income_sources.reported_currency_code as observed,
        'Add the rate of that month or year to the seed exchange_rates; until then the '
        || 'month has no income.' as suggested,
        journals.journal_month,
        journals.received_at as opened_at,
        concat_ws('/', journals.root_id, income_sources.line_number) as issue_part
    from journals
    inner join income_sources
        on
            journals.form_id = income_sources.form_id
            and journals.submission_id = income_sources.submission_id
            and journals.version_number = income_sources.version_number
    where journals.release_code = 'live' and journals.is_accepted

)

select
    concat_ws('/', rule_code, issue_part) as issue_id,
    rule_code,
    severity_code,
    form_role_code,
    root_id,
    site_code,
    observed,
    suggested,
    journal_month,
    opened_at
from issues
