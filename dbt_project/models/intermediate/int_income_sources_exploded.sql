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

),

exchange_rates as (

    select * from {{ ref('int_monthly_exchange_rates') }}

),

lines as (

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
    from
        submissions
    left join sites on submissions.site_code = sites.site_code
    cross join
        lateral jsonb_array_elements(submissions.income_sources)
        with ordinality as listed (answers, line_number)
    cross join
        lateral jsonb_to_record(listed.answers) as answer (
            income_type_code text, earner_code text, currency_code text,
            gross_local numeric(14, 2), cost_local numeric(14, 2), is_in_kind boolean
        )

),

-- Money of another currency is worth what it bought that month; without a published
-- rate its value is not known, and that is no zero.
lines_rated as (

    select
        lines.*,
        case
            when lines.reported_currency_code is not distinct from lines.currency_code
                then 1
            else local_rates.local_per_usd / foreign_rates.local_per_usd
        end as local_per_reported
    from lines
    left join exchange_rates as local_rates
        on
            lines.currency_code = local_rates.currency_code
            and lines.rate_month = local_rates.rate_month
    left join exchange_rates as foreign_rates
        on
            lines.reported_currency_code = foreign_rates.currency_code
            and lines.rate_month = foreign_rates.rate_month

)

select
    form_id,
    submission_id,
    version_number,
    line_number,
    income_type_code,
    case
        when income_type_code in ('wage', 'casual', 'business', 'farm')
            then 'earned'
        when
            income_type_code
            in ('remit_abroad', 'remit_home', 'gov', 'pension', 'gift')
            then 'transfer'
        when income_type_code = 'rent' then 'property'
        when income_type_code like 'cii\_%' then 'programme'
        -- The form offers none of these; a family may still be helped to name one.
        when income_type_code ~ '(loan|withdrawal|payout|asset)'
            then 'financing'
        else 'other'
    end as income_kind_code,
    earner_code,
    reported_currency_code,
    (gross_reported * local_per_reported)::numeric(14, 2) as gross_local,
    (cost_reported * local_per_reported)::numeric(14, 2) as cost_local,
    ((gross_reported - cost_reported) * local_per_reported)::numeric(14, 2)
        as net_local,
    is_in_kind,
    local_per_reported is null as lacks_an_exchange_rate
from lines_rated
