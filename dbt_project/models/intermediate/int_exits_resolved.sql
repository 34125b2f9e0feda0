with

exits as (

    select * from {{ ref('int_exits_known') }}

),

family_codes as (

    select * from {{ ref('int_family_codes_resolved') }}

),

exits_with_family as (

    select
        exits.*,
        families.family_key,
        new_families.family_key as new_family_key,
        row_number() over (
            partition by
                exits.release_code,
                families.family_key,
                exits.exit_kind_code,
                exits.exit_date
            order by
                exits.received_at desc,
                length(exits.submission_id) desc,
                exits.submission_id desc
        ) as newness_rank
    from exits
    inner join family_codes as families
        on
            exits.release_code = families.release_code
            and exits.family_code = families.reported_code
    left join family_codes as new_families
        on
            exits.release_code = new_families.release_code
            and exits.new_family_code = new_families.reported_code
    where
        exits.is_accepted
        and exits.exit_date is not null
        and families.family_key is not null

)

select
    release_code,
    family_key,
    new_family_key,
    site_code,
    exit_kind_code,
    exit_reason_code,
    new_peer_group_code,
    data_wish_code,
    exit_date,
    received_at
from exits_with_family
where newness_rank = 1
