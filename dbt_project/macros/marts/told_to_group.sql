{#- A sum of int_peer_group_totals that the group is told, or null: all have agreed, enough
    answered, and it is neither nearly one's or two's own nor a zero, which says of each
    what it answered. The model needs the CTEs `totals` and `sharing`. -#}
{% macro told_to_group(total, family_count) -%}
    {%- set whole = 'nullif(totals.' ~ total ~ ', 0)' -%}
    case
        when
            totals.is_agreed_by_all
            and totals.has_one_currency
            and totals.{{ family_count }} >= sharing.least_group_count
            and totals.{{ total }} > 0
            and not {{ few_hold_most(
                'totals.' ~ total ~ '_of_one / ' ~ whole,
                'totals.' ~ total ~ '_of_two / ' ~ whole
            ) }}
            then totals.{{ total }}
    end
{%- endmacro %}
