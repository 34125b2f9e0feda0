with

enrolments as (

    select * from {{ ref('int_enrolments_known') }}

),

journals as (

    select * from {{ ref('int_journals_known') }}

),

investments as (

    select * from {{ ref('int_investments_known') }}

),

exits as (

    select * from {{ ref('int_exits_known') }}

),

peer_meetings as (

    select * from {{ ref('int_peer_meetings_known') }}

),

journal_payments as (

    select * from {{ ref('int_journal_payments_latest') }}

)

select
    release_code,
    family_code as reported_code
from enrolments
where family_code is not null
union
select
    release_code,
    family_code
from journals
where family_code is not null
union
select
    release_code,
    family_code
from investments
where family_code is not null
union
select
    release_code,
    family_code
from exits
where family_code is not null
union
select
    release_code,
    new_family_code
from exits
where new_family_code is not null
union
select
    peer_meetings.release_code,
    attending.family_code
from
    peer_meetings,
    jsonb_array_elements_text(peer_meetings.attending_family_codes)
        as attending (family_code)
union
select
    peer_meetings.release_code,
    shared.line ->> 'family_code' as reported_code
from
    peer_meetings,
    jsonb_array_elements(peer_meetings.strategies_shared) as shared (line)
where shared.line ->> 'family_code' is not null
union
select
    'live' as release_code,
    family_code
from journal_payments
where family_code is not null
