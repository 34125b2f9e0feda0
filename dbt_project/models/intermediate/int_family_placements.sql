with

families as (

    select * from {{ ref('int_families') }}

),

enrolments as (

    select * from {{ ref('int_enrolments_latest') }}

),

exits as (

    select * from {{ ref('int_exits_resolved') }}

),

peer_group_sites as (

    select * from {{ ref('int_peer_group_sites') }}

),

moves as (

    select
        exits.release_code,
        exits.family_key,
        exits.exit_date as valid_from_date,
        exits.received_at,
        exits.new_peer_group_code as peer_group_code,
        -- The form asks for the new group only: a move to another site is to its site.
        case
            when exits.exit_kind_code = 'move_site'
                then coalesce(peer_group_sites.site_code, exits.site_code)
        end as site_code
    from exits
    left join peer_group_sites
        on
            exits.release_code = peer_group_sites.release_code
            and exits.new_peer_group_code = peer_group_sites.peer_group_code
    where exits.exit_kind_code in ('move_group', 'move_site')

),

changes as (

    select
        release_code,
        family_key,
        enrolled_date as valid_from_date,
        submitted_at as received_at,
        peer_group_code,
        site_code
    from enrolments
    union all
    select
        release_code,
        family_key,
        valid_from_date,
        received_at,
        peer_group_code,
        site_code
    from moves

),

-- A move that names no site stays at the site before it.
changes_counted as (

    select
        *,
        count(site_code) over earlier as site_change_count,
        row_number() over (
            partition by release_code, family_key, valid_from_date
            order by received_at desc
        ) as newness_rank
    from changes
    window earlier as (
        partition by release_code, family_key
        order by valid_from_date, received_at
    )

),

changes_filled as (

    select
        release_code,
        family_key,
        valid_from_date,
        newness_rank,
        peer_group_code,
        max(site_code) over (
            partition by release_code, family_key, site_change_count
        ) as site_code
    from changes_counted

)

select
    changes_filled.release_code,
    changes_filled.family_key,
    changes_filled.site_code,
    changes_filled.peer_group_code,
    changes_filled.valid_from_date,
    lead(changes_filled.valid_from_date) over (
        partition by changes_filled.release_code, changes_filled.family_key
        order by changes_filled.valid_from_date
    ) - 1 as valid_to_date
from changes_filled
inner join families
    on
        changes_filled.release_code = families.release_code
        and changes_filled.family_key = families.family_key
where changes_filled.newness_rank = 1
