with

journals as (

    select * from {{ ref('int_journals_placed') }}
    where release_code = 'live' and is_accepted

)

select
    {{ issue_columns(
        'month_outside_programme',
        ['root_id'],
        field_name="'reported_month'",
        observed='journal_month',
        opened_at='received_at',
    ) }}
from journals
where not is_in_programme_window
