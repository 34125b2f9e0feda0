-- Topic: Income
-- Question: How do sites compare at the same number of months since their launch?
-- Asked by: program lead
-- Read: one line per site; income of its launch month = 100, three, six and twelve
--   months later, with the interval of the last. Sites stand in the order of their
--   names.
-- Traps: months since launch put other seasons beside one another: month 6 is January
--   in one site and July in another. With fewer than 30 families a site says little.
-- Definition: income_index of the monthly marts
-- Release: live
select
    site_months.site_code,
    round(
        100 * max(site_months.income_index) filter (
            where site_months.months_since_launch_count = 3
        ), 0
    ) as month_3_index,
    round(
        100 * max(site_months.income_index) filter (
            where site_months.months_since_launch_count = 6
        ), 0
    ) as month_6_index,
    round(
        100 * max(site_months.income_index) filter (
            where site_months.months_since_launch_count = 12
        ), 0
    ) as month_12_index,
    round(
        100 * max(site_months.income_index_low) filter (
            where site_months.months_since_launch_count = 12
        ), 0
    ) as month_12_low,
    round(
        100 * max(site_months.income_index_high) filter (
            where site_months.months_since_launch_count = 12
        ), 0
    ) as month_12_high,
    max(site_months.panel_family_count) filter (
        where site_months.months_since_launch_count = 12
    ) as month_12_family_count
from marts.fct_site_months as site_months
where site_months.months_since_launch_count in (3, 6, 12)
group by site_months.site_code
order by site_months.site_code
