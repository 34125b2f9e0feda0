with

journals as (

    select * from {{ ref('int_journals_placed') }}
    where release_code = 'live' and is_accepted and is_in_programme_window

),

answers as (

    select * from {{ ref('stg_forms__journals') }}

),

journals_known as (

    select * from {{ ref('int_journals_known') }}
    where release_code = 'live'

),

journals_counted as (

    select
        *,
        count(*) over (partition by family_key, journal_month) as journal_count,
        row_number() over (
            partition by family_key, journal_month
            -- As in int_journals_latest: the first of these is the one that counts.
            order by received_at desc, length(submission_id) desc, submission_id desc
        ) as newness_rank
    from journals

),

journals_repeated as (

    select
        journals_counted.*,
        -- By whom and when it was typed says nothing about what it says.
        to_jsonb(answers.*) - array[
            'submission_id',
            'version_number',
            'root_id',
            'change_code',
            'review_state_code',
            'received_at',
            'known_at',
            'entered_by_id'
        ] as said,
        journals_known.known_at
    from journals_counted
    inner join answers
        on
            journals_counted.form_id = answers.form_id
            and journals_counted.submission_id = answers.submission_id
            and journals_counted.version_number = answers.version_number
    inner join journals_known
        on
            journals_counted.form_id = journals_known.form_id
            and journals_counted.submission_id = journals_known.submission_id
    where journals_counted.journal_count > 1

)

select
    earlier.root_id,
    earlier.site_code,
    earlier.family_key,
    earlier.said = newest.said as is_same,
    earlier.income_local,
    newest.income_local as newest_income_local,
    earlier.journal_month,
    greatest(earlier.known_at, newest.known_at) as known_at
from journals_repeated as earlier
inner join journals_repeated as newest
    on
        earlier.family_key = newest.family_key
        and earlier.journal_month = newest.journal_month
        and newest.newness_rank = 1
where earlier.newness_rank > 1
