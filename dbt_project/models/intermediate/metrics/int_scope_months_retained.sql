with

family_months as (

    select * from {{ ref('int_family_months_consented') }}
    where release_code = 'live' and journal_status_code <> 'paused'

),

launched as (

    select
        family_months.family_key,
        family_months.launch_month,
        scopes.scope_type_code,
        scopes.scope_code
    from family_months
    cross join
        lateral (
            values
            ('country', family_months.country_code),
            ('site', family_months.site_code),
            ('cohort', family_months.cohort_code)
        ) as scopes (scope_type_code, scope_code)
    where family_months.journal_month = family_months.launch_month

),

-- A family counts where it was at launch: moving away within the programme is not
-- leaving it.
active as (

    select
        launched.scope_type_code,
        launched.scope_code,
        family_months.journal_month,
        count(*) as active_family_count
    from launched
    inner join family_months on launched.family_key = family_months.family_key
    where family_months.journal_month >= family_months.launch_month
    group by
        launched.scope_type_code,
        launched.scope_code,
        family_months.journal_month

)

-- Of the waves launched by then: a later wave cannot have left before it came.
select
    active.scope_type_code,
    active.scope_code,
    active.active_family_count,
    active.active_family_count::numeric / count(*) as retention_share,
    active.journal_month
from active
inner join launched
    on
        active.scope_type_code = launched.scope_type_code
        and active.scope_code = launched.scope_code
        and active.journal_month >= launched.launch_month
group by
    active.scope_type_code,
    active.scope_code,
    active.journal_month,
    active.active_family_count
