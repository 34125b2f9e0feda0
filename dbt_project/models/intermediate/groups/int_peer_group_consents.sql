with

families as (

    select * from {{ ref('int_families') }}
    where release_code = 'live' and exited_date is null

),

placements as (

    select * from {{ ref('int_family_placements') }}
    where release_code = 'live' and valid_to_date is null

),

enrolments as (

    select * from {{ ref('int_enrolments_latest') }}
    where release_code = 'live'

),

families_left_out as (

    select * from {{ ref('int_families_left_out') }}
    where release_code = 'live' and exited_date is null

),

exits as (

    select * from {{ ref('int_exits_resolved') }}
    where release_code = 'live'

),

latest_moves as (

    select distinct on (family_key)
        family_key,
        new_peer_group_code as peer_group_code
    from exits
    where
        exit_kind_code in ('move_group', 'move_site')
        and new_peer_group_code is not null
    order by family_key asc, exit_date desc, received_at desc

),

-- Whoever is in no mart still sits in the meeting, and agreed to less than the rest.
members as (

    select
        placements.peer_group_code,
        coalesce(families.consents_to_aggregates, false) as has_agreed
    from families
    inner join placements on families.family_key = placements.family_key
    union all
    select
        coalesce(latest_moves.peer_group_code, enrolments.peer_group_code)
            as peer_group_code,
        false as has_agreed
    from families_left_out
    inner join enrolments
        on families_left_out.family_key = enrolments.family_key
    left join latest_moves
        on families_left_out.family_key = latest_moves.family_key

)

select
    peer_group_code,
    bool_and(has_agreed) as is_agreed_by_all
from members
where peer_group_code is not null
group by peer_group_code
