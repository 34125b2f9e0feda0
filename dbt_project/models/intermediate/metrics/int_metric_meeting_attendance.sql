with

family_months as (

    select * from {{ ref('int_metric_family_months') }}
    where release_code = 'live'

),

meetings as (

    select * from {{ ref('int_peer_meetings_latest') }}

),

meeting_families as (

    select * from {{ ref('int_meeting_families') }}
    where is_expected

),

families_expected as (

    select
        family_months.release_code,
        family_months.family_key,
        family_months.journal_month,
        family_months.country_code,
        family_months.site_code,
        family_months.cohort_code,
        family_months.peer_group_code,
        meeting_families.has_attended
    from meeting_families
    inner join meetings
        on
            meeting_families.peer_group_code = meetings.peer_group_code
            and meeting_families.meeting_date = meetings.meeting_date
    inner join family_months
        on
            meeting_families.family_key = family_months.family_key
            and meetings.meeting_month = family_months.journal_month

),

answers as (

    {{ answers_of('families_expected', [
        {'category_code': 'attendance', 'measured': 'has_attended::integer'}
    ]) }}

),

sums as (

    {{ answers_summed('answers') }}

),

shares as (

    {{ ratio_of_group_sums('sums', 'share') }}

)

{{ metric_rows('M44', ['shares']) }}
