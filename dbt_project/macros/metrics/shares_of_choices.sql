{#- Shares of families that named each choice of a question with several answers. `asked`
    are the families that answered it, `chosen` the choices they named, both shaped like
    answers_of; a choice nobody of a scope named has the share 0 there. Counted apart and
    joined by scope, so that families are not multiplied by choices. -#}
{% macro shares_of_choices(asked, chosen) -%}
    with

    asked_sums as (

        {{ answers_summed(asked, windows=false) }}

    ),

    chosen_sums as (

        {{ answers_summed(chosen, windows=false) }}

    ),

    wholes as (

        {{ total_of_group_sums('asked_sums') }}

    ),

    parts as (

        {{ total_of_group_sums('chosen_sums') }}

    ),

    counted as (

        select
            wholes.release_code,
            wholes.scope_type_code,
            wholes.scope_code,
            wholes.start_month,
            wholes.end_month,
            wholes.panel_code,
            wholes.price_code,
            wholes.outlier_code,
            wholes.denominator_code,
            choices.category_code,
            wholes.country_code,
            coalesce(parts.value, 0) as part,
            wholes.value as whole,
            wholes.peer_group_count
        from wholes
        cross join (select distinct category_code from chosen_sums) as choices
        left join parts
            on
                wholes.release_code = parts.release_code
                and wholes.scope_type_code = parts.scope_type_code
                and wholes.scope_code = parts.scope_code
                and wholes.start_month = parts.start_month
                and choices.category_code = parts.category_code
        where wholes.value > 0

    )

    select
        {{ comparison_columns() }},
        country_code,
        'share' as statistic_code,
        part / whole as value,
        part as numerator,
        whole as denominator,
        whole::integer as family_count,
        peer_group_count,
        sqrt(part * (whole - part) / (whole ^ 3)) as standard_error,
        null::integer as degrees_of_freedom,
        {{ wilson_bound('part', 'whole', 'low') }} as interval_low,
        {{ wilson_bound('part', 'whole', 'high') }} as interval_high
    from counted
{%- endmacro %}
