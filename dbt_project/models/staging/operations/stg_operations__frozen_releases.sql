with

frozen_releases as (

    select * from {{ source('operations', 'frozen_releases') }}

)

select
    release_code,
    schema_name,
    known_as_of,
    start_month,
    end_month,
    git_commit,
    frozen_at
from frozen_releases
