{%- set hidden = 'reasons.suppression_reason_code is not null' %}
with

sharing as (select * from {{ ref('stg_registry__sharing') }}),

issues as (select * from {{ ref('data_issues') }}),

rules as (

    select * from {{ ref('issue_rules') }}
    where is_enabled

),

sites as (select * from {{ ref('dim_sites') }}),

-- Every rule at every site, so that none found is a zero; records of no site count
-- among all of them alone.
scopes as (

    select
        'site' as scope_type_code,
        site_code as scope_code,
        country_code,
        family_count
    from sites
    union all
    select
        'all' as scope_type_code,
        'all' as scope_code,
        null as country_code,
        sum(family_count)::integer as family_count
    from sites

),

counted as (

    select
        scopes.scope_type_code,
        scopes.scope_code,
        rules.rule_code,
        count(issues.issue_id) filter (
            where issues.issue_status_code = 'open'
        )::integer as open_issue_count,
        count(issues.issue_id) filter (
            where issues.issue_status_code <> 'open'
        )::integer as past_issue_count,
        -- To the day: the second would find the journal that it is about.
        date_trunc(
            'day',
            min(issues.opened_at) filter (where issues.issue_status_code = 'open'),
            'UTC'
        ) as oldest_opened_at
    from scopes
    cross join rules
    left join issues
        on
            rules.rule_code = issues.rule_code
            and scopes.scope_code in ('all', issues.site_code)
    group by scopes.scope_type_code, scopes.scope_code, rules.rule_code

),

own_reasons as (

    select
        counted.*,
        scopes.country_code,
        scopes.family_count,
        coalesce(
            {{ too_few_families('scopes.family_count') }},
            -- It tells of what families did not agree to: each issue is one of theirs.
            case
                when counted.rule_code = 'left_out_record'
                    then coalesce(
                        {{ too_few_families('counted.open_issue_count') }},
                        {{ too_few_families('counted.past_issue_count') }}
                    )
            end
        ) as own_reason_code
    from counted
    inner join scopes on counted.scope_code = scopes.scope_code

),

reasons as (

    select
        *,
        {{ suppression_reason(
            'own_reason_code', 'family_count',
            ['scope_type_code', 'rule_code'], 'scope_code'
        ) }} as suppression_reason_code
    from own_reasons

)

select
    reasons.scope_type_code,
    reasons.scope_code,
    reasons.country_code,
    reasons.rule_code,
    rules.severity_code,
    rules.owner_code,
    rules.rule_name,
    rules.rule_name_es,
    rules.rule_name_fil,
    rules.what_to_do,
    rules.what_to_do_es,
    rules.what_to_do_fil,
    {{ shown_unless(hidden, 'family_count') }},
    {{ shown_unless(hidden, 'open_issue_count') }},
    {{ shown_unless(hidden, 'past_issue_count') }},
    reasons.suppression_reason_code,
    {{ hidden }} as is_suppressed,
    {{ shown_unless(hidden, 'oldest_opened_at') }}
from reasons
inner join rules on reasons.rule_code = rules.rule_code
