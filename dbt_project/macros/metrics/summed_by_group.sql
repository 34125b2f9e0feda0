{#- The first step of every kind but medians: rows of families become sums by peer group
    and place, before anything is repeated by scope. A family that changes its site or
    group within a window is still one family, of its country and of each of its sites. -#}
{% macro summed_by_group(family_rows) -%}
    select
        {{ figure_columns() }},
        unit_code,
        country_code,
        site_code,
        cohort_code,
        peer_group_code,
        sum(measured) as measured,
        sum(weight) as weight,
        count(*) filter (where family_row = 1 and takes_part) as family_count,
        count(*) filter (where site_family_row = 1 and takes_part)
            as site_family_count
    from (
        select
            family_rows.*,
            -- Per participant, a family outside adds nothing and is not counted.
            denominator_code <> 'per_participant' or weight > 0 as takes_part,
            row_number() over (
                partition by {{ figure_columns() }}, family_key
                order by site_code, peer_group_code
            ) as family_row,
            row_number() over (
                partition by {{ figure_columns() }}, family_key, site_code
                order by peer_group_code
            ) as site_family_row
        from {{ family_rows }} as family_rows
    ) as numbered
    group by
        {{ figure_columns() }},
        unit_code,
        country_code,
        site_code,
        cohort_code,
        peer_group_code
{%- endmacro %}
