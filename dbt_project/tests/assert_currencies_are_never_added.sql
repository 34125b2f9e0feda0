-- No figure over all countries is in local money: only means of the countries' figures,
-- sums in international dollars, and what is no money at all. Of M31, which is about
-- both, the numbers of investments and families are none.
select
    figures.metric_code,
    figures.statistic_code,
    figures.price_code
from {{ ref('fct_metric_values') }} as figures
inner join {{ ref('dim_metrics') }} as metrics
    on figures.metric_code = metrics.metric_code
where
    figures.scope_type_code = 'all'
    and figures.price_code = 'nominal'
    and figures.statistic_code not in ('mean_of_country_growths', 'index_mean')
    and (
        (
            metrics.unit_code in ('local', 'percent', 'index')
            and figures.category_code not in ('investments', 'moneylender_or_app')
        )
        or figures.metric_code in ('M12', 'M39')
        or (figures.metric_code = 'M36' and figures.statistic_code = 'share')
        or (figures.metric_code = 'M37' and figures.category_code <> 'reciprocity')
        or figures.category_code in ('own_contribution', 'spending', 'paid_amount')
    )
