{#- A whole model of `share`: the months of a fact by scope, less what must be hidden.
    `scope_code` is the column that names the scope; its siblings are the scopes of the
    same country. -#}
{% macro shared_months(scope_months, scope_code) -%}
    {%- set siblings = ['country_code', 'journal_month'] -%}
    with

    scope_months as (

        select * from {{ scope_months }}

    ),

    -- What a figure hides for itself. The least-answered question of a month speaks for
    -- the whole row; an index rests on families of its own.
    own_reasons as (

        select
            *,
            {{ too_few_families('least_family_count') }} as own_reason_code,
            {{ too_few_families('panel_family_count') }} as own_index_reason_code,
            case
                -- Families that take part are counted as in metric_values: what hides
                -- their number there would be told by share and n here.
                when
                    {{ too_few_families('round(saver_share * least_family_count)') }}
                    is not null
                    or {{ too_few_families(
                        'round(lending_circle_share * least_family_count)'
                    ) }} is not null
                    then 'fewer_than_k_families'
                when
                    {{ near_limit_band('saver_share', 'least_family_count') }}
                    is not null
                    or {{ near_limit_band(
                        'lending_circle_share', 'least_family_count'
                    ) }} is not null
                    then 'share_near_limit'
            end as own_share_reason_code
        from scope_months

    ),

    row_reasons as (

        select
            *,
            {{ suppression_reason(
                'own_reason_code', 'least_family_count', siblings, scope_code
            ) }} as suppression_reason_code
        from own_reasons

    ),

    hidden_with_row as (

        select
            *,
            coalesce(suppression_reason_code, own_index_reason_code)
                as index_so_far_reason_code,
            coalesce(suppression_reason_code, own_share_reason_code)
                as share_so_far_reason_code
        from row_reasons

    ),

    judged as (

        select
            *,
            suppression_reason_code is not null as is_suppressed,
            {{ suppression_reason(
                'index_so_far_reason_code', 'panel_family_count', siblings, scope_code
            ) }} is not null as is_index_suppressed,
            {{ suppression_reason(
                'share_so_far_reason_code', 'least_family_count', siblings, scope_code
            ) }} is not null as is_share_suppressed
        from hidden_with_row

    )

    select
        {% if scope_code != 'country_code' -%}
        {{ scope_code }},
        {% endif -%}
        country_code,
        currency_code,
        months_since_launch_count,
        {{ shown_unless('is_suppressed', 'expected_family_count') }},
        {{ shown_unless('is_suppressed', 'reported_family_count') }},
        {{ shown_unless('is_suppressed', 'income_family_count') }},
        {{ shown_unless('is_index_suppressed', 'panel_family_count') }},
        {{ shown_unless('is_suppressed', 'active_family_count') }},
        {{ shown_unless('is_suppressed', 'income_mean_local') }},
        {{ shown_unless('is_suppressed', 'income_median_local') }},
        {{ shown_unless('is_suppressed', 'income_mean_real_local') }},
        {{ shown_unless('is_suppressed', 'income_mean_usd_ppp') }},
        {{ shown_unless('is_index_suppressed', 'income_index') }},
        {{ shown_unless('is_index_suppressed', 'income_index_standard_error') }},
        {{ shown_unless('is_index_suppressed', 'income_index_low') }},
        {{ shown_unless('is_index_suppressed', 'income_index_high') }},
        {{ shown_unless('is_index_suppressed', 'income_real_index') }},
        {{ shown_unless('is_index_suppressed', 'income_real_index_standard_error') }},
        {{ shown_unless('is_index_suppressed', 'income_real_index_low') }},
        {{ shown_unless('is_index_suppressed', 'income_real_index_high') }},
        {{ shown_unless('is_suppressed', 'savings_balance_mean_local') }},
        {{ shown_unless('is_share_suppressed', 'saver_share') }},
        {{ shown_unless('is_suppressed', 'debt_balance_mean_local') }},
        {{ shown_unless('is_share_suppressed', 'lending_circle_share') }},
        {{ shown_unless('is_share_suppressed', 'lending_circle_share_low') }},
        {{ shown_unless('is_share_suppressed', 'lending_circle_share_high') }},
        {{ shown_unless('is_suppressed', 'circle_contributed_mean_local') }},
        {{ shown_unless('is_suppressed', 'given_share') }},
        {{ shown_unless('is_suppressed', 'satisfaction_mean_score') }},
        {{ shown_unless('is_suppressed', 'satisfaction_mean_score_standard_error') }},
        {{ shown_unless('is_suppressed', 'control_mean_score') }},
        {{ shown_unless('is_suppressed', 'control_mean_score_standard_error') }},
        {{ shown_unless('is_suppressed', 'retention_share') }},
        suppression_reason_code,
        is_suppressed,
        is_index_suppressed,
        is_share_suppressed,
        journal_month
    from judged
{%- endmacro %}
