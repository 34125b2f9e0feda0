with

issues as (

    select * from {{ ref('int_issues_remembered') }}

)

select
    issue_id,
    rule_code,
    severity_code,
    owner_code,
    issue_status_code,
    form_role_code,
    root_id,
    site_code,
    family_key,
    field_name,
    observed,
    expected,
    suggested_value,
    what_to_do,
    form_url,
    journal_month,
    opened_at,
    closed_at
from issues
