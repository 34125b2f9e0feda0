with

journals as (

    select * from {{ ref('int_journal_months') }}

),

prices as (

    select * from {{ ref('int_monthly_prices') }}

),

limits as (

    select * from {{ ref('stg_reference__data_quality_rules') }}
    where rule_code = 'implausible_income'

),

incomes_per_day as (

    select
        journals.*,
        (
            journals.income_local
            / prices.local_per_usd_ppp
            / journals.household_member_count
            / (365.0 / 12)
        )::numeric(14, 2) as income_per_day_usd_ppp
    from journals
    inner join prices
        on
            journals.cohort_code = prices.cohort_code
            and journals.country_code = prices.country_code
            and journals.currency_code = prices.currency_code
            and journals.journal_month = prices.journal_month
    -- A month without income is an answer.
    where journals.income_local <> 0 and journals.household_member_count > 0

)

select
    {{ issue_columns(
        'implausible_income',
        ['root_id'],
        field_name="'income_local'",
        observed="income_per_day_usd_ppp || ' international dollars a day'",
        expected="concat_ws(
            ' to ', trim_scale(limits.lower_limit), trim_scale(limits.upper_limit)
        )",
    ) }}
from incomes_per_day
cross join limits
where
    incomes_per_day.income_per_day_usd_ppp < limits.lower_limit
    or incomes_per_day.income_per_day_usd_ppp > limits.upper_limit
