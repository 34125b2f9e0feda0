with

family_codes as (

    select * from {{ ref('int_family_codes_resolved') }}

),

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

submissions as (

    select
        'enrolment' as form_role_code,
        release_code,
        root_id,
        site_code,
        family_code,
        null::date as reported_month,
        known_at
    from enrolments
    union all
    select
        'journal' as form_role_code,
        release_code,
        root_id,
        site_code,
        family_code,
        reported_month,
        known_at
    from journals
    union all
    select
        'investment' as form_role_code,
        release_code,
        root_id,
        site_code,
        family_code,
        null as reported_month,
        known_at
    from investments
    union all
    select
        'exit' as form_role_code,
        release_code,
        root_id,
        site_code,
        family_code,
        null as reported_month,
        known_at
    from exits

)

select
    submissions.form_role_code,
    submissions.root_id,
    submissions.site_code,
    submissions.family_code as reported_code,
    date_trunc('month', submissions.reported_month)::date as journal_month,
    submissions.known_at
from submissions
left join family_codes
    on
        submissions.release_code = family_codes.release_code
        and submissions.family_code = family_codes.reported_code
where submissions.release_code = 'live' and family_codes.family_key is null
