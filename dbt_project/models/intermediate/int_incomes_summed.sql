with

journals as (

    select * from {{ ref('stg_forms__journals') }}

),

enrolments as (

    select * from {{ ref('stg_forms__enrolments') }}

),

income_sources as (

    select * from {{ ref('int_income_sources_converted') }} as converted
    where {{ of_touched_submissions('converted') }}

),

submissions as (

    select
        form_id,
        submission_id,
        version_number,
        income_any_code
    from journals
    union all
    select
        form_id,
        submission_id,
        version_number,
        income_any_code
    from enrolments

),

sources_summed as (

    select
        form_id,
        submission_id,
        version_number,
        sum(net_local) filter (where is_income) as income_local,
        sum(net_local) filter (where income_kind_code = 'earned')
            as income_earned_local,
        sum(net_local) filter (where income_kind_code = 'programme')
            as income_programme_local,
        sum(gross_local) filter (where is_enterprise) as business_sales_local,
        sum(cost_local) filter (where is_enterprise) as business_cost_local,
        -- A sum without one of its parts would be a wrong answer, not a partial one.
        bool_or(is_income and net_local is null) as lacks_an_amount,
        bool_or(income_kind_code = 'programme' and net_local is null)
            as lacks_a_programme_amount,
        bool_or(is_enterprise and gross_local is null) as lacks_a_business_amount
    from (
        select
            *,
            income_kind_code not in ('programme', 'financing') as is_income,
            income_type_code in ('business', 'farm') as is_enterprise
        from income_sources
    ) as income_sources_classed
    group by form_id, submission_id, version_number

)

-- "No income" is an answer, 0. "Do not know", "prefer not to say" and "yes" without a
-- single source are not: they stay null.
select
    submissions.form_id,
    submissions.submission_id,
    submissions.version_number,
    (
        case
            when submissions.income_any_code = 'no' then 0
            when not sources_summed.lacks_an_amount
                then coalesce(sources_summed.income_local, 0)
        end
    )::numeric(14, 2) as income_local,
    (
        case
            when submissions.income_any_code = 'no' then 0
            when not sources_summed.lacks_an_amount
                then coalesce(sources_summed.income_earned_local, 0)
        end
    )::numeric(14, 2) as income_earned_local,
    (
        case
            when submissions.income_any_code = 'no' then 0
            when not sources_summed.lacks_a_programme_amount
                then coalesce(sources_summed.income_programme_local, 0)
        end
    )::numeric(14, 2) as income_programme_local,
    (
        case
            when submissions.income_any_code = 'no' then 0
            when not sources_summed.lacks_a_business_amount
                then coalesce(sources_summed.business_sales_local, 0)
        end
    )::numeric(14, 2) as business_sales_local,
    (
        case
            when submissions.income_any_code = 'no' then 0
            when not sources_summed.lacks_a_business_amount
                then coalesce(sources_summed.business_cost_local, 0)
        end
    )::numeric(14, 2) as business_cost_local
from submissions
left join sources_summed
    on
        submissions.form_id = sources_summed.form_id
        and submissions.submission_id = sources_summed.submission_id
        and submissions.version_number = sources_summed.version_number
where {{ of_touched_submissions('submissions') }}
