with

journals as (

    select * from {{ ref('int_metric_journals') }}

),

asked_of_shocks as (

    {{ answers_of(
        'journals',
        [{'measured': "case when jsonb_typeof(shock_types) = 'array' then 1 end"}]
    ) }}

),

shocks_exploded as (

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
        jsonb_array_elements_text(journals.shock_types) as choice (choice_code)
    where choice.choice_code <> 'none'

),

shocks_chosen as (

    {{ answers_of(
        'shocks_exploded', [{'category': 'choice_code', 'measured': '1'}]
    ) }}

),

shocks_shares as (

    {{ shares_of_choices('asked_of_shocks', 'shocks_chosen') }}

)

{{ metric_rows('M24', ['shocks_shares']) }}
