{#- Figures with the reason that a figure of nearly the same families gives: two that
    differ by one to k - 1 families tell, one less the other, what those few answered.
    Where one place is hidden so, the country's other places are that changed too: sums of
    them would lead to it. Of two releases this holds for growths and ratios too: a few
    of them, of sites and their country, give the sums that they are made of.

    Of two the one is hidden that comes later: what was published cannot be taken back.
    Within a release figures as they are go before the winsorised, and families known at
    both ends before all reporters. -#}
{% macro reasons_of_twins(figures) -%}
    with

    ranked as (

        select
            {{ (judged_columns() | reject('eq', 'twin_rank') | list)
                | join(',\n            ') }},
            own_reason_code,
            row_number() over (
                partition by twin_number
                order by
                    release_code = 'live',
                    release_code,
                    outlier_code = 'winsorised',
                    panel_code <> 'balanced',
                    panel_code
            ) as twin_rank
        from {{ figures }}

    ),

    with_earlier as (

        select
            *,
            {{ earlier_twins('own_reason_code') }}
        from ranked
        {{ window_of_earlier_twins() }}

    ),

    compared as (

        select
            *,
            {{ has_earlier_twin('with_earlier', [
                'earlier.reason_code is null',
                'abs(earlier.family_count - with_earlier.family_count) < '
                ~ least_shared_families(),
                '(earlier.family_count, earlier.value) is distinct from '
                '(with_earlier.family_count, with_earlier.value)',
                '(with_earlier.is_sum'
                ' or earlier.variant_code = with_earlier.variant_code)'
            ]) }} as is_near_twin,
            -- What was pulled in is a twentieth of the country's families, and few of
            -- a place within it.
            statistic_code = 'growth_of_means'
            and outlier_code = 'winsorised'
            and family_count < max(family_count)
                over (partition by comparison_number, country_code)
                as is_part_pulled_in,
            is_sum and {{ has_earlier_twin('with_earlier', [
                "earlier.reason_code is distinct from 'shown_in_another_way'",
                '(earlier.family_count, earlier.value) is distinct from '
                '(with_earlier.family_count, with_earlier.value)'
            ]) }} as is_other_than_twin
        from with_earlier

    )

    select
        {{ judged_columns() | join(',\n        ') }},
        case
            when own_reason_code is not null then own_reason_code
            when is_near_twin then 'differs_by_few_families'
            when is_part_pulled_in then 'shown_in_another_way'
            when
                is_other_than_twin
                and bool_or(is_near_twin)
                    over (partition by comparison_number, country_code)
                then 'differs_by_few_families'
        end as reason_code
    from compared
{%- endmacro %}

{#- The figures before each in the order of twins, as arrays. -#}
{% macro earlier_twins(reason_code) -%}
    array_agg(family_count) over earlier_twins as earlier_family_counts,
    array_agg(value) over earlier_twins as earlier_values,
    array_agg(variant_code) over earlier_twins as earlier_variant_codes,
    array_agg({{ reason_code }}) over earlier_twins as earlier_reason_codes
{%- endmacro %}

{% macro window_of_earlier_twins() -%}
    window
        earlier_twins as (
            partition by twin_number
            order by twin_rank
            rows between unbounded preceding and 1 preceding
        )
{%- endmacro %}

{#- Whether one of the figures before it in the order of twins, `earlier`, meets all
    conditions. -#}
{% macro has_earlier_twin(figures, conditions) -%}
    exists (
        select
        from unnest(
            {{ figures }}.earlier_family_counts,
            {{ figures }}.earlier_values,
            {{ figures }}.earlier_variant_codes,
            {{ figures }}.earlier_reason_codes
        ) as earlier (family_count, value, variant_code, reason_code)
        where {{ conditions | join(' and ') }}
    )
{%- endmacro %}
