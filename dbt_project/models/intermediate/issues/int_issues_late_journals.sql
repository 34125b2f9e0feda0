with

journals as (

    select
        *,
        first_received_date
        - (journal_month + interval '1 month - 1 day')::date as late_days
    from {{ ref('int_journal_months') }}

),

limits as (

    select * from {{ ref('stg_reference__data_quality_rules') }}
    where rule_code = 'late_journal'

)

select
    {{ issue_columns(
        'late_journal',
        ['journals.family_key', "to_char(journals.journal_month, 'YYYY-MM')"],
        root_id='journals.root_id',
        site_code='journals.site_code',
        family_key='journals.family_key',
        journal_month='journals.journal_month',
        observed="journals.late_days || ' days'",
        expected="'up to ' || limits.upper_limit::integer || ' days'",
        opened_at='journals.known_at',
    ) }}
from journals
cross join limits
where journals.late_days > limits.upper_limit
