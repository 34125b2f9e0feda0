with

exits as (

    select * from {{ ref('int_exits_resolved') }}

),

departures_ranked as (

    select
        *,
        row_number() over (
            partition by release_code, family_key
            order by received_at desc, exit_date desc
        ) as newness_rank
    from exits
    where exit_kind_code in ('exit', 'merge')

)

select
    release_code,
    family_key,
    exit_kind_code,
    exit_reason_code,
    data_wish_code,
    -- Where the form names the household that a family joined.
    case when exit_kind_code = 'merge' then new_family_key end
        as merged_into_family_key,
    exit_date as exited_date
from departures_ranked
where newness_rank = 1
