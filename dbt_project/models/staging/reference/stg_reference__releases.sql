with

releases as (

    select * from {{ ref('releases') }}

)

select
    release_code,
    known_as_of,
    start_month,
    end_month
from releases
