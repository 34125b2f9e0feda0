with

family_months as (

    select * from {{ ref('int_metric_family_months') }}
    where income_local is not null and household_member_count > 0

),

prices as (

    select * from {{ ref('int_monthly_prices') }}
    where local_per_usd_ppp is not null

),

ppp_factors as (

    select * from {{ ref('stg_reference__ppp_factors') }}

),

lines as (

    select * from {{ ref('stg_reference__poverty_lines') }}

),

-- People, not households: a family counts as often as it has members. A day is the
-- 365th part of twelve months. Lines and factors are of one vintage.
answers as (

    select
        family_months.release_code,
        'all_reporters' as panel_code,
        'kept' as outlier_code,
        'per_capita' as denominator_code,
        lines.line_code as category_code,
        'number' as unit_code,
        family_months.family_key,
        family_months.country_code,
        family_months.site_code,
        family_months.cohort_code,
        family_months.peer_group_code,
        case
            when
                family_months.income_local * 12 / 365
                / family_months.household_member_count / prices.local_per_usd_ppp
                < lines.usd_ppp_per_day
                then family_months.household_member_count
            else 0
        end as measured,
        family_months.household_member_count as weight,
        family_months.journal_month as measured_month
    from family_months
    inner join prices
        on
            family_months.cohort_code = prices.cohort_code
            and family_months.country_code = prices.country_code
            and family_months.currency_code = prices.currency_code
            and family_months.journal_month = prices.journal_month
    inner join ppp_factors
        on
            family_months.country_code = ppp_factors.country_code
            and family_months.currency_code = ppp_factors.currency_code
    inner join lines on ppp_factors.price_year = lines.ppp_year

),

sums as (

    {{ answers_summed('answers', windows=false) }}

),

shares as (

    {{ ratio_of_group_sums('sums', 'share') }}

)

{{ metric_rows('M10', ['shares']) }}
