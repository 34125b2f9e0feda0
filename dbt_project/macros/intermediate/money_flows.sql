{#- Money that came in and that went out by what a family month tells. What a family lives
    on day by day is not asked, so the two need not meet. -#}
{% macro money_in(relation) -%}
    {{ relation }}.income_local
    + {{ relation }}.income_programme_local
    + {{ relation }}.savings_withdrawn_local
    + {{ relation }}.debt_new_local
    + {{ relation }}.circle_payout_local
    + {{ relation }}.received_cash_local
{%- endmacro %}

{#- School and health are asked only of families that agreed to it: others told of none. -#}
{% macro money_out(relation) -%}
    {{ relation }}.saved_local
    + {{ relation }}.debt_paid_local
    + {{ relation }}.circle_contributed_local
    + {{ relation }}.given_cash_local
    + {{ relation }}.bought_from_families_local
    + {{ relation }}.home_spend_local
    + coalesce({{ relation }}.school_spend_local, 0)
    + coalesce({{ relation }}.health_spend_local, 0)
{%- endmacro %}
