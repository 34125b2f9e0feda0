with

journals as (

    select * from {{ ref('int_journal_months') }}

),

income_slips as (

    select * from {{ ref('int_income_slips') }}
    where slip_code = 'unit'

)

select
    {{ issue_columns(
        'unit_error',
        ['journals.root_id'],
        root_id='journals.root_id',
        site_code='journals.site_code',
        family_key='journals.family_key',
        journal_month='journals.journal_month',
        field_name="'income_local'",
        observed='journals.income_reported_local',
        expected="'about ' || income_slips.usual_income_local",
        suggested_value='income_slips.suggested_income_local',
        opened_at='journals.known_at',
    ) }}
from journals
inner join income_slips on journals.root_id = income_slips.root_id
