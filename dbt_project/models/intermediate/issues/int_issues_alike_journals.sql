with

journals_alike as (

    select * from {{ ref('int_journals_alike') }}

)

select
    issue_id,
    'alike_journals' as rule_code,
    'warning' as severity_code,
    'journal' as form_role_code,
    (array_agg(root_id order by journal_month, root_id))[1] as root_id,
    site_code,
    -- Neither families nor logins: more people read the queue than may know them.
    concat_ws(
        '; ',
        'journals of ' || count(distinct family_key) || ' families say the same',
        string_agg(distinct to_char(journal_month, 'YYYY-MM'), ', '),
        'logins: ' || count(distinct entered_by_id)
    ) as observed,
    'Ask how they were filled in; which they are stands in '
    || 'intermediate.int_journals_alike, by issue_id. No figure leaves them out.'
        as suggested,
    min(journal_month) as journal_month,
    min(opened_at) as opened_at
from journals_alike
group by issue_id, site_code
