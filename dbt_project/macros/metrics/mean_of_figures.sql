{#- A weighted mean of the figures of countries, for the scope `all`. Countries are
    independent samples, so their squared errors add. -#}
{% macro mean_of_figures(figures, statistic_code, weight) -%}
    select
        release_code,
        'all' as scope_type_code,
        'all' as scope_code,
        start_month,
        end_month,
        panel_code,
        price_code,
        outlier_code,
        denominator_code,
        category_code,
        null::text as country_code,
        '{{ statistic_code }}' as statistic_code,
        sum(({{ weight }}) * value) / sum({{ weight }}) as value,
        sum(({{ weight }}) * value) as numerator,
        sum({{ weight }}) as denominator,
        sum(family_count)::integer as family_count,
        sum(peer_group_count)::integer as peer_group_count,
        case
            when bool_and(standard_error is not null)
                then
                    sqrt(sum((({{ weight }}) * standard_error) ^ 2))
                    / sum({{ weight }})
        end as standard_error,
        sum(degrees_of_freedom)::integer as degrees_of_freedom,
        null::numeric as interval_low,
        null::numeric as interval_high
    from {{ figures }}
    group by
        release_code,
        start_month,
        end_month,
        panel_code,
        price_code,
        outlier_code,
        denominator_code,
        category_code
{%- endmacro %}
