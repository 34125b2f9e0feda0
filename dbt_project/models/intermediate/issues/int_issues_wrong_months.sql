with

journals as (

    select * from {{ ref('int_journals_placed') }}
    where release_code = 'live' and is_accepted

),

limits as (

    select * from {{ ref('stg_reference__data_quality_rules') }}
    where rule_code = 'wrong_month'

),

months as (

    select
        family_key,
        reported_month,
        count(*) as journal_count,
        lag(reported_month) over by_month as month_before,
        lead(reported_month) over by_month as month_after
    from journals
    group by family_key, reported_month
    window by_month as (partition by family_key order by reported_month)

),

-- As reported, corrected or not: an approved correction makes it a corrected issue.
journals_timed as (

    select
        journals.*,
        (journals.reported_month + interval '1 month')::date
        - journals.received_date as early_days,
        months.journal_count > 1 as is_one_of_several,
        coalesce(
            months.month_before < journals.reported_month - interval '1 month', true
        ) as lacks_month_before,
        coalesce(
            months.month_after > journals.reported_month + interval '1 month', true
        ) as lacks_month_after
    from journals
    inner join months
        on
            journals.family_key = months.family_key
            and journals.reported_month = months.reported_month

),

-- Nobody can tell of a month that is not over. Of two journals about one month, one
-- that came a month late beside an empty month is that month's.
suspects as (

    select
        journals_timed.*,
        journals_timed.early_days >= limits.lower_limit as is_too_early
    from journals_timed
    cross join limits
    where
        journals_timed.early_days >= limits.lower_limit
        or (
            -journals_timed.early_days >= limits.upper_limit
            and journals_timed.is_one_of_several
            and journals_timed.lacks_month_after
        )

)

select
    {{ issue_columns(
        'wrong_month',
        ['root_id'],
        journal_month='reported_month',
        field_name="'reported_month'",
        observed="to_char(reported_month, 'YYYY-MM') || ', received ' || received_date",
        expected="case
            when is_too_early then 'a month that was over when it came'
            else 'the month after, which has no journal'
        end",
        suggested_value="case
            when not is_too_early
                then to_char(reported_month + interval '1 month', 'YYYY-MM-01')
            when lacks_month_before
                then to_char(reported_month - interval '1 month', 'YYYY-MM-01')
        end",
        opened_at='received_at',
    ) }}
from suspects
