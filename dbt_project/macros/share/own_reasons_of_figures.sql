{#- Figures with the reason each must be hidden for itself, or null. Where a metric counts
    families, the number, the share and their changes all say how many take part: what
    hides one month's share hides them all. So does money that one or two families hold.

    Of what is known in two ways one is shown, always the same: two versions of a month
    would tell what the few journals hold that came between, or the few families that
    were not known at both ends. Single months are those of all reporters as known now,
    and a release has none. Changes are those of the families known at both ends, without
    the means they are made of; where families are counted, these are what is wanted. -#}
{% macro own_reasons_of_figures(figures) -%}
    with

    banded as (

        select
            figures.*,
            -- Sites and cohorts stand beside each other within their country. Rather than
            -- a second country the figure of all of them is hidden.
            case
                when figures.scope_type_code in ('site', 'cohort')
                    then figures.country_code
                else figures.scope_code
            end as siblings_code,
            {{ band_of_figure('figures') }} as value_band_code,
            {{ is_made_of_months('figures') }} as is_made_of_months
        from {{ figures }} as figures

    ),

    telling_shares as (

        select
            named.*,
            coalesce(
                {{ too_few_families('numerator') }},
                case when value_band_code is not null then 'share_near_limit' end
            ) as telling_reason_code
        from banded as named
        where unit_code = 'count' and statistic_code = 'share'

    ),

    telling_reasons as (

        select
            metric_code,
            scope_type_code,
            scope_code,
            panel_code,
            release_code,
            start_month as told_month,
            min(telling_reason_code) as telling_reason_code
        from telling_shares
        where telling_reason_code is not null
        group by
            metric_code,
            scope_type_code,
            scope_code,
            panel_code,
            release_code,
            start_month

    )

    select
        named.*,
        coalesce(
            {{ too_few_families('named.family_count') }},
            -- What was hidden of a release is emptied when a family is erased.
            case
                when
                    named.release_code <> 'live'
                    and named.value is null
                    and named.family_count > 0
                    then 'protects_another_cell'
            end,
            case when named.value_band_code is not null then 'share_near_limit' end,
            least(at_start.telling_reason_code, at_end.telling_reason_code),
            case
                when
                    num_nonnulls(
                        start_money.metric_code,
                        end_money.metric_code,
                        window_money.metric_code
                    ) > 0
                    then 'few_families_dominate'
                when
                    named.statistic_code = 'level'
                    and named.unit_code <> 'count'
                    and means_of_changes.metric_code is not null
                    then 'shown_in_another_way'
                when
                    named.statistic_code = 'level'
                    and named.price_code = 'real'
                    and mixed_launches.scope_code is not null
                    then 'shown_in_another_way'
                when
                    named.panel_code = 'all_reporters'
                    and named.release_code <> 'live'
                    and (
                        named.start_month = named.end_month
                        or (
                            named.is_made_of_months
                            and named.denominator <> named.family_count
                        )
                    )
                    then 'shown_in_another_way'
                when
                    named.panel_code = 'all_reporters'
                    and named.start_month < named.end_month
                    and named.statistic_code in ('growth_of_means', 'difference')
                    then 'shown_in_another_way'
                when
                    named.panel_code = 'balanced'
                    and named.unit_code <> 'count'
                    and (
                        named.start_month = named.end_month
                        or named.statistic_code = 'difference'
                    )
                    then 'shown_in_another_way'
            end
        ) as own_reason_code
    from banded as named
    {%- for side, month in [('at_start', 'start_month'), ('at_end', 'end_month')] %}
    left join telling_reasons as {{ side }}
        on
            -- Of those that pay into circles, their number is told too.
            case
                when named.denominator_code = 'per_participant' then 'M21'
                else named.metric_code
            end = {{ side }}.metric_code
            and named.scope_type_code = {{ side }}.scope_type_code
            and named.scope_code = {{ side }}.scope_code
            and named.panel_code = {{ side }}.panel_code
            and named.release_code = {{ side }}.release_code
            and named.{{ month }} = {{ side }}.told_month
    {%- endfor %}
    {%- for money, from_month, to_month in [
        ('start_money', 'start_month', 'start_month'),
        ('end_money', 'end_month', 'end_month'),
        ('window_money', 'start_month', 'end_month'),
    ] %}
    left join dominated as {{ money }}
        on
            named.metric_code = {{ money }}.metric_code
            and named.scope_type_code = {{ money }}.scope_type_code
            and named.scope_code = {{ money }}.scope_code
            and named.release_code = {{ money }}.release_code
            and named.{{ from_month }} = {{ money }}.start_month
            and named.{{ to_month }} = {{ money }}.end_month
    {%- endfor %}
    left join means_of_changes
        on
            named.metric_code = means_of_changes.metric_code
            and {{ divided_alike('named.denominator_code') }}
            = means_of_changes.denominator_code
            and named.scope_type_code = means_of_changes.scope_type_code
            and named.scope_code = means_of_changes.scope_code
            and named.start_month = means_of_changes.journal_month
            and named.end_month = means_of_changes.journal_month
            and named.release_code = 'live'
            and named.panel_code = 'all_reporters'
    left join mixed_launches
        on
            named.scope_type_code = mixed_launches.scope_type_code
            and named.scope_code = mixed_launches.scope_code
            and named.start_month = mixed_launches.journal_month
            and named.end_month = mixed_launches.journal_month
{%- endmacro %}
