with

meetings as (

    select * from {{ ref('int_peer_meetings_latest') }}

),

family_codes as (

    select * from {{ ref('int_family_codes_resolved') }}

),

families as (

    select * from {{ ref('int_families') }}

),

placements as (

    select * from {{ ref('int_family_placements') }}

),

families_present as (

    select distinct
        meetings.peer_group_code,
        meetings.meeting_date,
        family_codes.family_key
    from meetings
    cross join
        lateral
        jsonb_array_elements_text(meetings.attending_family_codes)
            as attending (family_code)
    inner join family_codes
        on
            attending.family_code = family_codes.reported_code
            and family_codes.release_code = 'live'
    inner join families
        on
            family_codes.release_code = families.release_code
            and family_codes.family_key = families.family_key

),

families_expected as (

    select
        meetings.peer_group_code,
        meetings.meeting_date,
        placements.family_key
    from meetings
    inner join placements
        on
            meetings.peer_group_code = placements.peer_group_code
            and meetings.meeting_date
            between placements.valid_from_date
            and coalesce(placements.valid_to_date, 'infinity')
    inner join families
        on
            placements.release_code = families.release_code
            and placements.family_key = families.family_key
            and meetings.meeting_date
            <= coalesce(families.exited_date, 'infinity')
    where placements.release_code = 'live'

)

select
    coalesce(families_expected.family_key, families_present.family_key)
        as family_key,
    coalesce(families_expected.peer_group_code, families_present.peer_group_code)
        as peer_group_code,
    coalesce(families_expected.meeting_date, families_present.meeting_date)
        as meeting_date,
    families_expected.family_key is not null as is_expected,
    families_present.family_key is not null as has_attended
from families_expected
full outer join families_present
    on
        families_expected.family_key = families_present.family_key
        and families_expected.peer_group_code = families_present.peer_group_code
        and families_expected.meeting_date = families_present.meeting_date
