with

found as (

    select * from {{ ref('int_issues_found') }}

),

families_left_out as (

    select * from {{ ref('int_families_left_out') }}
    where release_code = 'live'

),

journals as (

    select * from {{ ref('int_submissions_known') }}

),

-- Records that a family's wish for erasure covers, also where the issue names none.
records_erased as (

    select journals.root_id
    from journals
    inner join families_left_out on journals.family_key = families_left_out.family_key

),

{% set earlier = issues_found_earlier() -%}
earlier as (

    select * from {{ earlier or 'found' }}
    {% if not earlier %}where false{% endif %}

),

issues as (

    select
        found.issue_id,
        found.rule_code,
        found.severity_code,
        found.owner_code,
        found.issue_status_code,
        found.form_role_code,
        found.root_id,
        found.site_code,
        found.family_key,
        found.field_name,
        found.observed,
        found.expected,
        found.suggested_value,
        found.what_to_do,
        found.form_url,
        found.journal_month,
        least(found.opened_at, earlier.opened_at) as opened_at,
        found.closed_at
    from found
    left join earlier on found.issue_id = earlier.issue_id
    union all
    select
        earlier.issue_id,
        earlier.rule_code,
        earlier.severity_code,
        earlier.owner_code,
        'closed' as issue_status_code,
        earlier.form_role_code,
        earlier.root_id,
        earlier.site_code,
        earlier.family_key,
        earlier.field_name,
        earlier.observed,
        earlier.expected,
        earlier.suggested_value,
        earlier.what_to_do,
        earlier.form_url,
        earlier.journal_month,
        earlier.opened_at,
        -- The first build that found it no more.
        coalesce(
            case when earlier.issue_status_code = 'closed' then earlier.closed_at end,
            '{{ run_started_at }}'
        ) as closed_at
    from earlier
    left join found on earlier.issue_id = found.issue_id
    where found.issue_id is null

)

select issues.*
from issues
left join families_left_out on issues.family_key = families_left_out.family_key
where
    families_left_out.family_key is null
    and not exists (
        select from records_erased
        where issues.root_id = records_erased.root_id
    )
