with

corrections as (

    select * from {{ ref('int_corrections_known') }}
    where release_code = 'live'

)

select
    concat_ws('/', 'correction_proposed', correction_id) as issue_id,
    'correction_proposed' as rule_code,
    'warning' as severity_code,
    form_role_code,
    root_id,
    null::text as site_code,
    concat_ws(' ', field_name, old_value, '->', new_value) as observed,
    'Approve or decline it in the corrections register.' as suggested,
    null::date as journal_month,
    known_at as opened_at
from corrections
where status_code = 'proposed'
union all
select
    concat_ws('/', 'correction_not_applied', correction_id) as issue_id,
    'correction_not_applied' as rule_code,
    'error' as severity_code,
    form_role_code,
    root_id,
    null::text as site_code,
    concat_ws(' ', field_name, old_value, '->', new_value) as observed,
    'Correct field and value in the register: income_local takes an amount, '
    || 'reported_month a month such as 2021-07.' as suggested,
    null::date as journal_month,
    known_at as opened_at
from corrections
where status_code = 'approved' and not is_applicable
