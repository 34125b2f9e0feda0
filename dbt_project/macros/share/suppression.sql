{#- The least number of families a shared figure may rest on. -#}
{% macro least_shared_families() -%}
    {{ var('least_shared_families', 10) | int }}
{%- endmacro %}

{#- Why a figure must be hidden, or null. Too few families first; then, where the hidden
    figures among its siblings (the sites of one country, say) still rest on too few
    families together, the smallest one shown is hidden as well: else the country's
    figure less the others would give the hidden one away. -#}
{% macro suppression_reason(family_count, siblings) -%}
    case
        when {{ family_count }} between 1 and {{ least_shared_families() }} - 1
            then 'fewer_than_k_families'
        when
            {{ family_count }} >= {{ least_shared_families() }}
            and sum({{ family_count }}) filter (
                where {{ family_count }} < {{ least_shared_families() }}
            ) over (partition by {{ siblings | join(', ') }})
            between 1 and {{ least_shared_families() }} - 1
            and row_number() over (
                partition by
                    {{ siblings | join(', ') }},
                    {{ family_count }} >= {{ least_shared_families() }}
                order by {{ family_count }}
            ) = 1
            then 'protects_another_cell'
    end
{%- endmacro %}

{#- The band of a share close to none or all among fewer than 20 families: there, the
    exact figure would say what single families answered. Shares of families only: a
    share of money has no such limit. -#}
{% macro near_limit_band() -%}
    case
        when family_count >= 20 then null
        when
            statistic_code = 'share'
            and denominator = family_count
            and value < 0.05
            then '0_to_5_percent'
        when
            statistic_code = 'share'
            and denominator = family_count
            and value > 0.95
            then '95_to_100_percent'
    end
{%- endmacro %}
