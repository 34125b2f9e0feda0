with

lines as (

    select * from {{ ref('int_income_sources_exploded') }} as exploded
    where {{ of_touched_submissions('exploded') }}

),

exchange_rates as (

    select * from {{ ref('int_monthly_exchange_rates') }}

),

-- Money of another currency is worth what it bought that month; without a published
-- rate its value is not known, and that is no zero.
lines_rated as (

    select
        lines.*,
        case
            when
                lines.reported_currency_code is null
                or lines.reported_currency_code = lines.currency_code
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
    rate_month,
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
