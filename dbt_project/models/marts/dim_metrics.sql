with

metrics as (

    select * from {{ ref('stg_reference__metrics') }}

)

select
    metric_code,
    metric_name,
    metric_name_es,
    metric_name_fil,
    definition,
    definition_es,
    definition_fil,
    formula,
    kind_code,
    subject_code,
    unit_code,
    conventions,
    definition_version,
    minimum_family_count,
    availability_code,
    missing_data
from metrics
