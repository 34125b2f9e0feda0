with

journals as (

    select * from {{ ref('int_journals_corrected') }}
    where release_code = 'live' and is_accepted and family_key is not null

),

families as (

    select * from {{ ref('int_families') }}
    where release_code = 'live'

),

families_left_out as (

    select * from {{ ref('int_families_left_out') }}
    where release_code = 'live'

)

-- Whoever asked for erasure is meant to be found nowhere, not even here.
select
    {{ issue_columns(
        'journal_without_family',
        ['journals.root_id'],
        root_id='journals.root_id',
        site_code='journals.site_code',
        family_key='journals.family_key',
        journal_month='journals.journal_month',
        field_name="'family_code'",
        observed="'in no cohort, or without an accepted enrolment'",
        opened_at='journals.received_at',
    ) }}
from journals
left join families on journals.family_key = families.family_key
left join families_left_out on journals.family_key = families_left_out.family_key
where families.family_key is null and families_left_out.family_key is null
