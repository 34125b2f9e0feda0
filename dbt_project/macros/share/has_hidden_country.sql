{#- Whether a country is hidden among those a figure of all of them is made of. M07 pools
    the growth of means of M03; prices are those of the same families. -#}
{% macro has_hidden_country() -%}
    bool_or(scope_type_code = 'country' and own_reason_code is not null) over (
        partition by
            case when metric_code = 'M07' then 'M03' else metric_code end,
            case when metric_code = 'M07' then 'growth_of_means' else statistic_code end,
            start_month,
            end_month,
            panel_code,
            outlier_code,
            denominator_code,
            category_code,
            release_code
    )
{%- endmacro %}
