{#- A whole model of `share`: the months of a fact by scope, less what must be hidden.
    `scope_code` is the column that names the scope; its siblings are the scopes of the
    same country. What metric_values hides of a month is hidden here too, so that the
    three tables together tell no more than it does alone. -#}
{% macro shared_months(scope_months, scope_code) -%}
    {%- set siblings = ['country_code', 'journal_month'] -%}
    {%- set figures = months_told_by_figures() -%}
    with

    scope_months as (

        select * from {{ scope_months }}

    ),

    sharing as (

        select * from {{ ref('int_sharing_thresholds') }}

    ),

    hidden_figures as (

        select
            scope_code,
            start_month,
            array_agg(distinct metric_code) as metric_codes,
            -- Of the same families there is an index, and a median tells no sum.
            coalesce(bool_or(
                metric_code = 'M01'
                and suppression_reason_code <> 'shown_in_another_way'
            ), false) as has_few_incomes
        from {{ ref('metric_values') }}
        where
            is_suppressed
            and scope_type_code = '{{ scope_code | replace("_code", "") }}'
            and release_code = 'live'
            and panel_code = 'all_reporters'
            and statistic_code in ('level', 'share')
            and category_code in ('total', 'completed')
            and denominator_code = 'household'
            and price_code = 'nominal'
            and start_month = end_month
            -- That nearly all of few families sent a journal is no answer of theirs.
            and (
                metric_code <> 'M47'
                or suppression_reason_code <> 'share_near_limit'
            )
        group by scope_code, start_month

    ),

    -- An index is the change since launch: where that is hidden, so is this.
    hidden_changes as (

        select distinct
            scope_code,
            end_month
        from {{ ref('metric_values') }}
        where
            is_suppressed
            and metric_code = 'M03'
            and scope_type_code = '{{ scope_code | replace("_code", "") }}'
            and release_code = 'live'
            and panel_code = 'balanced'
            and statistic_code = 'growth_of_means'
            and outlier_code = 'kept'
            and denominator_code = 'household'

    ),

    beside_figures as (

        select
            scope_months.*,
            hidden_changes.end_month is not null as is_change_hidden,
            coalesce(hidden_figures.metric_codes, '{}')
            || case
                when hidden_figures.has_few_incomes then array['few_incomes'] else '{}'
            end as hidden_metric_codes
        from scope_months
        left join hidden_figures
            on
                scope_months.{{ scope_code }} = hidden_figures.scope_code
                and scope_months.journal_month = hidden_figures.start_month
        left join hidden_changes
            on
                scope_months.{{ scope_code }} = hidden_changes.scope_code
                and scope_months.journal_month = hidden_changes.end_month

    ),

    -- What a figure hides for itself. The least-answered question of a month speaks for
    -- the whole row; an index rests on families of its own.
    own_reasons as (

        select
            *,
            {{ too_few_families('least_family_count') }} as own_reason_code,
            coalesce(
                {{ too_few_families('panel_family_count') }},
                case when is_change_hidden then 'protects_another_cell' end
            ) as own_index_reason_code,
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
                when hidden_metric_codes && array['M17', 'M21']
                    then 'protects_another_cell'
            end as own_share_reason_code
        from beside_figures

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
            ) }} is not null as is_share_suppressed,
            -- A few peer groups vary so little that the error tells how.
            least_family_count < 2 * {{ least_shared_families() }} as has_few_groups
        from hidden_with_row

    )

    select
        {% if scope_code != 'country_code' -%}
        {{ scope_code }},
        {% endif -%}
        country_code,
        currency_code,
        months_since_launch_count,
        {%- for column in [
            'expected_family_count', 'reported_family_count', 'income_family_count',
            'panel_family_count', 'active_family_count', 'income_mean_local',
            'income_median_local', 'income_mean_real_local', 'income_mean_usd_ppp',
            'income_index', 'income_index_standard_error', 'income_index_low',
            'income_index_high', 'income_real_index',
            'income_real_index_standard_error', 'income_real_index_low',
            'income_real_index_high', 'savings_balance_mean_local', 'saver_share',
            'debt_balance_mean_local', 'lending_circle_share',
            'lending_circle_share_low', 'lending_circle_share_high',
            'circle_contributed_mean_local', 'given_share', 'satisfaction_mean_score',
            'satisfaction_mean_score_standard_error', 'control_mean_score',
            'control_mean_score_standard_error', 'retention_share'
        ] %}
        case when not ({{ hidden_month_column(column) }}) then {{ column }} end
            as {{ column }},
        {%- endfor %}
        suppression_reason_code,
        array_remove(
            array[
                {%- for metric_code, columns in figures.items() %}
                {%- set outer = loop %}
                {%- for column in columns %}
                case
                    when not is_suppressed and '{{ metric_code }}' = any(hidden_metric_codes)
                        then '{{ column }}'
                end{{ ',' if not (loop.last and outer.last) }}
                {%- endfor %}
                {%- endfor %}
            ],
            null
        ) as suppressed_column_names,
        is_suppressed,
        is_index_suppressed,
        is_share_suppressed,
        journal_month
    from judged
{%- endmacro %}

{#- Which columns of a month tell what which metric tells of the month. -#}
{% macro months_told_by_figures() -%}
    {{ return({
        'M01': ['income_mean_local', 'income_mean_real_local', 'income_mean_usd_ppp'],
        'few_incomes': ['income_family_count', 'income_median_local'],
        'M16': ['savings_balance_mean_local'],
        'M20': ['debt_balance_mean_local'],
        'M22': ['circle_contributed_mean_local'],
        'M36': ['given_share'],
        'M47': ['expected_family_count', 'reported_family_count'],
        'M49': ['active_family_count', 'retention_share'],
        'M58': ['satisfaction_mean_score', 'satisfaction_mean_score_standard_error'],
        'M60': ['control_mean_score', 'control_mean_score_standard_error'],
    }) }}
{%- endmacro %}

{#- When a column of a month is hidden, as an expression. -#}
{% macro hidden_month_column(column) -%}
    {%- set whole = 'is_suppressed' -%}
    {%- if 'index' in column or column == 'panel_family_count' -%}
        {%- set whole = 'is_index_suppressed' -%}
    {%- elif column.startswith(('saver', 'lending')) -%}
        {%- set whole = 'is_share_suppressed' -%}
    {%- endif -%}
    {{ whole }}
    {%- if column.endswith('_error') or 'index_low' in column or 'index_high' in column %}
        or has_few_groups
    {%- endif -%}
    {#- In prices of several launches: with the nominal mean it tells of each. -#}
    {%- if column == 'income_mean_real_local' %}
        or months_since_launch_count is null
    {%- endif -%}
    {%- for metric_code, columns in months_told_by_figures().items() if column in columns %}
        or '{{ metric_code }}' = any(hidden_metric_codes)
    {%- endfor -%}
{%- endmacro %}
