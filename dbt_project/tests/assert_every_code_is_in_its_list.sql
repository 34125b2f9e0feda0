-- A code that no form offers has no label to be shown with. It warns: what a family
-- told counts all the same.
{{ config(severity='warn') }}

with

codes as (

    select * from {{ ref('dim_codes') }}

),

codes_used as (

    select
        'income_type' as list_code,
        income_type_code as value_code
    from {{ ref('fct_income_sources') }}
    union
    select
        'saving_place' as list_code,
        saving_place_code as value_code
    from {{ ref('fct_savings') }}
    union
    select
        'saving_purpose' as list_code,
        saving_purpose_code as value_code
    from {{ ref('fct_saving_purposes') }}
    union
    select
        'lender' as list_code,
        lender_code as value_code
    from {{ ref('fct_loans') }}
    union
    select
        'shock_type' as list_code,
        shock_type_code as value_code
    from {{ ref('fct_shocks') }}
    union
    select
        'coping' as list_code,
        unnest(coping_codes) as value_code
    from {{ ref('fct_shocks') }}
    union
    -- The row that holds the amounts of all kinds of help is of no kind.
    select
        'help_type' as list_code,
        help_type_code as value_code
    from {{ ref('fct_mutual_support') }}
    where help_type_code <> 'total'
    union
    select
        'goal_domain' as list_code,
        goal_domain_code as value_code
    from {{ ref('fct_goal_events') }}
    union
    select
        'investment_use' as list_code,
        use_code as value_code
    from {{ ref('fct_investment_uses') }}

)

select
    codes_used.list_code,
    codes_used.value_code
from codes_used
left join codes
    on
        codes_used.list_code = codes.list_code
        and codes_used.value_code = codes.value_code
where codes_used.value_code is not null and codes.value_code is null
