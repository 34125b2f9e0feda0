{#- Figures whose `reason_code` also knows of the other parts of their whole: the families
    of a place and month each stand in one category, so that the shares add up to one and
    a share hidden alone is one less the rest. A whole is shown with all its parts, or
    with none. All parts rest on the same families, so that what other places ask for
    later it asks of all parts alike. -#}
{% macro reasons_of_wholes(figures) -%}
    select
        {{ judged_columns() | join(',\n        ') }},
        case
            when reason_code is not null then reason_code
            when
                whole_number is not null
                and bool_or(reason_code is not null) over (partition by whole_number)
                then 'protects_another_cell'
        end as reason_code
    from {{ figures }}
{%- endmacro %}

{#- The statistic of each metric whose categories are the parts of one whole. -#}
{% macro wholes() -%}
    {{ return([
        ('M05', 'share'), ('M33', 'share'), ('M33', 'share_of_money'), ('M41', 'share'),
        ('M59', 'share')
    ]) }}
{%- endmacro %}
