-- Every accepted journal of a family that is in the release lands in exactly one of its
-- family months, and no family month counts as reported without one.
-- It does not say whether the journal is in the right month: corrections do that.
with

journals as (

    select distinct
        release_code,
        family_key,
        journal_month
    from {{ ref('int_journals_placed') }}
    where is_accepted and is_in_programme_window

),

months_reported as (

    select
        release_code,
        family_key,
        journal_month
    from {{ ref('int_family_months') }}
    where journal_status_code in ('on_time', 'late')

)

select
    coalesce(journals.release_code, months_reported.release_code) as release_code,
    coalesce(journals.family_key, months_reported.family_key) as family_key,
    coalesce(journals.journal_month, months_reported.journal_month) as journal_month
from journals
full outer join months_reported
    on
        journals.release_code = months_reported.release_code
        and journals.family_key = months_reported.family_key
        and journals.journal_month = months_reported.journal_month
where journals.family_key is null or months_reported.family_key is null
