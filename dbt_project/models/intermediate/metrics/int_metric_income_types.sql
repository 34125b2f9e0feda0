with

journals as (

    select * from {{ ref('int_metric_journals') }}
    where income_local is not null

),

income_sources as (

    select * from {{ ref('int_income_sources_converted') }}
    where income_kind_code not in ('programme', 'financing') and net_local > 0

),

types_summed as (

    select
        form_id,
        submission_id,
        version_number,
        income_type_code,
        sum(net_local) as net_local
    from income_sources
    group by form_id, submission_id, version_number, income_type_code

),

incomes as (

    select
        form_id,
        submission_id,
        version_number,
        count(*) as type_count,
        sum(net_local ^ 2) / sum(net_local) ^ 2 as concentration
    from types_summed
    group by form_id, submission_id, version_number

),

-- No income is no type of income, and has nothing that could be concentrated.
journals_counted as (

    select
        journals.release_code,
        journals.family_key,
        journals.journal_month,
        journals.country_code,
        journals.site_code,
        journals.cohort_code,
        journals.peer_group_code,
        coalesce(incomes.type_count, 0) as type_count,
        incomes.concentration
    from journals
    left join incomes
        on
            journals.form_id = incomes.form_id
            and journals.submission_id = incomes.submission_id
            and journals.version_number = incomes.version_number

),

answers as (

    {{ answers_of('journals_counted', [
        {'category_code': 'types', 'measured': 'type_count'},
        {'category_code': 'concentration', 'measured': 'concentration'}
    ]) }}

),

sums as (

    {{ answers_summed('answers') }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M11', ['levels']) }}
