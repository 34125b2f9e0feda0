with

journals_copied as (

    select * from {{ ref('int_journals_copied') }}

)

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
