with

journals_alike as (

    select * from {{ ref('int_journals_alike') }}

),

sets as (

    select
        issue_id,
        site_code,
        (array_agg(root_id order by journal_month, root_id))[1] as root_id,
        -- Neither families nor logins: more people read the queue than may know them.
        concat_ws(
            '; ',
            'journals of ' || count(distinct family_key) || ' families say the same',
            string_agg(distinct to_char(journal_month, 'YYYY-MM'), ', '),
            'logins: ' || count(distinct entered_by_id)
        ) as observed,
        min(journal_month) as journal_month,
        min(opened_at) as opened_at
    from journals_alike
    group by issue_id, site_code

)

select
    {{ issue_columns(
        'alike_journals',
        ["split_part(issue_id, '/', 2)", "split_part(issue_id, '/', 3)"],
        family_key='null',
        observed='observed',
        opened_at='opened_at',
    ) }}
from sets
