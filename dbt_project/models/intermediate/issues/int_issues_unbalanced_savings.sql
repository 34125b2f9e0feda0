with

journals as (

    select
        *,
        previous_savings_balance_local + saved_local - savings_withdrawn_local
            as explained_local
    from {{ ref('int_journal_months') }}

),

limits as (

    select * from {{ ref('stg_reference__data_quality_rules') }}
    where rule_code = 'savings_unbalanced'

)

select
    {{ issue_columns(
        'savings_unbalanced',
        ['root_id'],
        field_name="'savings_balance_local'",
        observed='journals.savings_balance_local',
        expected='greatest(journals.explained_local, 0)',
    ) }}
from journals
cross join limits
where
    abs(journals.savings_balance_local - journals.explained_local)
    > limits.upper_limit
    * greatest(journals.savings_balance_local, journals.previous_savings_balance_local)
