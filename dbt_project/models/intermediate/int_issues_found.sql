with

issues as (

    select * from {{ ref('int_issues_unioned') }}

),

rules as (

    select * from {{ ref('stg_reference__data_quality_rules') }}
    where is_enabled

),

records as (

    select * from {{ ref('int_records_known') }}

),

forms as (

    select * from {{ ref('stg_registry__forms') }}

),

decisions as (

    select * from {{ ref('int_issue_decisions') }}

),

families_left_out as (

    select * from {{ ref('int_families_left_out') }}
    where release_code = 'live'

),

issues_decided as (

    select
        issues.*,
        records.form_id,
        records.submission_id,
        rules.severity_code,
        rules.owner_code,
        rules.what_to_do,
        -- Of the journals that say the same, no family is singled out.
        case
            when issues.rule_code <> 'alike_journals'
                then coalesce(issues.family_key, records.family_key)
        end as known_family_key,
        coalesce(on_field.waived_at, on_rule.waived_at) as waived_at,
        -- The other rules see the corrected value already.
        case
            when issues.rule_code in ('unit_error', 'wrong_currency', 'wrong_month')
                then on_field.corrected_at
        end as corrected_at
    from issues
    inner join rules on issues.rule_code = rules.rule_code
    left join records
        on
            issues.form_role_code = records.form_role_code
            and issues.root_id = records.root_id
    left join decisions as on_field
        on
            issues.root_id = on_field.root_id
            and issues.field_name = on_field.field_name
    left join decisions as on_rule
        on
            issues.root_id = on_rule.root_id
            and issues.rule_code = on_rule.field_name

)

select
    issues_decided.issue_id,
    issues_decided.rule_code,
    issues_decided.severity_code,
    issues_decided.owner_code,
    case
        when issues_decided.corrected_at is not null then 'corrected'
        when issues_decided.waived_at is not null then 'waived'
        else 'open'
    end as issue_status_code,
    issues_decided.form_role_code,
    issues_decided.root_id,
    issues_decided.site_code,
    issues_decided.known_family_key as family_key,
    issues_decided.field_name,
    issues_decided.observed,
    issues_decided.expected,
    issues_decided.suggested_value,
    issues_decided.what_to_do,
    -- A colon is the one sign of a record's name that an address may not hold as it is.
    replace(
        forms.record_url,
        '{submission_id}',
        replace(issues_decided.submission_id, ':', '%3A')
    ) as form_url,
    issues_decided.journal_month,
    issues_decided.opened_at,
    coalesce(issues_decided.corrected_at, issues_decided.waived_at) as closed_at
from issues_decided
left join forms on issues_decided.form_id = forms.form_id
left join families_left_out
    on issues_decided.known_family_key = families_left_out.family_key
where families_left_out.family_key is null
