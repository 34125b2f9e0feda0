with

priced as (

    select * from {{ ref('int_family_incomes_priced') }}
    where release_code = 'live' and price_code in ('nominal', 'real')

),

splits as (

    select * from {{ ref('int_families_split') }}

)

-- Each month of a family beside its own launch month. Both carry the month as their
-- window, so cohorts of one country that launched at different times add up. Half a
-- household is not compared with the whole one before it split.
select
    months.release_code,
    'balanced' as panel_code,
    launches.price_code,
    'kept' as outlier_code,
    'household' as denominator_code,
    'total' as category_code,
    launches.unit_code,
    both_ends.end_code,
    launches.family_key,
    launches.country_code,
    launches.site_code,
    launches.cohort_code,
    launches.peer_group_code,
    both_ends.measured,
    1 as weight,
    months.journal_month as start_month,
    months.journal_month as end_month
from priced as launches
inner join priced as months
    on
        launches.family_key = months.family_key
        and launches.price_code = months.price_code
cross join
    lateral (
        values ('start', launches.income), ('end', months.income)
    ) as both_ends (end_code, measured)
where
    launches.journal_month = launches.launch_month
    and not exists (
        select 1 as is_split
        from splits
        where
            splits.release_code = launches.release_code
            and splits.family_key = launches.family_key
            and splits.split_month > launches.journal_month
            and splits.split_month <= months.journal_month
    )
