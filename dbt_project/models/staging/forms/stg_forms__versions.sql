with

form_versions as (

    select
        form_id,
        form_version_id,
        form_version_name,
        version_number,
        questions,
        deployed_at
    from {{ source('forms', 'versions') }}

)

select
    form_id,
    form_version_id,
    form_version_name,
    version_number,
    questions,
    deployed_at
from form_versions
