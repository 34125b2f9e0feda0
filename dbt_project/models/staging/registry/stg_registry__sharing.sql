with

sharing as (

    select * from {{ source('registry', 'sharing') }}

)

-- An aggregate has a row in any case: without one nothing would be too few. Where the
-- registry was landed before groups had a number of their own, there is none of it.
select
    coalesce(
        max(least_family_count) filter (where is_audience_of_share), 10
    ) as least_shared_count,
    coalesce(
        max(least_family_count) filter (where audience_code = 'group'), 3
    ) as least_group_count
from sharing
