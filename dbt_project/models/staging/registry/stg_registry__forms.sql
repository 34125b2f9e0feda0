with

forms as (

    select * from {{ source('registry', 'forms') }}

)

select
    form_id,
    role_code as form_role_code,
    record_url
from forms
