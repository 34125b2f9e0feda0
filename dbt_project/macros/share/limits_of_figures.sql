{#- The band of a figure that lies at a limit among fewer than twenty families, or null. A
    share of families is near it when only none or all can be meant; anything else must
    lie on it, where it says as much: what is nothing in sum is nothing for each. -#}
{% macro band_of_figure(figure) -%}
    case
        when
            {{ figure }}.statistic_code = 'share'
            and {{ figure }}.denominator = {{ figure }}.family_count
            then {{ near_limit_band(figure ~ '.value', figure ~ '.family_count') }}
        when
            {{ figure }}.family_count >= 20
            or {{ figure }}.metric_code in ('{{ told_of_the_programme() | join("', '") }}')
            then null
        when
            (
                {{ figure }}.value = 0
                and {{ figure }}.statistic_code in (
                    'level', 'total', 'rate', 'share', 'share_of_money', 'mean_of_ratios',
                    'highest_month', 'share_by_6_months', 'share_by_12_months'
                )
            )
            or {{ is_score_at(figure, 0) }}
            then '0_to_5_percent'
        when
            {{ figure }}.value = case
                when {{ figure }}.statistic_code = 'rate' then 100
                when {{ figure }}.statistic_code like 'share%' then 1
                -- A number of families.
                when ({{ figure }}.metric_code, {{ figure }}.statistic_code) = ('M15', 'level')
                    then {{ figure }}.family_count
            end
            or {{ is_score_at(figure, 1) }}
            then '95_to_100_percent'
    end
{%- endmacro %}

{#- What records, meetings, groups and payments are like: no family has answered it. Of
    M56 that is what groups decided; the share of families is one of families. -#}
{% macro told_of_the_programme() -%}
    {{ return(['M44', 'M47', 'M48', 'M51', 'M52', 'M56', 'M64']) }}
{%- endmacro %}

{#- Whether a mean of scores is the lowest that can be given (end 0), or the highest. -#}
{% macro is_score_at(figure, end) -%}
    (
        {{ figure }}.statistic_code = 'level'
        and ({{ figure }}.metric_code, {{ figure }}.value) in (
            ('M58', {{ [0, 10][end] }}), ('M60', {{ [1, 10][end] }})
        )
    )
{%- endmacro %}

{#- Whether a figure of a window is what its months are together: of the window of a
    release and the months as they are known now, the window is hidden. Money in relation
    to money is not: each month has its own sum in it that nobody knows. Nor are goals by
    domain, which have no months. -#}
{% macro is_made_of_months(figure) -%}
    {{ figure }}.start_month < {{ figure }}.end_month
    and (
        {{ figure }}.statistic_code in ('level', 'rate', 'mean_of_ratios')
        or (
            {{ figure }}.statistic_code = 'share'
            and {{ figure }}.denominator <> {{ figure }}.family_count
            and {{ figure }}.metric_code not in (
                'M12', 'M20', 'M25', 'M31', 'M35', 'M36', 'M37', 'M39', 'M41', 'M51'
            )
            and ({{ figure }}.metric_code, {{ figure }}.category_code)
            <> ('M62', 'spending')
        )
    )
{%- endmacro %}
