with

unresolved_codes as (

    select * from {{ ref('int_family_codes_unresolved') }}

)

select
    {{ issue_columns(
        'unresolved_family_code',
        ['root_id'],
        form_role_code='form_role_code',
        family_key='null',
        field_name="'family_code'",
        observed=code_as_typed('reported_code'),
    ) }}
from unresolved_codes
