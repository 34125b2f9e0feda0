with

windows as (

    select * from {{ ref('int_metric_windows') }}
    where window_code = 'launch_to_end'

),

family_months as (

    select * from {{ ref('int_family_months_consented') }}

)

-- What is live goes on for as long as journals come; a release ends with its window and
-- holds its own wave. The columns are those of the model above.
select family_months.* -- noqa: AM04
from family_months
inner join windows
    on
        family_months.release_code = windows.release_code
        and family_months.cohort_code = windows.cohort_code
        and (
            windows.release_code = 'live'
            or family_months.journal_month <= windows.end_month
        )
