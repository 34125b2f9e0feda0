with

-- In floating point: logarithms of exact numbers cost a hundred times as much.
references_listed as (

    select
        *,
        ln(income_reported_local::double precision) as log_income
    from {{ ref('int_incomes_referenced') }}

),

unit_limits as (

    select * from {{ ref('stg_reference__data_quality_rules') }}
    where rule_code = 'unit_error'

),

currency_limits as (

    select * from {{ ref('stg_reference__data_quality_rules') }}
    where rule_code = 'wrong_currency'

),

candidates as (

    select
        references_listed.root_id,
        references_listed.income_reported_local,
        references_listed.log_income,
        references_listed.log_median,
        slips.slip_code,
        slips.factor,
        slips.is_exact,
        slips.tolerance,
        slips.handicap,
        abs(
            references_listed.log_income
            - ln(slips.factor::double precision)
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

-- The factor that explains an income best, where it does so at least twice as well as
-- no slip at all: an honest month without work may also be a tenth of the usual. Where
-- two explain it nearly as well, a slip of the unit is the commoner one.
select distinct on (root_id)
    root_id,
    slip_code,
    factor,
    exp(log_median)::numeric(14, 2) as usual_income_local,
    case when is_exact then income_reported_local / factor end::numeric(14, 2)
        as suggested_income_local
from candidates
where
    distance <= ln(tolerance::double precision)
    and 2 * distance < abs(log_income - log_median)
order by root_id, distance + handicap
