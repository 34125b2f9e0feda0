-- Journals received of those expected, for each country in the last month that its
-- journals reach.
select distinct on (country_months.country_code)
    country_months.country_code,
    countries.country_two_letter_code,
    'live' as release_code,
    country_months.suppression_reason_code,
    country_months.reported_family_count,
    country_months.reported_family_count::numeric
    / nullif(country_months.expected_family_count, 0) as reported_share,
    country_months.is_suppressed,
    country_months.journal_month
from share.country_months as country_months
left join marts.dim_countries as countries
    on country_months.country_code = countries.country_code
where country_months.reported_family_count > 0 or country_months.is_suppressed
order by country_months.country_code asc, country_months.journal_month desc
