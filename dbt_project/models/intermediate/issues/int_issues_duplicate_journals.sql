with

journals_superseded as (

    select * from {{ ref('int_journals_superseded') }}

)

select
    {{ issue_columns(
        'duplicate_journal',
        ['root_id'],
    ) }}
from journals_superseded
where is_same
