with

journals as (

    select * from {{ ref('int_metric_journals') }}

),

asked_of_purposes as (

    {{ answers_of(
        'journals',
        [{'measured': "case when jsonb_typeof(savings_purposes) = 'array' then 1 end"}]
    ) }}

),

purposes_exploded as (

    select distinct
        journals.release_code,
        journals.family_key,
        journals.journal_month,
        journals.country_code,
        journals.site_code,
        journals.cohort_code,
        journals.peer_group_code,
        choice.choice_code
    from
        journals,
        jsonb_array_elements_text(journals.savings_purposes) as choice (choice_code)
    where choice.choice_code <> 'none'

),

purposes_chosen as (

    {{ answers_of(
        'purposes_exploded', [{'category': 'choice_code', 'measured': '1'}]
    ) }}

),

purposes_shares as (

    {{ shares_of_choices('asked_of_purposes', 'purposes_chosen') }}

)

{{ metric_rows('M19', ['purposes_shares']) }}
