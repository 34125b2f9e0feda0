with

form_versions as (

    select * from {{ source('kobo', 'form_versions') }}

)

select
    form_id,
    form_version_id,
    form_version_name,
    version_number,
    definition,
    deployed_at
from form_versions
