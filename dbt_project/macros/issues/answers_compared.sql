{#- What of a journal is compared with those of other families: one row per answer, with
    the part that it is of. Money that is earned, saved and shared stands apart from the
    rest: whoever fills in the rest from another family's journal may still ask for it. In
    neither: children and health, whatever a family consented to; numbers of people and
    scores of 0 to 10, in which many agree; words, which are seldom written to the letter.
    Each choice of several is an answer. -#}
{% macro answers_compared(journals) -%}
    {%- set numbers = {
        'money': [
            'savings_balance_local', 'saved_local', 'savings_withdrawn_local',
            'circle_contributed_local', 'circle_payout_local', 'given_cash_local',
            'given_kind_local', 'given_hours', 'received_cash_local', 'received_kind_local',
            'bought_from_families_local', 'sold_to_families_local'
        ],
        'life': [
            'debt_balance_local', 'debt_new_local', 'debt_paid_local',
            'less_preferred_food_days', 'borrowed_food_days', 'smaller_portion_days',
            'adults_ate_less_days', 'fewer_meals_days', 'home_spend_local',
            'without_water_days', 'shock_severity_score', 'shock_loss_local',
            'report_usefulness_score'
        ]
    } -%}
    {#- The programme pays everybody the same. -#}
    {%- set earned = '? (!(@.income_type_code starts with "cii_"))' -%}
    {%- set lists = [
        ('money', 'income_sources', '$[*] ' ~ earned ~ '.gross_local ? (@ != 0)'),
        ('money', 'income_sources', '$[*].cost_local ? (@ != 0)'),
        ('life', 'work_changes', '$[*]'),
        ('life', 'home_changes', '$[*]'),
        ('life', 'shock_types', '$[*]'),
        ('life', 'coping_types', '$[*]'),
        ('life', 'community_activities', '$[*]'),
        ('life', 'goal_updates', '$[*].goal_status_code'),
        ('life', 'goal_updates', '$[*].strategy_code')
    ] -%}
    values
    {%- for part_code, columns in numbers.items() %}
    {%- for column in columns %}
    (
        '{{ part_code }}',
        '{{ column }}',
        nullif({{ journals }}.{{ column }}, 0)::text
    ),
    {%- endfor %}
    {%- endfor %}
    ('life', 'recovery_code', {{ journals }}.recovery_code),
    (
        'life',
        'has_led_community_activity',
        nullif({{ journals }}.has_led_community_activity, false)::text
    )
    {%- for part_code, column, path in lists %}
    union all
    select
        '{{ part_code }}' as part_code,
        '{{ column }}{{ loop.index }}' as question_name,
        answer #>> '{}' as answer
    from jsonb_path_query({{ journals }}.{{ column }}, '{{ path }}') as answer
    {%- endfor %}
{%- endmacro %}
