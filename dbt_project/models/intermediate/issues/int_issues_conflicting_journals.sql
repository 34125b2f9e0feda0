with

journals_superseded as (

    select * from {{ ref('int_journals_superseded') }}

)

select
    {{ issue_columns(
        'conflicting_journal',
        ['root_id'],
        field_name="'income_local'",
        observed='income_local',
        expected='newest_income_local',
    ) }}
from journals_superseded
where is_same is not true
