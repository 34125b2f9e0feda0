{#- Figures whose `reason_code` also knows of the share that takes part: what is told of
    savers alone says how many they are, in its number of families. So it is hidden with
    the share of savers, at the same places, which are hidden so that none follows from
    the others. -#}
{% macro reasons_of_takers(figures) -%}
    select
        {{ judged_columns() | join(',\n        ') }},
        case
            when reason_code is not null then reason_code
            when
                takers_number is not null
                and bool_or(
                    tells_takers
                    and reason_code is not null
                    and reason_code <> 'shown_in_another_way'
                ) over (partition by takers_number)
                then 'protects_another_cell'
        end as reason_code
    from {{ figures }}
{%- endmacro %}

{#- The shares that tell how many take part, by metric and category, and the metrics of
    those families alone. -#}
{% macro takers() -%}
    {{ return({
        ('M17', 'total'): ['M19'],
        ('M21', 'total'): ['M22'],
        ('M24', 'total'): ['M25', 'M26', 'M27'],
        ('M54', 'received'): ['M55'],
    }) }}
{%- endmacro %}

{% macro tells_takers() -%}
    statistic_code = 'share'
    and (metric_code, category_code) in (
        {%- for part in takers() %}
        ('{{ part | join("', '") }}'){{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{% macro is_of_takers() -%}
    metric_code in ('{{ takers().values() | sum(start=[]) | join("', '") }}')
    and (metric_code <> 'M22' or denominator_code = 'per_participant')
{%- endmacro %}

{% macro whole_of_takers() -%}
    case
        {%- for (metric_code, _), of_takers in takers().items() %}
        when metric_code in ('{{ of_takers | join("', '") }}') then '{{ metric_code }}'
        {%- endfor %}
        else metric_code
    end
{%- endmacro %}
