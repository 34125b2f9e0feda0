-- A missing journal is not a zero (convention C9): its month holds no measure at all.
-- It does not forbid a reported month to leave single measures empty.
with

family_months as (

    select * from {{ ref('fct_family_months') }}

)

select
    family_key,
    journal_month
from family_months
where
    journal_status_code not in ('on_time', 'late')
    -- Every column but those that a month has without a journal, also one added later.
    and jsonb_strip_nulls(
        to_jsonb(family_months) - array[
            'family_key', 'journal_month', 'launch_month', 'months_since_launch_count',
            'country_code', 'site_code', 'peer_group_code', 'cohort_code',
            'currency_code', 'price_frequency_code', 'price_level_to_launch',
            'purchasing_power_factor', 'journal_status_code', 'journal_due_date',
            'accepted_streak_count'
        ]
    ) <> '{}'
