with

journals as (

    select * from {{ ref('stg_forms__journals') }}

),

enrolments as (

    select * from {{ ref('stg_forms__enrolments') }}

),

submissions as (

    select
        form_id,
        submission_id,
        version_number,
        site_code,
        date_trunc('month', reported_month)::date as rate_month,
        income_sources
    from journals
    union all
    select
        form_id,
        submission_id,
        version_number,
        site_code,
        date_trunc('month', baseline_month)::date as rate_month,
        income_sources
    from enrolments

),

sites as (

    select * from {{ ref('stg_registry__sites') }}

)

select
    submissions.form_id,
    submissions.submission_id,
    submissions.version_number,
    submissions.rate_month,
    sites.currency_code,
    listed.line_number::integer as line_number,
    answer.income_type_code,
    answer.earner_code,
    coalesce(answer.currency_code, sites.currency_code) as reported_currency_code,
    answer.gross_local as gross_reported,
    coalesce(answer.cost_local, 0) as cost_reported,
    answer.is_in_kind
from submissions
left join sites on submissions.site_code = sites.site_code
cross join
    lateral jsonb_array_elements(submissions.income_sources)
    with ordinality as listed (answers, line_number)
cross join
    lateral jsonb_to_record(listed.answers) as answer (
        income_type_code text, earner_code text, currency_code text,
        gross_local numeric(14, 2), cost_local numeric(14, 2), is_in_kind boolean
    )
where {{ of_touched_submissions('submissions') }}
