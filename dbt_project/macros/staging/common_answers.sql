{#- What the enrolment's baseline and the journal both ask, as columns of a record. -#}
{% macro common_answers() -%}
    income_any_code text, income_sources jsonb, savings_any_code text,
    savings_balance_local numeric(14, 2), savings_places jsonb,
    saved_local numeric(14, 2), savings_withdrawn_local numeric(14, 2),
    savings_purposes jsonb, debt_balance_local numeric(14, 2),
    debt_new_local numeric(14, 2), debt_paid_local numeric(14, 2), debt_lenders jsonb,
    is_in_lending_circle boolean, circle_type_code text, circle_count integer,
    circle_contributed_local numeric(14, 2), circle_payout_local numeric(14, 2),
    circle_with_programme_code text, given_cash_local numeric(14, 2),
    given_kind_local numeric(14, 2), given_hours numeric,
    received_cash_local numeric(14, 2), received_kind_local numeric(14, 2),
    bought_from_families_local numeric(14, 2), sold_to_families_local numeric(14, 2),
    satisfaction_score integer, ladder_now_score integer, ladder_future_score integer,
    control_score integer
{%- endmacro %}
