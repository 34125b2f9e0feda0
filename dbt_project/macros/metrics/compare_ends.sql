{#- A change between the two ends of a window: growth (end over start, less one) or
    difference (end less start) of means. `family_rows` is a CTE shaped like
    int_metric_panels. -#}
{% macro compare_ends(family_rows, kind, scope_type_codes=every_scope_type()) -%}
    with

    summed as (

        select
            {{ figure_columns() }},
            unit_code,
            country_code,
            site_code,
            cohort_code,
            peer_group_code,
            sum(measured) filter (where end_code = 'start') as start_sum,
            sum(weight) filter (where end_code = 'start') as start_weight,
            sum(measured) filter (where end_code = 'end') as end_sum,
            sum(weight) filter (where end_code = 'end') as end_weight,
            -- Per participant, a family outside adds nothing and is not counted.
            count(*) filter (
                where
                end_code = 'start'
                and (denominator_code <> 'per_participant' or weight > 0)
            ) as start_family_count,
            count(*) filter (
                where
                end_code = 'end'
                and (denominator_code <> 'per_participant' or weight > 0)
            ) as end_family_count
        from {{ family_rows }}
        group by
            {{ figure_columns() }},
            unit_code,
            country_code,
            site_code,
            cohort_code,
            peer_group_code

    ),

    numbered as (

        {{ figures_numbered('summed') }}

    ),

    estimated as (

        {{ jackknife(
            sums_in_every_scope('numbered', {
                'start_sum': 'coalesce(sum(start_sum), 0)',
                'start_weight': 'coalesce(sum(start_weight), 0)',
                'start_family_count': 'sum(start_family_count)',
                'end_sum': 'coalesce(sum(end_sum), 0)',
                'end_weight': 'coalesce(sum(end_weight), 0)',
                'end_family_count': 'sum(end_family_count)'
            }, scope_type_codes),
            kind
        ) }}

    )

    select
        {{ comparison_columns() }},
        country_code,
        '{{ "growth_of_means" if kind == "growth" else kind }}' as statistic_code,
        value,
        {% if kind in ['growth', 'ratio_of_means'] -%}
        -- Sums where both ends hold the same families; else only means compare.
        case
            when panel_code = 'balanced' and denominator_code <> 'per_participant'
                then total_end_sum
            else total_end_sum / nullif(total_end_weight, 0)
        end as numerator,
        case
            when panel_code = 'balanced' and denominator_code <> 'per_participant'
                then total_start_sum
            else total_start_sum / nullif(total_start_weight, 0)
        end as denominator,
        {%- else -%}
        case
            when total_start_weight = total_end_weight
                then total_end_sum - total_start_sum
        end as numerator,
        case
            when total_start_weight = total_end_weight
                then total_end_weight
        end as denominator,
        {%- endif %}
        family_count,
        peer_group_count,
        standard_error,
        degrees_of_freedom,
        null::numeric as interval_low,
        null::numeric as interval_high
    from estimated
    {{ join_figures('numbered') }}
    where value is not null
{%- endmacro %}
