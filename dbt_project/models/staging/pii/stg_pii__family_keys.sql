with

family_keys as (

    select * from {{ source('pii', 'family_keys') }}

)

select
    family_code,
    family_key
from family_keys
