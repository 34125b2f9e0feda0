-- The sources of a month add up to its income. Scaled by a correction, each may be
-- rounded by half a cent; nothing else may differ.
with

income_sources as (

    select
        family_key,
        journal_month,
        count(*) as line_count,
        sum(net_local) as net_local
    from {{ ref('fct_income_sources') }}
    where income_kind_code not in ('programme', 'financing')
    group by family_key, journal_month

),

family_months as (

    select * from {{ ref('fct_family_months') }}

)

select
    income_sources.family_key,
    income_sources.journal_month,
    income_sources.net_local,
    family_months.income_local
from income_sources
inner join family_months
    on
        income_sources.family_key = family_months.family_key
        and income_sources.journal_month = family_months.journal_month
where
    abs(income_sources.net_local - family_months.income_local)
    > 0.005 * income_sources.line_count
