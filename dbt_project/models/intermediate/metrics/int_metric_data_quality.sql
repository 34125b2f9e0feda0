with

family_months as (

    select * from {{ ref('int_metric_family_months') }}

),

journals as (

    select * from {{ ref('int_journals_placed') }}

),

submissions as (

    select
        family_months.release_code,
        family_months.family_key,
        family_months.journal_month,
        family_months.country_code,
        family_months.site_code,
        family_months.cohort_code,
        family_months.peer_group_code,
        not journals.is_accepted as is_rejected,
        journals.is_accepted
        and row_number() over (
            partition by
                journals.release_code,
                journals.family_key,
                journals.journal_month,
                journals.is_accepted
            order by journals.received_at, journals.submission_id
        ) > 1 as is_duplicate,
        journals.version_number > 1 as is_edited,
        journals.correction_count > 0 as is_corrected
    from journals
    inner join family_months
        on
            journals.release_code = family_months.release_code
            and journals.family_key = family_months.family_key
            and journals.journal_month = family_months.journal_month

),

answers as (

    {{ answers_of('submissions', [
        {'category_code': 'rejected', 'measured': '100 * is_rejected::integer'},
        {'category_code': 'duplicate', 'measured': '100 * is_duplicate::integer'},
        {'category_code': 'edited', 'measured': '100 * is_edited::integer'},
        {'category_code': 'corrected', 'measured': '100 * is_corrected::integer'}
    ]) }}

),

sums as (

    {{ answers_summed('answers') }}

),

rates as (

    {{ ratio_of_group_sums('sums', 'rate') }}

)

{{ metric_rows('M64', ['rates']) }}
