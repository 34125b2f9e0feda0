with

strategy_labels as (

    select
        value_code as strategy_code,
        value_name as strategy_name,
        value_name_es as strategy_name_es,
        value_name_fil as strategy_name_fil
    from {{ ref('int_code_labels') }}
    where form_list_name = 'strategy'

),

strategy_uses as (

    select * from {{ ref('fct_strategy_uses') }}

),

first_uses as (

    select
        strategy_code,
        min(journal_month) as first_used_month
    from strategy_uses
    group by strategy_code

)

-- A strategy that families use stays in the list even if no form offers it any more.
select
    coalesce(strategy_labels.strategy_code, first_uses.strategy_code) as strategy_code,
    strategy_labels.strategy_name,
    strategy_labels.strategy_name_es,
    strategy_labels.strategy_name_fil,
    first_uses.first_used_month
from strategy_labels
full outer join first_uses
    on strategy_labels.strategy_code = first_uses.strategy_code
