-- A country's price levels are comparable only within one series: the monthly and the
-- annual index have different bases, so a month may have one level and no other.
select
    country_code,
    count(distinct price_frequency_code) as series_count
from {{ ref('int_monthly_price_indexes') }}
group by country_code
having count(distinct price_frequency_code) > 1
