with

income_sources as (

    select * from {{ ref('int_income_sources_converted') }}

),

types_summed as (

    select
        form_id,
        submission_id,
        version_number,
        income_type_code,
        sum(net_local) as net_local,
        bool_or(net_local is null) as lacks_an_amount
    from income_sources
    where income_kind_code not in ('programme', 'financing')
    group by form_id, submission_id, version_number, income_type_code

),

types_counted as (

    select
        form_id,
        submission_id,
        version_number,
        bool_or(lacks_an_amount) as lacks_an_amount,
        count(*) filter (where net_local > 0) as income_type_count,
        sum(net_local) filter (where net_local > 0) as net_local,
        sum(net_local ^ 2) filter (where net_local > 0) as net_local_squared
    from types_summed
    group by form_id, submission_id, version_number

)

-- The sum of the squared shares (Herfindahl): 1 when all comes from one kind of source.
-- A correction of the month's income keeps the proportions, so it holds there too.
select
    form_id,
    submission_id,
    version_number,
    income_type_count::integer as income_type_count,
    (net_local_squared / nullif(net_local, 0) ^ 2)::numeric(6, 4)
        as income_concentration_score
from types_counted
where not lacks_an_amount
