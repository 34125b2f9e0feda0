-- A privacy rule, checked against the marts rather than by the code that applies it: a
-- month in `share` shows nothing where fewer than ten families answered one of its
-- questions, and no index that rests on fewer than ten. It does not look at what two
-- shown months give away together; that is the test of hidden site months.
with

site_months as (

    select
        'site' as scope_type_code,
        shown.site_code as scope_code,
        shown.journal_month,
        known.least_family_count,
        known.panel_family_count,
        to_jsonb(shown) as columns_shown
    from {{ ref('site_months') }} as shown
    inner join {{ ref('fct_site_months') }} as known
        on
            shown.site_code = known.site_code
            and shown.journal_month = known.journal_month

),

country_months as (

    select
        'country' as scope_type_code,
        shown.country_code as scope_code,
        shown.journal_month,
        known.least_family_count,
        known.panel_family_count,
        to_jsonb(shown) as columns_shown
    from {{ ref('country_months') }} as shown
    inner join {{ ref('fct_country_months') }} as known
        on
            shown.country_code = known.country_code
            and shown.journal_month = known.journal_month

),

months as (

    select * from site_months
    union all
    select * from country_months

),

-- Every column that says something of families, also one added later.
figures as (

    select
        months.scope_type_code,
        months.scope_code,
        months.journal_month,
        months.least_family_count,
        months.panel_family_count,
        listed.column_name
    from
        months,
        jsonb_object_keys(
            jsonb_strip_nulls(months.columns_shown) - array[
                'site_code', 'country_code', 'currency_code', 'journal_month',
                'months_since_launch_count', 'suppression_reason_code',
                'suppressed_column_names',
                'is_suppressed', 'is_index_suppressed', 'is_share_suppressed'
            ]
        ) as listed (column_name)

)

select
    scope_type_code,
    scope_code,
    journal_month,
    column_name
from figures
where
    least_family_count < 10
    or (panel_family_count < 10 and column_name like any(array['%index%', 'panel%']))
