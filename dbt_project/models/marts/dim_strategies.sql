with

strategy_labels as (

    select * from {{ ref('int_strategy_labels') }}

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
