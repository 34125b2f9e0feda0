{#- What became of the single family: mean_of_changes, median_of_changes and
    growth_of_medians over the balanced panel. A family at zero at the start has no
    change in per cent and is left out of the first two. -#}
{% macro family_changes(family_rows) -%}
    with

    families_paired as (

        select
            {{ figure_columns() }},
            unit_code,
            family_key,
            country_code,
            site_code,
            cohort_code,
            peer_group_code,
            max(measured) filter (where end_code = 'start') as start_measured,
            max(measured) filter (where end_code = 'end') as end_measured
        from {{ family_rows }}
        where panel_code = 'balanced'
        group by
            {{ figure_columns() }},
            unit_code,
            family_key,
            country_code,
            site_code,
            cohort_code,
            peer_group_code

    ),

    numbered as (

        {{ figures_numbered('families_paired') }}

    ),

    paired as (

        {{ in_every_scope('numbered') }}

    ),

    changed as (

        select
            paired.*,
            end_measured / start_measured - 1 as change
        from paired
        where start_measured > 0

    ),

    group_sums as (

        select
            {{ numbered_columns() }},
            country_code,
            peer_group_code,
            sum(change) as end_sum,
            count(*) as end_weight,
            count(*) as end_family_count
        from changed
        group by {{ numbered_columns() }}, country_code, peer_group_code

    ),

    mean_estimated as (

        {{ jackknife('select * from group_sums', 'ratio', is_scope_checked=true) }}

    ),

    medians as (

        select
            {{ numbered_columns() }},
            min(country_code) as country_code,
            count(*)::integer as family_count,
            count(distinct peer_group_code)::integer as peer_group_count,
            percentile_cont(0.5) within group (order by start_measured)::numeric
                as start_median,
            percentile_cont(0.5) within group (order by end_measured)::numeric
                as end_median
        from paired
        group by {{ numbered_columns() }}

    ),

    median_changes as (

        select
            {{ numbered_columns() }},
            min(country_code) as country_code,
            count(*)::integer as family_count,
            count(distinct peer_group_code)::integer as peer_group_count,
            percentile_cont(0.5) within group (order by change)::numeric as value
        from changed
        group by {{ numbered_columns() }}

    )

    select
        {{ comparison_columns() }},
        country_code,
        'mean_of_changes' as statistic_code,
        value,
        total_end_sum as numerator,
        total_end_weight as denominator,
        family_count,
        peer_group_count,
        standard_error,
        degrees_of_freedom,
        null::numeric as interval_low,
        null::numeric as interval_high
    from mean_estimated
    {{ join_figures('numbered') }}
    union all
    select
        {{ comparison_columns() }},
        country_code,
        'median_of_changes',
        value,
        null,
        null,
        family_count,
        peer_group_count,
        null,
        null,
        null,
        null
    from median_changes
    {{ join_figures('numbered') }}
    union all
    select
        {{ comparison_columns() }},
        country_code,
        'growth_of_medians',
        end_median / start_median - 1,
        end_median,
        start_median,
        family_count,
        peer_group_count,
        null,
        null,
        null,
        null
    from medians
    {{ join_figures('numbered') }}
    where start_median > 0
{%- endmacro %}
