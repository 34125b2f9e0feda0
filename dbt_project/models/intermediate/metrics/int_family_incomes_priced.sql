with

family_months as (

    select * from {{ ref('int_family_months_consented') }}

),

prices as (

    select * from {{ ref('int_monthly_prices') }}

)

select
    family_months.release_code,
    family_months.family_key,
    family_months.journal_month,
    family_months.launch_month,
    family_months.country_code,
    family_months.site_code,
    family_months.cohort_code,
    family_months.peer_group_code,
    priced.price_code,
    priced.unit_code,
    priced.income
from family_months
left join prices
    on
        family_months.cohort_code = prices.cohort_code
        and family_months.country_code = prices.country_code
        and family_months.currency_code = prices.currency_code
        and family_months.journal_month = prices.journal_month
cross join
    lateral (
        values
        ('nominal', family_months.currency_code, family_months.income_local),
        (
            'real',
            family_months.currency_code,
            family_months.income_local / prices.price_level_to_launch
        ),
        (
            'usd_ppp',
            'USD_PPP',
            family_months.income_local / prices.local_per_usd_ppp
        )
    ) as priced (price_code, unit_code, income)
where priced.income is not null
