with

sharing as (

    select * from {{ source('registry', 'sharing') }}

)

-- An aggregate has a row in any case: without one nothing would be too few.
select coalesce(max(least_family_count), 10) as least_shared_count
from sharing
where is_audience_of_share
