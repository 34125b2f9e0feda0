with

enrolments as (

    select * from {{ ref('int_enrolments_latest') }}

)

-- A group meets where most of its families enrolled.
select
    release_code,
    peer_group_code,
    mode() within group (order by site_code) as site_code
from enrolments
where peer_group_code is not null
group by release_code, peer_group_code
