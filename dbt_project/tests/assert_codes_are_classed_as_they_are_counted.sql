-- What a code is to a metric stands in `dim_codes` and in the SQL that counts it: the
-- two say the same.
with

codes as (

    select * from {{ ref('dim_codes') }}

),

income_sources as (

    select * from {{ ref('fct_income_sources') }}

),

shocks as (

    select * from {{ ref('fct_shocks') }}

),

family_months as (

    select * from {{ ref('fct_family_months') }}

)

select distinct
    codes.list_code,
    codes.value_code
from income_sources
inner join codes
    on
        codes.list_code = 'income_type'
        and income_sources.income_type_code = codes.value_code
where
    codes.is_earned <> (income_sources.income_kind_code = 'earned')
    or codes.is_programme_money <> (income_sources.income_kind_code = 'programme')
union
select distinct
    codes.list_code,
    codes.value_code
from shocks
inner join family_months
    on
        shocks.family_key = family_months.family_key
        and shocks.journal_month = family_months.journal_month
inner join codes
    on codes.list_code = 'coping' and codes.value_code = any(shocks.coping_codes)
where codes.is_negative_coping and family_months.has_negative_coping is not true
