with

code_labels as (

    select * from {{ ref('int_code_labels') }}

),

code_lists as (

    select * from {{ ref('stg_reference__code_lists') }}

),

code_classes as (

    select * from {{ ref('stg_reference__code_classes') }}

),

codes as (

    select
        code_lists.list_code,
        code_labels.value_code,
        code_labels.value_name,
        code_labels.value_name_es,
        code_labels.value_name_fil,
        code_labels.position_number,
        array_remove(array_agg(code_classes.class_code), null) as class_codes
    from code_labels
    inner join code_lists on code_labels.form_list_name = code_lists.form_list_name
    left join code_classes
        on
            code_lists.list_code = code_classes.list_code
            and code_labels.value_code = code_classes.value_code
    group by
        code_lists.list_code,
        code_labels.value_code,
        code_labels.value_name,
        code_labels.value_name_es,
        code_labels.value_name_fil,
        code_labels.position_number

)

-- A class is asked of the codes of one list; of others it says nothing.
select
    list_code,
    value_code,
    value_name,
    value_name_es,
    value_name_fil,
    position_number,
    case when list_code = 'income_type' then 'earned' = any(class_codes) end
        as is_earned,
    case when list_code = 'income_type' then 'programme_money' = any(class_codes) end
        as is_programme_money,
    case when list_code = 'investment_use' then 'child_use' = any(class_codes) end
        as is_child_use,
    case when list_code = 'shock_type' then 'covariate' = any(class_codes) end
        as is_covariate_shock,
    case when list_code = 'coping' then 'negative' = any(class_codes) end
        as is_negative_coping,
    case when list_code = 'lender' then 'costly' = any(class_codes) end
        as is_costly_lender
from codes
