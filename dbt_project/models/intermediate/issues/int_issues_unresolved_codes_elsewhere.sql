with

journal_payments as (

    select * from {{ ref('int_journal_payments_latest') }}

),

meetings as (

    select * from {{ ref('int_peer_meetings_known') }}
    where release_code = 'live' and is_accepted

),

family_codes as (

    select * from {{ ref('int_family_codes_resolved') }}
    where release_code = 'live'

),

codes_named as (

    select
        'journal_payments' as form_role_code,
        null as root_id,
        null as site_code,
        payment_id as line_id,
        family_code as named_code,
        journal_month,
        due_date::timestamptz as known_at
    from journal_payments
    union all
    select
        'peer_meeting' as form_role_code,
        meetings.root_id,
        meetings.site_code,
        meetings.root_id || ' ' || attending.family_code as line_id,
        attending.family_code as named_code,
        date_trunc('month', meetings.meeting_month)::date as journal_month,
        meetings.known_at
    from meetings
    cross join
        lateral
        jsonb_array_elements_text(meetings.attending_family_codes)
            as attending (family_code)

)

select
    {{ issue_columns(
        'unresolved_code_elsewhere',
        ['codes_named.form_role_code', 'codes_named.line_id'],
        form_role_code='codes_named.form_role_code',
        root_id='codes_named.root_id',
        site_code='codes_named.site_code',
        family_key='null',
        journal_month='codes_named.journal_month',
        field_name="'family_code'",
        observed=code_as_typed('codes_named.named_code'),
        opened_at='codes_named.known_at',
    ) }}
from codes_named
left join family_codes on codes_named.named_code = family_codes.reported_code
where family_codes.family_key is null
