-- No figure over all countries is in local money: only means of the countries' figures,
-- or sums in international dollars.
select
    metric_code,
    statistic_code,
    price_code
from {{ ref('fct_metric_values') }}
where
    scope_type_code = 'all'
    and price_code = 'nominal'
    and statistic_code not in ('mean_of_country_growths', 'index_mean')
