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

shared_lines as (

    select
        meetings.peer_group_code,
        meetings.meeting_date,
        meetings.meeting_month,
        meetings.country_code,
        meetings.site_code,
        listed.line_number::integer as line_number,
        answer.family_code,
        answer.strategy_code,
        answer.result_code,
        answer.interested_family_count
    from
        meetings,
        jsonb_array_elements(meetings.strategies_shared)
        with ordinality as listed (answers, line_number),
        jsonb_to_record(listed.answers) as answer (
            family_code text, strategy_code text, result_code text,
            interested_family_count integer
        )

)

select
    families.family_key,
    shared_lines.peer_group_code,
    shared_lines.meeting_date,
    shared_lines.line_number,
    shared_lines.meeting_month,
    shared_lines.country_code,
    shared_lines.site_code,
    shared_lines.strategy_code,
    shared_lines.result_code,
    shared_lines.interested_family_count
from shared_lines
inner join family_codes
    on
        shared_lines.family_code = family_codes.reported_code
        and family_codes.release_code = 'live'
inner join families
    on
        family_codes.release_code = families.release_code
        and family_codes.family_key = families.family_key
