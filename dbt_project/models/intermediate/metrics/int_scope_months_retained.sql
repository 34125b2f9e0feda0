with

family_months as (

    select * from {{ ref('int_family_months') }}
    where release_code = 'live' and journal_status_code <> 'paused'

),

launched as (

    select
        family_months.family_key,
        scopes.scope_type_code,
        scopes.scope_code,
        count(*) over (partition by scopes.scope_type_code, scopes.scope_code)
            as launched_family_count
    from family_months
    cross join
        lateral (
            values
            ('country', family_months.country_code),
            ('site', family_months.site_code),
            ('cohort', family_months.cohort_code)
        ) as scopes (scope_type_code, scope_code)
    where family_months.journal_month = family_months.launch_month

)

-- A family counts where it was at launch: moving away within the programme is not
-- leaving it.
select
    launched.scope_type_code,
    launched.scope_code,
    count(*) as active_family_count,
    count(*)::numeric / max(launched.launched_family_count) as retention_share,
    family_months.journal_month
from launched
inner join family_months on launched.family_key = family_months.family_key
where family_months.journal_month >= family_months.launch_month
group by
    launched.scope_type_code,
    launched.scope_code,
    family_months.journal_month
