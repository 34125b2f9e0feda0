{#- Figures whose `reason_code` also knows what other places ask for:
    - of the sites of a country, and of its cohorts, never one alone is hidden;
    - where a country is one site, or one cohort, they are one figure;
    - what all countries give, less the countries shown, is the hidden one's;
    - what is hidden in a release stays hidden where nearly the same families follow. -#}
{% macro reasons_of_neighbours(figures) -%}
    with

    beside_siblings as (

        select
            *,
            {{ suppression_reason(
                'reason_code', 'family_count',
                ['comparison_number', 'scope_type_code', 'siblings_code'], 'scope_code'
            ) }} as sibling_reason_code
        from {{ figures }}

    ),

    beside_places as (

        select
            {{ judged_columns() | join(',\n            ') }},
            case
                when sibling_reason_code is not null then sibling_reason_code
                when
                    bool_or(sibling_reason_code is not null) over (
                        partition by
                            comparison_number,
                            coalesce(country_code, scope_code),
                            family_count
                    )
                    or (
                        scope_type_code = 'all'
                        and bool_or(
                            scope_type_code = 'country'
                            and sibling_reason_code is not null
                        ) over (partition by pool_number)
                    )
                    then 'protects_another_cell'
            end as place_reason_code
        from beside_siblings

    ),

    with_earlier as (

        select
            *,
            {{ earlier_twins('place_reason_code') }}
        from beside_places
        {{ window_of_earlier_twins() }}

    )

    select
        {{ judged_columns() | join(',\n        ') }},
        case
            when place_reason_code is not null then place_reason_code
            when {{ has_earlier_twin('with_earlier', [
                "earlier.reason_code <> 'shown_in_another_way'",
                'abs(earlier.family_count - with_earlier.family_count) < '
                ~ least_shared_families(),
                '(with_earlier.is_sum or (earlier.family_count, earlier.value) = '
                '(with_earlier.family_count, with_earlier.value))'
            ]) }}
                then 'protects_another_cell'
        end as reason_code
    from with_earlier
{%- endmacro %}
