{#- The figure itself, from sums and weights at both ends: of a window, or of two kinds
    of families in `ratio_of_means`. -#}
{% macro estimate(kind, start_sum, start_weight, end_sum, end_weight) -%}
    {%- set start_mean = start_sum ~ ' / nullif(' ~ start_weight ~ ', 0)' -%}
    {%- set end_mean = end_sum ~ ' / nullif(' ~ end_weight ~ ', 0)' -%}
    {%- if kind == 'growth' -%}
    {{ end_mean }} / nullif({{ start_mean }}, 0) - 1
    {%- elif kind == 'ratio_of_means' -%}
    {{ end_mean }} / nullif({{ start_mean }}, 0)
    {%- elif kind == 'difference' -%}
    {{ end_mean }} - {{ start_mean }}
    {%- else -%}
    {{ end_mean }}
    {%- endif -%}
{%- endmacro %}

{#- Figures with the standard error of a cluster jackknife by peer group:
        sqrt((G - 1) / G * sum((figure without group g - their mean) ^ 2)),
    over several countries within each and then added. Leaving a group out takes its sums
    off the totals, so the cost grows with the groups and not with their square. Every
    group's row needs start_sum, start_weight, end_sum, end_weight and, at both ends,
    its families. -#}
{% macro jackknife(group_sums, kind) -%}
    select
        {{ comparison_columns() }},
        {{ estimate(
            kind, 'total_start_sum', 'total_start_weight',
            'total_end_sum', 'total_end_weight'
        ) }} as value,
        total_start_sum,
        total_start_weight,
        total_end_sum,
        total_end_weight,
        -- A figure over several countries belongs to none of them.
        case
            when min(country_code) = max(country_code) then min(country_code)
        end as country_code,
        least(sum(start_family_count), sum(end_family_count))::integer as family_count,
        sum(peer_group_count)::integer as peer_group_count,
        (sum(peer_group_count) - count(*))::integer as degrees_of_freedom,
        -- One group alone in its country has nothing to vary against.
        case
            when bool_and(peer_group_count > 1 and left_out_count = peer_group_count)
                then sqrt(sum(variance))
        end as standard_error
    from (
        select
            {{ comparison_columns() }},
            country_code,
            total_start_sum,
            total_start_weight,
            total_end_sum,
            total_end_weight,
            sum(start_family_count) as start_family_count,
            sum(end_family_count) as end_family_count,
            count(*) as peer_group_count,
            count(left_out_value) as left_out_count,
            (count(*) - 1) * var_pop(left_out_value) as variance
        from (
            select
                totalled.*,
                {{ estimate(
                    kind,
                    '(total_start_sum - start_sum)',
                    '(total_start_weight - start_weight)',
                    '(total_end_sum - end_sum)',
                    '(total_end_weight - end_weight)'
                ) }} as left_out_value
            from (
                select
                    group_sums.*,
                    sum(start_sum) over same_figure as total_start_sum,
                    sum(start_weight) over same_figure as total_start_weight,
                    sum(end_sum) over same_figure as total_end_sum,
                    sum(end_weight) over same_figure as total_end_weight
                from {{ group_sums }} as group_sums
                window same_figure as (partition by {{ comparison_columns() }})
            ) as totalled
        ) as left_out
        group by
            {{ comparison_columns() }},
            country_code,
            total_start_sum,
            total_start_weight,
            total_end_sum,
            total_end_weight
    ) as countries
    group by
        {{ comparison_columns() }},
        total_start_sum,
        total_start_weight,
        total_end_sum,
        total_end_weight
{%- endmacro %}
