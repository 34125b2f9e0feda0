with

journals as (

    select * from {{ ref('stg_kobo__journals') }}

),

enrolments as (

    select * from {{ ref('stg_kobo__enrolments') }}

),

submissions as (

    select
        form_id,
        submission_id,
        version_number,
        site_code,
        income_sources
    from journals
    union all
    select
        form_id,
        submission_id,
        version_number,
        site_code,
        income_sources
    from enrolments

),

sites as (

    select * from {{ ref('stg_registry__sites') }}

),

lines as (

    select
        submissions.form_id,
        submissions.submission_id,
        submissions.version_number,
        submissions.site_code,
        listed.line_number::integer as line_number,
        answer.income_type_code,
        answer.earner_code,
        answer.currency_code,
        answer.gross_local,
        coalesce(answer.cost_local, 0) as cost_local,
        answer.is_in_kind
    from
        submissions,
        jsonb_array_elements(submissions.income_sources)
        with ordinality as listed (answers, line_number),
        jsonb_to_record(listed.answers) as answer (
            income_type_code text, earner_code text, currency_code text,
            gross_local numeric(14, 2), cost_local numeric(14, 2), is_in_kind boolean
        )

)

select
    lines.form_id,
    lines.submission_id,
    lines.version_number,
    lines.line_number,
    lines.income_type_code,
    case
        when lines.income_type_code in ('wage', 'casual', 'business', 'farm')
            then 'earned'
        when
            lines.income_type_code
            in ('remit_abroad', 'remit_home', 'gov', 'pension', 'gift')
            then 'transfer'
        when lines.income_type_code = 'rent' then 'property'
        when lines.income_type_code like 'cii\_%' then 'programme'
        -- The form offers none of these; a family may still be helped to name one.
        when lines.income_type_code ~ '(loan|withdrawal|payout|asset)'
            then 'financing'
        else 'other'
    end as income_kind_code,
    lines.earner_code,
    lines.gross_local,
    lines.cost_local,
    -- Money in a foreign currency is not converted here, so its value is not known.
    case
        when
            lines.currency_code is null or lines.currency_code = sites.currency_code
            then lines.gross_local - lines.cost_local
    end as net_local,
    lines.is_in_kind
from lines
left join sites on lines.site_code = sites.site_code
