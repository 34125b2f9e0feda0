{#- How many families are up, about the same or down: shares of the balanced panel by the
    change of the single family, with 5 % either way counted as the same. From zero any
    income is up. -#}
{% macro distribution_of_changes(family_rows) -%}
    with

    paired as (

        select
            release_code,
            start_month,
            end_month,
            panel_code,
            price_code,
            outlier_code,
            denominator_code,
            'number' as unit_code,
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
            release_code,
            start_month,
            end_month,
            panel_code,
            price_code,
            outlier_code,
            denominator_code,
            family_key,
            country_code,
            site_code,
            cohort_code,
            peer_group_code

    ),

    classed as (

        select
            paired.*,
            classes.category_code,
            classes.is_in_class::integer as measured,
            1 as weight
        from paired
        cross join lateral (
            values
            ('up', end_measured > start_measured * 1.05),
            (
                'same',
                end_measured between start_measured * 0.95 and start_measured * 1.05
            ),
            ('down', end_measured < start_measured * 0.95)
        ) as classes (category_code, is_in_class)

    )

    select * from ({{ share_of_families('classed') }}) as shares
{%- endmacro %}
