with

giving_months as (

    select * from {{ ref('int_metric_giving_months') }}

),

single_months as (

    {{ each_end_by_itself('giving_months') }}

),

-- A gift out of no income has no ratio; the ratio of sums keeps it.
single_ratios as (

    select
        release_code,
        panel_code,
        price_code,
        outlier_code,
        denominator_code,
        unit_code,
        family_key,
        country_code,
        site_code,
        cohort_code,
        peer_group_code,
        measured / weight as measured,
        1 as weight,
        start_month,
        end_month
    from giving_months
    where weight > 0

),

window_shares as (

    {{ ratio_of_sums('giving_months', 'share') }}

),

month_shares as (

    {{ ratio_of_sums('single_months', 'share') }}

),

ratio_means as (

    {{ ratio_of_sums('single_ratios', 'mean_of_ratios') }}

)

{{ metric_rows('M36', ['window_shares', 'month_shares', 'ratio_means']) }}
