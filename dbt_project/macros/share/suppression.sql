{#- The least number of families a shared figure may rest on, as the registry says. The
    model needs a CTE `sharing` of int_sharing_thresholds. -#}
{% macro least_shared_families() -%}
    (select sharing.least_shared_count from sharing)
{%- endmacro %}

{#- Why a figure must be hidden for itself, or null: too few families. None at all is not
    too few: where nobody answered there is no figure. -#}
{% macro too_few_families(family_count) -%}
    case
        when {{ family_count }} >= 1 and {{ family_count }} < {{ least_shared_families() }}
            then 'fewer_than_k_families'
    end
{%- endmacro %}

{#- Why a figure must be hidden, for itself (`own_reason`, a column) or for another's
    sake, or null. Where one figure alone is hidden among its siblings (the sites of one
    country, say), or those hidden rest on too few families together, the smallest one
    shown is hidden as well: else the country's figure less the others would give it
    away. `scope_code` breaks ties, so that every build hides the same. -#}
{% macro suppression_reason(own_reason, family_count, siblings, scope_code) -%}
    case
        when {{ own_reason }} is not null then {{ own_reason }}
        when
            {{ family_count }} > 0
            and (
                count({{ own_reason }}) over (partition by {{ siblings | join(', ') }})
                = 1
                or sum({{ family_count }}) filter (
                    where {{ own_reason }} is not null
                ) over (partition by {{ siblings | join(', ') }})
                < {{ least_shared_families() }}
            )
            and row_number() over (
                partition by
                    {{ siblings | join(', ') }},
                    {{ own_reason }} is null and {{ family_count }} > 0
                order by {{ family_count }}, {{ scope_code }}
            ) = 1
            then 'protects_another_cell'
    end
{%- endmacro %}

{#- Whether one family, or two, hold most of a sum: then the sum is nearly theirs. What
    the largest and the two largest hold are parts of 1. -#}
{% macro few_hold_most(largest_part, two_largest_part) -%}
    ({{ largest_part }} > 0.5 or {{ two_largest_part }} > 0.8)
{%- endmacro %}

{#- The band of a share of families close to none or all of fewer than 20: there, the
    exact figure would say what single families answered. -#}
{% macro near_limit_band(share, family_count) -%}
    case
        when {{ family_count }} >= 20 then null
        when {{ share }} < 0.05 then '0_to_5_percent'
        when {{ share }} > 0.95 then '95_to_100_percent'
    end
{%- endmacro %}

{#- A column that is empty where the flag says so. -#}
{% macro shown_unless(flag, column) -%}
    case when not {{ flag }} then {{ column }} end as {{ column }}
{%- endmacro %}

{#- Whether the error tells how few peer groups differ: of two it says how far apart they
    are, of three whoever knows one learns the others. That of a share of families says
    nothing more than the share and their number do. -#}
{% macro is_error_of_few_groups() -%}
    (
        (peer_group_count < 3 or family_count < 2 * {{ least_shared_families() }})
        and (
            statistic_code <> 'share'
            or numerator is null
            or denominator is distinct from family_count
            or abs(
                standard_error
                - sqrt(
                    greatest(numerator * (denominator - numerator), 0)
                    / nullif(denominator ^ 3, 0)
                )
            ) > 0.000001
        )
    )
{%- endmacro %}

{#- A count of records in steps of k, rounded down, and empty where it is fewer than k: to
    the record, what is new less what counts would say how many were deleted. -#}
{% macro in_steps_of_k(record_count) -%}
    case
        when {{ record_count }} not between 1 and {{ least_shared_families() }} - 1
            then ({{ record_count }} - mod({{ record_count }}, {{ least_shared_families() }}))::integer
    end
{%- endmacro %}

{#- A count that readers of `share` see, empty where it is 1 to k - 1. -#}
{% macro unless_few(counted) -%}
    case
        when {{ counted }} not between 1 and {{ least_shared_families() }} - 1
            then ({{ counted }})::integer
    end
{%- endmacro %}

{#- Sites with how many families take part: dim_sites tells it of no few, and whoever asks
    whether they are few must know. -#}
{% macro families_of_sites() -%}
    select
        sites.site_code,
        sites.country_code,
        count(families.family_key)::integer as family_count
    from {{ ref('dim_sites') }} as sites
    left join {{ ref('dim_families') }} as families
        on
            sites.site_code = families.site_code
            and families.status_code in ('active', 'paused')
    group by sites.site_code, sites.country_code
{%- endmacro %}
