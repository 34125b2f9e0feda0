-- A privacy rule: where a country's month hides some of its sites, the families hidden
-- are ten or more together. Fewer, and the country's figure less the sites shown would
-- be theirs.
select
    known.country_code,
    known.journal_month,
    sum(known.reported_family_count) as hidden_family_count
from {{ ref('fct_site_months') }} as known
inner join {{ ref('site_months') }} as shown
    on
        known.site_code = shown.site_code
        and known.journal_month = shown.journal_month
inner join {{ ref('country_months') }} as countries
    on
        known.country_code = countries.country_code
        and known.journal_month = countries.journal_month
where shown.is_suppressed and not countries.is_suppressed
group by known.country_code, known.journal_month
having sum(known.reported_family_count) between 1 and 9
