with

metric_values as (select * from {{ ref('fct_metric_values') }}),

sharing as (select * from {{ ref('stg_registry__sharing') }}),

levels as (

    select
        metric_code,
        scope_type_code,
        scope_code,
        country_code,
        start_month as journal_month,
        value,
        family_count
    from metric_values
    where
        release_code = 'live'
        and panel_code = 'all_reporters'
        and statistic_code = 'level'
        and price_code = 'nominal'
        and outlier_code = 'kept'
        and denominator_code = 'household'
        and start_month = end_month

),

-- Few rows, which must not be looked for again for each level.
panel_growths as materialized (

    select
        case when metric_code = 'M03' then 'M01' else metric_code end as metric_code,
        scope_type_code,
        scope_code,
        country_code,
        value,
        family_count,
        start_month,
        end_month
    from metric_values
    where
        panel_code = 'balanced'
        and statistic_code = 'growth_of_means'
        and price_code = 'nominal'
        and outlier_code = 'kept'
        and denominator_code = 'household'

),

-- Where places stand side by side, their growths and that of all of them say how the
-- places compare.
divided_countries as (

    select
        country_code,
        scope_type_code
    from levels
    where scope_type_code in ('site', 'cohort')
    group by country_code, scope_type_code
    having min(scope_code) < max(scope_code)

),

-- Each growth of the families known at both ends, beside all reporters at these ends.
growths as (

    select
        at_start.metric_code,
        growths.scope_type_code,
        growths.scope_code,
        growths.start_month,
        growths.end_month,
        divided_countries.country_code is not null as is_one_of_several,
        -- Of the very same families the growth says nothing new.
        abs(
            at_end.value * at_end.family_count
            / nullif(at_start.value * at_start.family_count, 0) - 1 - growths.value
        ) > 0.00000001
        and abs(at_start.family_count - growths.family_count)
        + abs(at_end.family_count - growths.family_count)
        < sharing.least_shared_count as is_near
    from panel_growths as growths
    cross join sharing
    inner join levels as at_start
        on
            growths.metric_code = at_start.metric_code
            and growths.scope_type_code = at_start.scope_type_code
            and growths.scope_code = at_start.scope_code
            and growths.start_month = at_start.journal_month
    inner join levels as at_end
        on
            at_start.metric_code = at_end.metric_code
            and growths.scope_type_code = at_end.scope_type_code
            and growths.scope_code = at_end.scope_code
            and growths.end_month = at_end.journal_month
    left join divided_countries
        on
            growths.country_code = divided_countries.country_code
            and growths.scope_type_code = divided_countries.scope_type_code

),

{% for scope in ['country', 'site', 'cohort'] -%}
{{ scope }}_months as (

    select
        '{{ scope }}' as scope_type_code,
        {{ scope }}_code as scope_code,
        journal_month
    from {{ ref('fct_' ~ scope ~ '_months') }}
    where income_index is not null and months_since_launch_count > 0

),

{% endfor -%}

months as (

    select * from country_months
    union all
    select * from site_months
    union all
    select * from cohort_months

),

hidden as (

    select
        metric_code,
        scope_type_code,
        scope_code,
        end_month as journal_month
    from growths
    where is_near or is_one_of_several
    union all
    select
        metric_code,
        scope_type_code,
        scope_code,
        start_month as journal_month
    from growths
    where is_one_of_several
    union all
    -- The index is such a growth in every month.
    select
        'M01' as metric_code,
        scope_type_code,
        scope_code,
        journal_month
    from months

)

select distinct
    metric_code,
    scope_type_code,
    scope_code,
    journal_month
from hidden
