{#- Figures with the reason each must be hidden for itself, or null. Where a metric counts
    families, the number, the share and their changes all say how many take part: what
    hides one month's share hides them all. -#}
{% macro own_reasons_of_figures(figures) -%}
    with

    banded as (

        select
            figures.*,
            -- Countries stand beside each other, sites and cohorts within their country.
            case
                when figures.scope_type_code <> 'country'
                    then figures.country_code
            end as siblings_code,
            -- A share of families, not of money: what it was divided by are the families.
            case
                when
                    figures.statistic_code = 'share'
                    and figures.denominator = figures.family_count
                    then {{ near_limit_band(
                        'figures.value', 'figures.family_count'
                    ) }}
            end as value_band_code
        from {{ figures }} as figures

    ),

    telling_shares as (

        select
            named.*,
            coalesce(
                {{ too_few_families('numerator') }},
                case when value_band_code is not null then 'share_near_limit' end
            ) as telling_reason_code
        from banded as named
        where unit_code = 'count' and statistic_code = 'share'

    )

    select
        named.*,
        coalesce(
            {{ too_few_families('named.family_count') }},
            case when named.value_band_code is not null then 'share_near_limit' end,
            (
                select min(telling_shares.telling_reason_code)
                from telling_shares
                where
                    named.metric_code = telling_shares.metric_code
                    and named.scope_type_code = telling_shares.scope_type_code
                    and named.scope_code = telling_shares.scope_code
                    and named.panel_code = telling_shares.panel_code
                    and named.release_code = telling_shares.release_code
                    and telling_shares.start_month
                    in (named.start_month, named.end_month)
            )
        ) as own_reason_code
    from banded as named
{%- endmacro %}
