with

-- One model per rule; a new rule is a new model, a line here and a row of the seed
-- data_quality_rules.
issues as (

    {% for rule in [
        'alike_journals',
        'conflicting_journals',
        'corrections',
        'duplicate_enrolments',
        'duplicate_journals',
        'heaped_amounts',
        'household_jumps',
        'implausible_incomes',
        'impossible_schooling',
        'income_jumps',
        'journals_without_family',
        'late_journals',
        'left_out_records',
        'missing_exchange_rates',
        'missing_prices',
        'months_outside_programme',
        'personal_data',
        'reopened_goals',
        'unbalanced_savings',
        'unit_errors',
        'unlandable_records',
        'unmapped_questions',
        'unreadable_answers',
        'unresolved_codes_elsewhere',
        'unresolved_families',
        'uses_beyond_sources',
        'wrong_currencies',
        'wrong_months',
    ] -%}
        select * from {{ ref('int_issues_' ~ rule) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    issue_id,
    rule_code,
    form_role_code,
    root_id,
    site_code,
    family_key,
    field_name,
    observed,
    expected,
    suggested_value,
    journal_month,
    opened_at
from issues
