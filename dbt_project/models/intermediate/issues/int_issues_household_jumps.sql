with

journals as (

    select * from {{ ref('int_journal_months') }}

),

limits as (

    select * from {{ ref('stg_reference__data_quality_rules') }}
    where rule_code = 'household_jump'

),

exits as (

    select * from {{ ref('int_exits_resolved') }}
    where release_code = 'live' and exit_kind_code in ('split', 'merge')

),

-- A household that split is a smaller one, one that took in another a larger one.
families_changed as (

    select
        family_key,
        date_trunc('month', exit_date)::date as changed_month
    from exits
    union
    select
        new_family_key as family_key,
        date_trunc('month', exit_date)::date as changed_month
    from exits
    where new_family_key is not null

)

select
    {{ issue_columns(
        'household_jump',
        ['journals.root_id'],
        root_id='journals.root_id',
        site_code='journals.site_code',
        family_key='journals.family_key',
        journal_month='journals.journal_month',
        field_name="'household_member_count'",
        observed='journals.household_member_count',
        expected="'near ' || journals.previous_household_member_count",
        opened_at='journals.known_at',
    ) }}
from journals
cross join limits
where
    abs(journals.household_member_count - journals.previous_household_member_count)
    >= limits.upper_limit
    and not exists (
        select from families_changed
        where
            journals.family_key = families_changed.family_key
            and families_changed.changed_month
            between journals.journal_month - interval '1 month'
            and journals.journal_month
    )
