{#- The measures that the baseline and the journal ask for in the same words, as columns.
    Where the form skips an amount because an answer before it makes it 0, it is 0; where
    the family did not answer, the null stays. -#}
{% macro common_measures() -%}
    case when savings_any_code = 'no' then 0 else savings_balance_local end
        as savings_balance_local,
    saved_local,
    savings_withdrawn_local,
    debt_balance_local,
    debt_new_local,
    debt_paid_local,
    is_in_lending_circle,
    circle_type_code,
    case when not is_in_lending_circle then 0 else circle_count end as circle_count,
    case when not is_in_lending_circle then 0 else circle_contributed_local end
        as circle_contributed_local,
    case when not is_in_lending_circle then 0 else circle_payout_local end
        as circle_payout_local,
    -- "I do not know" stays null.
    case circle_with_programme_code when 'yes' then true when 'no' then false end
        as has_programme_families_in_circle,
    given_cash_local + given_kind_local as given_local,
    given_cash_local,
    given_kind_local,
    given_hours,
    received_cash_local + received_kind_local as received_local,
    received_cash_local,
    received_kind_local,
    bought_from_families_local,
    sold_to_families_local,
    satisfaction_score,
    ladder_now_score,
    ladder_future_score,
    control_score
{%- endmacro %}
