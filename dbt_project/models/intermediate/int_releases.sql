with

releases as (

    select * from {{ ref('stg_reference__releases') }}

),

frozen_releases as (

    select * from {{ ref('stg_operations__frozen_releases') }}

),

-- The newest arrival is the warehouse's only clock: a month is expected once a journal
-- from after its end has been seen, so that rebuilding tomorrow gives the same rows.
arrivals as (

    select max(received_at) as newest_received_at
    from {{ ref('stg_forms__journals') }}

),

all_releases as (

    -- What is frozen is never computed again: the marts show the rows of its schema.
    select
        releases.release_code,
        releases.known_as_of
    from releases
    left join frozen_releases on releases.release_code = frozen_releases.release_code
    where frozen_releases.release_code is null
    union all
    select
        'live' as release_code,
        'infinity'::timestamptz as known_as_of

)

select
    all_releases.release_code,
    all_releases.known_as_of,
    least(
        all_releases.known_as_of, coalesce(arrivals.newest_received_at, '-infinity')
    ) as seen_until_at
from all_releases
cross join arrivals
