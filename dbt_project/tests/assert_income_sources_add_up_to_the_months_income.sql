-- The sources of a month add up to its income. Scaled by a correction, each may be
-- rounded by half a cent; nothing else may differ, and no income is without a source.
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
    family_months.family_key,
    family_months.journal_month,
    income_sources.net_local,
    family_months.income_local
from family_months
left join income_sources
    on
        family_months.family_key = income_sources.family_key
        and family_months.journal_month = income_sources.journal_month
where
    abs(income_sources.net_local - family_months.income_local)
    > 0.005 * income_sources.line_count
    -- A correction may give a month an income of which nobody told the sources.
    or (
        income_sources.family_key is null
        and family_months.income_reported_local <> 0
    )
