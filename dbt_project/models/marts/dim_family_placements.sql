with

placements as (

    select * from {{ ref('int_family_placements') }}

)

select
    family_key,
    valid_from_date,
    site_code,
    peer_group_code,
    valid_to_date
from placements
where release_code = {{ shown_release() }}
