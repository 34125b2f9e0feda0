{#- A whole mart: the months of one kind of scope (`country`, `site` or `cohort`). -#}
{% macro months_of_scope(scope_months, scope_type_code) -%}
    with

    scope_months as (

        select * from {{ scope_months }}
        where scope_type_code = '{{ scope_type_code }}'

    )

    select
        scope_code as {{ scope_type_code }}_code,
        {% if scope_type_code != 'country' -%}
        country_code,
        {% endif -%}
        currency_code,
        months_since_launch_count,
        expected_family_count,
        reported_family_count,
        income_family_count,
        panel_family_count,
        active_family_count,
        least_family_count,
        income_mean_local,
        income_median_local,
        income_mean_real_local,
        income_mean_usd_ppp,
        income_index,
        income_index_standard_error,
        income_index_low,
        income_index_high,
        income_real_index,
        income_real_index_standard_error,
        income_real_index_low,
        income_real_index_high,
        savings_balance_mean_local,
        saver_share,
        debt_balance_mean_local,
        lending_circle_share,
        lending_circle_share_low,
        lending_circle_share_high,
        circle_contributed_mean_local,
        given_share,
        satisfaction_mean_score,
        satisfaction_mean_score_standard_error,
        control_mean_score,
        control_mean_score_standard_error,
        retention_share,
        journal_month
    from scope_months
{%- endmacro %}
