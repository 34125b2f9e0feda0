with

exits as (

    select * from {{ ref('int_exits_resolved') }}

),

families as (

    select * from {{ ref('int_families') }}

)

select
    exits.family_key,
    exits.exit_date as effective_date,
    exits.exit_kind_code as family_event_code,
    families.country_code,
    families.cohort_code,
    exits.exit_reason_code,
    exits.new_peer_group_code,
    new_families.family_key as new_family_key
from exits
inner join families
    on
        exits.release_code = families.release_code
        and exits.family_key = families.family_key
-- Whoever asked for erasure is nowhere, also as the household another one came to.
left join families as new_families
    on
        exits.release_code = new_families.release_code
        and exits.new_family_key = new_families.family_key
where exits.release_code = 'live'
