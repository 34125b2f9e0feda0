with

journals as (

    select * from {{ ref('int_journals_placed') }}
    where release_code = 'live' and is_accepted

),

enrolments as (

    select * from {{ ref('int_enrolments_known') }}
    where release_code = 'live' and is_accepted

),

submissions as (

    select
        'journal' as form_role_code,
        form_id,
        submission_id,
        version_number,
        root_id,
        site_code,
        family_key,
        journal_month,
        received_at,
        -- An approved correction gives the income whatever the rate.
        income_local is null or income_programme_local is null as lacks_income
    from journals
    union all
    select
        'enrolment' as form_role_code,
        form_id,
        submission_id,
        version_number,
        root_id,
        site_code,
        null as family_key,
        date_trunc('month', baseline_month)::date as journal_month,
        received_at,
        true as lacks_income
    from enrolments

),

income_sources as (

    select * from {{ ref('int_income_sources_converted') }}
    where lacks_an_exchange_rate and income_kind_code <> 'financing'

)

select
    {{ issue_columns(
        'exchange_rate_missing',
        ['submissions.root_id', 'income_sources.line_number'],
        form_role_code='submissions.form_role_code',
        root_id='submissions.root_id',
        site_code='submissions.site_code',
        family_key='submissions.family_key',
        journal_month='submissions.journal_month',
        field_name="'income_local'",
        observed="concat_ws(
            ' ',
            income_sources.reported_currency_code,
            coalesce(to_char(income_sources.rate_month, 'YYYY-MM'), 'of no month')
        )",
        opened_at='submissions.received_at',
    ) }}
from submissions
inner join income_sources
    on
        submissions.form_id = income_sources.form_id
        and submissions.submission_id = income_sources.submission_id
        and submissions.version_number = income_sources.version_number
where submissions.lacks_income
