-- Journals received of those expected, for each country in the last month of the data,
-- also for one that fell silent before. A country whose programme has ended stands in
-- the last month of its own.
with

newest as (

    select max(journal_month) as journal_month
    from share.country_months
    where reported_family_count > 0

),

ends as (

    select
        sites.country_code,
        max(coalesce(cohorts.extension_end_month, cohorts.analysis_end_month))
            as end_month
    from marts.dim_sites as sites
    left join marts.dim_cohorts as cohorts
        on sites.site_code = any(cohorts.site_codes)
    group by sites.country_code

),

latest as (

    select
        ends.country_code,
        -- A country without a cohort has no end.
        least(newest.journal_month, ends.end_month) as journal_month
    from ends
    cross join newest
    -- Before the first journal nothing is last.
    where newest.journal_month is not null

)

select
    latest.country_code,
    countries.country_two_letter_code,
    'live' as release_code,
    latest.journal_month,
    country_months.suppression_reason_code,
    country_months.reported_family_count,
    country_months.reported_family_count::numeric
    / nullif(country_months.expected_family_count, 0) as reported_share,
    country_months.is_suppressed
from latest
left join share.country_months as country_months
    on
        latest.country_code = country_months.country_code
        and latest.journal_month = country_months.journal_month
left join marts.dim_countries as countries
    on latest.country_code = countries.country_code
order by latest.country_code
