{#- Sum of `measured` over sum of `weight`, with a jackknife: a mean (`level`, weight 1
    per family), a part of a sum of money (`share`), a mean of ratios. -#}
{% macro ratio_of_sums(family_rows, statistic_code, scope_type_codes=['country', 'site', 'cohort']) -%}
    with

    scoped as (

        {{ in_every_scope(family_rows, scope_type_codes) }}

    ),

    -- A family that changes its peer group within the window is still one family.
    numbered as (

        select
            scoped.*,
            -- Per participant, a family outside adds nothing and is not counted.
            denominator_code <> 'per_participant' or weight > 0 as takes_part,
            row_number() over (
                partition by {{ comparison_columns() }}, family_key
                order by country_code, peer_group_code
            ) as family_row
        from scoped

    ),

    group_sums as (

        select
            {{ comparison_columns() }},
            country_code,
            peer_group_code,
            0 as start_sum,
            0 as start_weight,
            sum(measured) as end_sum,
            sum(weight) as end_weight,
            count(*) filter (where family_row = 1 and takes_part)
                as start_family_count,
            count(*) filter (where family_row = 1 and takes_part)
                as end_family_count
        from numbered
        group by {{ comparison_columns() }}, country_code, peer_group_code

    ),

    estimated as (

        {{ jackknife('group_sums', 'ratio') }}

    )

    select
        {{ comparison_columns() }},
        country_code,
        '{{ statistic_code }}' as statistic_code,
        value,
        total_end_sum as numerator,
        total_end_weight as denominator,
        family_count,
        peer_group_count,
        standard_error,
        degrees_of_freedom,
        null::numeric as interval_low,
        null::numeric as interval_high
    from estimated
    where value is not null
{%- endmacro %}
