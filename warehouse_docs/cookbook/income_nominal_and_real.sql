-- Topic: Income
-- Question: How much of the rise of income is a rise of prices?
-- Asked by: program lead, analyst
-- Read: launch = 100. The gap between the two indices is what consumer prices took.
-- Traps: where prices are known by the year only (annual), the real index moves too
--   little within a year. Families that answered in that month and at launch, so the n
--   shrinks with time.
-- Definition: income_index and income_real_index of the monthly marts
-- Release: live
select
    country_months.country_code,
    country_months.months_since_launch_count,
    round(100 * country_months.income_index, 1) as income_index,
    round(100 * country_months.income_real_index, 1) as income_real_index,
    round(
        100 * (country_months.income_index - country_months.income_real_index), 1
    ) as price_rise_points,
    country_months.panel_family_count
from marts.fct_country_months as country_months
where country_months.months_since_launch_count in (3, 6, 9, 12)
order by
    country_months.country_code, country_months.months_since_launch_count
