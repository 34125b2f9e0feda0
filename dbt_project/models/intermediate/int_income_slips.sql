with

journals as (

    select * from {{ ref('int_journal_months') }}
    where income_reported_local > 0

),

usual_incomes as (

    select * from {{ ref('int_usual_incomes') }}

),

exchange_rates as (

    select * from {{ ref('int_monthly_exchange_rates') }}

),

prices as (

    select * from {{ ref('int_monthly_prices') }}

),

unit_limits as (

    select * from {{ ref('stg_reference__data_quality_rules') }}
    where rule_code = 'unit_error'

),

currency_limits as (

    select * from {{ ref('stg_reference__data_quality_rules') }}
    where rule_code = 'wrong_currency'

),

-- Its site in that month speaks for a family with too few months, and of one whose
-- months are all typed in the same wrong unit.
references_listed as (

    select
        journals.root_id,
        journals.income_reported_local,
        exchange_rates.local_per_usd,
        -- Where no rate is published, what a dollar buys says which journals to ask
        -- about, and not what to write instead.
        coalesce(exchange_rates.local_per_usd, prices.local_per_usd_ppp)
            as local_per_usd_about,
        usual.log_median,
        usual.is_all_there_is
    from journals
    inner join usual_incomes on journals.root_id = usual_incomes.root_id
    left join exchange_rates
        on
            journals.currency_code = exchange_rates.currency_code
            and journals.journal_month = exchange_rates.rate_month
    left join prices
        on
            journals.cohort_code = prices.cohort_code
            and journals.country_code = prices.country_code
            and journals.currency_code = prices.currency_code
            and journals.journal_month = prices.journal_month
    cross join unit_limits
    cross join
        lateral (
            values
            (usual_incomes.own_log_median, usual_incomes.own_month_count, true),
            (
                usual_incomes.site_log_median,
                usual_incomes.site_family_count,
                usual_incomes.own_month_count < unit_limits.minimum_count
            )
        ) as usual (log_median, value_count, is_all_there_is)
    where usual.value_count >= unit_limits.minimum_count

),

candidates as (

    select
        references_listed.root_id,
        references_listed.income_reported_local,
        references_listed.log_median,
        slips.slip_code,
        slips.factor,
        slips.is_exact,
        slips.tolerance,
        slips.handicap,
        abs(
            ln(references_listed.income_reported_local / slips.factor)
            - references_listed.log_median
        ) as distance
    from references_listed
    cross join unit_limits
    cross join currency_limits
    cross join
        lateral (
            values
            ('unit', 1000::numeric, true, unit_limits.upper_limit, 0),
            ('unit', 100, true, unit_limits.upper_limit, 0),
            ('unit', 0.001, true, unit_limits.upper_limit, 0),
            (
                'currency',
                1 / references_listed.local_per_usd_about,
                references_listed.local_per_usd is not null,
                currency_limits.upper_limit,
                case when references_listed.local_per_usd is null then 0.7 else 0.2 end
            )
        ) as slips (slip_code, factor, is_exact, tolerance, handicap)
    -- A family far poorer than its site in all months did not type dollars in all.
    where
        slips.factor is not null
        and (slips.slip_code = 'unit' or references_listed.is_all_there_is)

)

-- The factor that explains an income best, where it does so at least twice as well as no
-- slip at all: an honest month without work may also be a tenth of the usual. Where two
-- explain it nearly as well, a slip of the unit is the commoner one.
select distinct on (root_id)
    root_id,
    slip_code,
    factor,
    exp(log_median)::numeric(14, 2) as usual_income_local,
    case when is_exact then income_reported_local / factor end::numeric(14, 2)
        as suggested_income_local
from candidates
where
    distance <= ln(tolerance)
    and 2 * distance < abs(ln(income_reported_local) - log_median)
order by root_id, distance + handicap
