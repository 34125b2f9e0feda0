with

form_versions as (

    select * from {{ source('forms', 'versions') }}

)

select
    form_id,
    form_version_id,
    form_version_name,
    version_number,
    questions,
    deployed_at
from form_versions
