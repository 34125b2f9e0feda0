with

journals as (

    {{ compared_with_frozen(
        'fct_family_months',
        ['family_key', 'journal_month'],
        'journal_month',
        ['country_code', 'site_code', 'cohort_code', 'submitted_at', 'correction_count'],
        ['income_real_local', 'income_usd_ppp', 'price_frequency_code']
    ) }}

),

baselines as (

    {{ compared_with_frozen(
        'fct_family_baselines',
        ['family_key'],
        'baseline_month',
        ['country_code', 'site_code', 'cohort_code', 'submitted_at'],
        ['income_real_local', 'income_usd_ppp', 'price_frequency_code']
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

families as (

    {{ compared_with_frozen(
        'dim_families',
        ['family_key'],
        'enrolled_date',
        ['country_code', 'site_code', 'cohort_code', 'has_consented_to_aggregates']
    ) }}

),

journals_known as (

    select * from {{ ref('int_journals_known') }}
    where release_code = 'live'

),

journals_latest as (

    select * from {{ ref('int_journals_latest') }}
    where release_code = 'live'

),

unioned as (

    select
        journals.release_code,
        journals.known_as_of,
        'journal' as form_role_code,
        journals.family_key,
        to_char(journals.journal_month, 'YYYY-MM') as record_id,
        journals.changed_month,
        {{ scopes_of_either('journals') }},
        journals.released_submitted_at is not null as was_counted,
        journals.live_submitted_at is not null as is_counted,
        journals.has_other_values,
        journals.has_other_prices,
        journals.live_correction_count
        > coalesce(journals.released_correction_count, 0) as is_corrected,
        journals.live_submitted_at as received_at,
        journals_known.known_at
    from journals
    left join journals_latest
        on
            journals.family_key = journals_latest.family_key
            and journals.journal_month = journals_latest.journal_month
    left join journals_known
        on
            journals_latest.form_id = journals_known.form_id
            and journals_latest.submission_id = journals_known.submission_id
    union all
    select
        release_code,
        known_as_of,
        'enrolment',
        family_key,
        'baseline',
        changed_month,
        {{ scopes_of_either('baselines') }},
        is_released,
        is_live,
        has_other_values,
        has_other_prices,
        false,
        live_submitted_at,
        null
    from baselines
    union all
    select
        release_code,
        known_as_of,
        'investment',
        coalesce(released_family_key, live_family_key),
        investment_code,
        changed_month,
        {{ scopes_of_either('investments') }},
        is_released,
        is_live,
        has_other_values,
        has_other_prices,
        false,
        null,
        null
    from investments

),

kinds as (

    select
        *,
        {{ submission_change_kind() }} as change_kind_code
    from unioned
    where was_counted or is_counted
    union all
    select
        release_code,
        known_as_of,
        'enrolment',
        family_key,
        'consent',
        changed_month,
        {{ scopes_of_either('families') }},
        is_released,
        is_live,
        true,
        false,
        false,
        null,
        null,
        'consent'
    from families
    where released_has_consented_to_aggregates is distinct from
        live_has_consented_to_aggregates
        and is_released
        and is_live

)

select
    release_code,
    form_role_code,
    family_key,
    record_id,
    country_code,
    site_code,
    cohort_code,
    change_kind_code,
    changed_month
from kinds
where change_kind_code is not null
