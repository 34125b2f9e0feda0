with

-- One model per rule; a new rule is a new model and a line here.
issues as (

    select * from {{ ref('int_issues_alike_journals') }}
    union all
    select * from {{ ref('int_issues_corrections') }}
    union all
    select * from {{ ref('int_issues_missing_exchange_rates') }}
    union all
    select * from {{ ref('int_issues_missing_prices') }}
    union all
    select * from {{ ref('int_issues_months_outside_programme') }}
    union all
    select * from {{ ref('int_issues_unreadable_answers') }}
    union all
    select * from {{ ref('int_issues_unresolved_families') }}

)

select
    issue_id,
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
