with

code_lists as (

    select * from {{ ref('code_lists') }}

)

select
    form_list_name,
    list_code
from code_lists
