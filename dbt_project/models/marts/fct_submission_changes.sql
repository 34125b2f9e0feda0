with

journals as (

    {{ compared_with_frozen(
        'fct_family_months',
        ['family_key', 'journal_month'],
        'journal_month',
        ['country_code', 'site_code', 'cohort_code', 'submitted_at', 'correction_count']
    ) }}

),

baselines as (

    {{ compared_with_frozen(
        'fct_family_baselines',
        ['family_key'],
        'baseline_month',
        ['country_code', 'site_code', 'cohort_code']
    ) }}

),

investments as (

    {{ compared_with_frozen(
        'fct_investments',
        ['investment_code'],
        'decided_date',
        ['country_code', 'site_code', 'cohort_code', 'family_key']
    ) }}

),

consents as (

    {{ compared_with_frozen(
        'dim_families',
        ['family_key'],
        'enrolled_date',
        ['country_code', 'site_code', 'cohort_code'],
        compared=['has_consented_to_aggregates']
    ) }}

),

journals_latest as (

    select
        journals_latest.family_key,
        journals_latest.journal_month,
        journals_known.known_at
    from {{ ref('int_journals_latest') }} as journals_latest
    inner join {{ ref('int_journals_known') }} as journals_known
        on
            journals_latest.release_code = journals_known.release_code
            and journals_latest.form_id = journals_known.form_id
            and journals_latest.submission_id = journals_known.submission_id
    where journals_latest.release_code = 'live'

),

journals_dated as (

    select
        journals.*,
        to_char(journals.journal_month, 'YYYY-MM') as month_name,
        journals_latest.known_at
    from journals
    left join journals_latest
        on
            journals.family_key = journals_latest.family_key
            and journals.journal_month = journals_latest.journal_month

),

unioned as (

    -- A month without a journal is on the roster, and counts nothing.
    {{ changed_records('journals_dated', 'journal', 'month_name', {
        'was_counted': 'released_submitted_at is not null',
        'is_counted': 'live_submitted_at is not null',
        'is_corrected': 'live_correction_count > coalesce(released_correction_count, 0)',
        'received_at': 'live_submitted_at', 'known_at': 'known_at',
    }) }}
    union all
    {{ changed_records('baselines', 'enrolment', "'baseline'") }}
    union all
    {{ changed_records('investments', 'investment', 'investment_code',
        {'family_key': 'coalesce(released_family_key, live_family_key)'}) }}
    union all
    {{ changed_records('consents', 'enrolment', "'consent'") }}

),

kinds as (

    select
        *,
        {{ submission_change_kind() }} as change_kind_code
    from unioned
    where was_counted or is_counted

)

select
    kinds.release_code,
    kinds.form_role_code,
    {{ key_unless_erased('kinds') }} as family_key,
    kinds.record_id,
    kinds.country_code,
    kinds.site_code,
    kinds.cohort_code,
    kinds.change_kind_code,
    kinds.changed_month
from kinds
where kinds.change_kind_code is not null
