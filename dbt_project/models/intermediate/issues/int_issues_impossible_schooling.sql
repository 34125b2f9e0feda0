with

journals as (

    select * from {{ ref('int_journal_months') }}

)

select
    {{ issue_columns(
        'impossible_schooling',
        ['journals.root_id', 'counts.counted_field'],
        root_id='journals.root_id',
        site_code='journals.site_code',
        family_key='journals.family_key',
        journal_month='journals.journal_month',
        field_name='counts.counted_field',
        observed='counts.child_count',
        expected="'at most ' || counts.most_child_count",
        opened_at='journals.known_at',
    ) }}
from journals
cross join
    lateral (
        values
        (
            'school_age_child_count',
            journals.school_age_child_count,
            journals.household_member_count
        ),
        (
            'attending_child_count',
            journals.attending_child_count,
            journals.school_age_child_count
        ),
        (
            'absent_child_count',
            journals.absent_child_count,
            journals.school_age_child_count
        ),
        (
            'device_child_count',
            journals.device_child_count,
            journals.school_age_child_count
        )
    ) as counts (counted_field, child_count, most_child_count)
where counts.child_count > counts.most_child_count
