with

journals as (

    select * from {{ ref('int_journals_placed') }}
    where {{ of_touched_families('family_key') }}

),

journals_ranked as (

    select
        *,
        row_number() over (
            partition by release_code, family_key, journal_month
            -- Ids of a server grow: the longer number, then the greater, is newer.
            order by received_at desc, length(submission_id) desc, submission_id desc
        ) as newness_rank,
        min(received_date) over (
            partition by release_code, family_key, journal_month
        ) as first_received_date
    from journals
    where is_accepted and is_in_programme_window

)

select
    release_code,
    family_key,
    journal_month,
    form_id,
    submission_id,
    version_number,
    income_reported_local,
    income_local,
    income_earned_local,
    income_programme_local,
    business_sales_local,
    business_cost_local,
    correction_count,
    -- A second interview does not make a journal late that had come in time.
    first_received_date,
    received_at as submitted_at
from journals_ranked
where newness_rank = 1
