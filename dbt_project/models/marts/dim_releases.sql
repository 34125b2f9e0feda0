with

releases as (

    select * from {{ ref('stg_reference__releases') }}

),

frozen_releases as (

    select * from {{ ref('stg_operations__frozen_releases') }}

)

-- What was frozen stays as it was, whatever the seed says of it now.
select
    coalesce(frozen_releases.release_code, releases.release_code) as release_code,
    frozen_releases.git_commit,
    frozen_releases.release_code is not null as is_frozen,
    coalesce(frozen_releases.start_month, releases.start_month) as start_month,
    coalesce(frozen_releases.end_month, releases.end_month) as end_month,
    coalesce(frozen_releases.known_as_of, releases.known_as_of) as known_as_of,
    frozen_releases.frozen_at
from releases
full outer join frozen_releases
    on releases.release_code = frozen_releases.release_code
