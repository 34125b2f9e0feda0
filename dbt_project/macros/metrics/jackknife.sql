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
    group's row needs end_sum, end_weight and end_family_count, and but for a ratio the
    same of the start. Everything is sorted once: each step's columns begin with those of
    the next.

    Args:
        group_sums: From sums_in_every_scope().
        kind: growth, ratio_of_means, difference or ratio.
        is_scope_checked: Scopes that do not add up were left out before. -#}
{% macro jackknife(group_sums, kind, is_scope_checked=false) -%}
    {%- set ends = ['end'] if kind == 'ratio' else ['start', 'end'] -%}
    select
        figures.*,
        {{ estimate(
            kind, 'total_start_sum', 'total_start_weight',
            'total_end_sum', 'total_end_weight'
        ) }} as value
    from (
        select
            {{ numbered_columns() }},
            {%- for end in ends %}
            max(total_{{ end }}_sum) as total_{{ end }}_sum,
            max(total_{{ end }}_weight) as total_{{ end }}_weight,
            {%- endfor %}
            -- A figure over several countries belongs to none of them.
            case
                when min(country_code) = max(country_code) then min(country_code)
            end as country_code,
            least(
                {%- for end in ends -%}
                sum({{ end }}_family_count){{ ', ' if not loop.last }}
                {%- endfor -%}
            )::integer as family_count,
            sum(peer_group_count)::integer as peer_group_count,
            (sum(peer_group_count) - count(*))::integer as degrees_of_freedom,
            -- One group alone in its country has nothing to vary against.
            case
                when
                    bool_and(
                        peer_group_count > 1 and left_out_count = peer_group_count
                    )
                    then sqrt(sum(variance))
            end as standard_error
        from ({{ jackknifed_by_country(group_sums, kind, ends, is_scope_checked) }})
            as countries
        group by {{ numbered_columns() }}
    ) as figures
{%- endmacro %}

{% macro jackknifed_by_country(group_sums, kind, ends, is_scope_checked) -%}
    select
        {{ numbered_columns() }},
        country_code,
        {%- for end in ends %}
        max(total_{{ end }}_sum) as total_{{ end }}_sum,
        max(total_{{ end }}_weight) as total_{{ end }}_weight,
        sum({{ end }}_family_count) as {{ end }}_family_count,
        {%- endfor %}
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
                group_sums.*
                {%- for end in ends %},
                sum({{ end }}_sum) over same_figure as total_{{ end }}_sum,
                sum({{ end }}_weight) over same_figure as total_{{ end }}_weight
                {%- endfor %}
                {%- if not is_scope_checked %},
                min(lowest_unit_code) over same_figure as lowest_of_units,
                max(highest_unit_code) over same_figure as highest_of_units,
                min(country_code) over same_figure as lowest_country_code,
                max(country_code) over same_figure as highest_country_code
                {%- endif %}
            from ({{ group_sums }}) as group_sums
            window same_figure as (partition by {{ numbered_columns() }})
        ) as totalled
        {%- if not is_scope_checked %}
        where
            {{ scope_adds_up(
                'lowest_of_units', 'highest_of_units',
                'lowest_country_code', 'highest_country_code'
            ) }}
        {%- endif %}
    ) as left_out
    group by {{ numbered_columns() }}, country_code
{%- endmacro %}
