with

metric_values as (

    select * from {{ ref('fct_metric_values') }}

),

frozen_releases as (select * from {{ ref('stg_operations__frozen_releases') }}),

submission_changes as (

    select * from {{ ref('fct_submission_changes') }}

),

released as (

    select metric_values.*
    from metric_values
    inner join frozen_releases
        on metric_values.release_code = frozen_releases.release_code

),

live as (

    select * from metric_values
    where release_code = 'live'

),

changes as (

    {{ changes_in_windows('released', 'submission_changes') }}

),

release_windows as (

    select
        release_code,
        min(start_month) as start_month,
        max(end_month) as end_month
    from released
    group by release_code

),

-- A figure of one month may rest on another month too, and on other sites.
changes_elsewhere as (

    {{ changes_in_windows('release_windows', 'submission_changes') }}

)

select
    released.metric_code,
    released.scope_type_code,
    released.scope_code,
    released.panel_code,
    released.statistic_code,
    released.price_code,
    released.outlier_code,
    released.denominator_code,
    released.category_code,
    released.country_code,
    released.release_code,
    released.definition_version as released_definition_version,
    live.definition_version as live_definition_version,
    case
        when live.metric_code is null then 'no_live_figure'
        when released.definition_version <> live.definition_version then 'definition'
        when changes.change_names is not null then 'submissions'
        when changes.reference_data_change_count > 0 then 'reference_data'
        when changes_elsewhere.change_names is not null then 'other_submissions'
        else 'code'
    end as change_cause_code,
    released.value as released_value,
    live.value as live_value,
    live.value - released.value as value_difference,
    released.family_count as released_family_count,
    live.family_count as live_family_count,
    {{ change_counts('changes') }},
    coalesce(changes.end_change_count, 0) as end_change_count,
    coalesce(changes.change_names, changes_elsewhere.change_names) as change_names,
    released.start_month,
    released.end_month
from released
left join live
    on
        released.metric_code = live.metric_code
        and released.scope_type_code = live.scope_type_code
        and released.scope_code = live.scope_code
        and released.panel_code = live.panel_code
        and released.statistic_code = live.statistic_code
        and released.price_code = live.price_code
        and released.outlier_code = live.outlier_code
        and released.denominator_code = live.denominator_code
        and released.category_code = live.category_code
        and released.start_month = live.start_month
        and released.end_month = live.end_month
left join changes
    on
        released.release_code = changes.release_code
        and released.scope_type_code = changes.scope_type_code
        and released.scope_code = changes.scope_code
        and released.start_month = changes.start_month
        and released.end_month = changes.end_month
left join changes_elsewhere
    on
        released.release_code = changes_elsewhere.release_code
        and changes_elsewhere.scope_type_code in ('all', 'country')
        and coalesce(released.country_code, 'all') = changes_elsewhere.scope_code
where
    (released.value, released.family_count)
    is distinct from (live.value, live.family_count)
