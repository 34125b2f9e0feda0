with

code_classes as (

    select * from {{ ref('code_classes') }}

)

select
    list_code,
    value_code,
    class_code
from code_classes
