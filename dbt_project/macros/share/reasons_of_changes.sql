{#- Figures with `suppression_reason_code`: a growth and the mean at one of its ends give
    the mean at the other; a difference says as much, and with a growth both. So a change
    is hidden with an end of it: a growth if the other end is shown, or where its counts
    are shown. The income of M03 and M06 is that of M01. -#}
{% macro reasons_of_changes(figures) -%}
    {%- set columns = [
        'scope_type_code', 'scope_code', 'panel_code', 'price_code', 'outlier_code',
        'denominator_code', 'category_code', 'release_code'
    ] -%}
    with

    ends as (

        select distinct
            metric_code,
            {{ columns | join(',\n            ') }},
            start_month as ended_month
        from {{ figures }}
        where
            is_month
            and statistic_code in ('level', 'share')
            and is_sum
            and reason_code is not null
            and (reason_code <> 'shown_in_another_way' or release_code = 'live')
            and not (panel_code = 'balanced' and reason_code = 'shown_in_another_way')

    )

    select
        changes.*,
        case
            when changes.reason_code is not null then changes.reason_code
            when
                changes.is_month
                or changes.statistic_code not in ('growth_of_means', 'difference')
                then null
            when
                num_nonnulls(at_start.metric_code, at_end.metric_code) = 1
                or (
                    num_nonnulls(at_start.metric_code, at_end.metric_code) = 2
                    and (
                        changes.statistic_code = 'difference'
                        or changes.unit_code = 'count'
                    )
                )
                then 'protects_another_cell'
        end as suppression_reason_code
    from {{ figures }} as changes
    {%- for side, month in [('at_start', 'start_month'), ('at_end', 'end_month')] %}
    left join ends as {{ side }}
        on
            case
                when changes.metric_code in ('M03', 'M06') then 'M01'
                else changes.metric_code
            end = {{ side }}.metric_code
            {%- for column in columns %}
            and changes.{{ column }} = {{ side }}.{{ column }}
            {%- endfor %}
            and changes.{{ month }} = {{ side }}.ended_month
    {%- endfor %}
{%- endmacro %}
