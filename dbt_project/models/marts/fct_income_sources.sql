with

journals as (

    select * from {{ ref('int_journals_live') }}
    where {{ of_touched_families('family_key') }}

),

income_sources as (

    select * from {{ ref('int_income_sources_converted') }}

)

select
    journals.family_key,
    journals.journal_month,
    income_sources.line_number,
    journals.country_code,
    journals.site_code,
    journals.peer_group_code,
    journals.cohort_code,
    journals.currency_code,
    income_sources.income_type_code,
    income_sources.income_kind_code,
    income_sources.earner_code,
    income_sources.reported_currency_code,
    income_sources.gross_local,
    income_sources.cost_local,
    -- A correction replaces the month's income; its parts keep their proportions.
    case
        when
            income_sources.income_kind_code in ('programme', 'financing')
            or journals.income_local = journals.income_reported_local
            then income_sources.net_local
        when journals.income_reported_local <> 0
            then
                (
                    income_sources.net_local
                    * journals.income_local
                    / journals.income_reported_local
                )::numeric(14, 2)
    end as net_local,
    income_sources.is_in_kind
from journals
inner join income_sources
    on
        journals.form_id = income_sources.form_id
        and journals.submission_id = income_sources.submission_id
        and journals.version_number = income_sources.version_number
