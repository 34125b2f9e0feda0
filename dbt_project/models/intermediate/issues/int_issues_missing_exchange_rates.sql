with

journals as (

    select * from {{ ref('int_journals_placed') }}
    where release_code = 'live' and is_accepted

),

income_sources as (

    select * from {{ ref('int_income_sources_converted') }}
    where lacks_an_exchange_rate

)

select
    concat_ws(
        '/', 'exchange_rate_missing', journals.root_id, income_sources.line_number
    ) as issue_id,
    'exchange_rate_missing' as rule_code,
    'error' as severity_code,
    'journal' as form_role_code,
    journals.root_id,
    journals.site_code,
    income_sources.reported_currency_code as observed,
    'Add the rate of that month or year to the seed exchange_rates; until then the '
    || 'month has no income.' as suggested,
    journals.journal_month,
    journals.received_at as opened_at
from journals
inner join income_sources
    on
        journals.form_id = income_sources.form_id
        and journals.submission_id = income_sources.submission_id
        and journals.version_number = income_sources.version_number
