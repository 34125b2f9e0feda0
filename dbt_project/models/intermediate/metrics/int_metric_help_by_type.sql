with

journals as (

    select * from {{ ref('int_metric_journals') }}

),

asked_of_given as (

    {{ answers_of(
        'journals',
        [{'measured': "case when jsonb_typeof(given_help_types) = 'array' then 1 end"}]
    ) }}

),

given_exploded as (

    select distinct
        journals.release_code,
        journals.family_key,
        journals.journal_month,
        journals.country_code,
        journals.site_code,
        journals.cohort_code,
        journals.peer_group_code,
        'gave_' || choice.choice_code as choice_code
    from
        journals,
        jsonb_array_elements_text(journals.given_help_types) as choice (choice_code)
    where choice.choice_code <> 'none'

),

given_chosen as (

    {{ answers_of(
        'given_exploded', [{'category': 'choice_code', 'measured': '1'}]
    ) }}

),

given_shares as (

    {{ shares_of_choices('asked_of_given', 'given_chosen') }}

),

asked_of_received as (

    {{ answers_of(
        'journals',
        [{'measured': "case when jsonb_typeof(received_help_types) = 'array' then 1 end"}]
    ) }}

),

received_exploded as (

    select distinct
        journals.release_code,
        journals.family_key,
        journals.journal_month,
        journals.country_code,
        journals.site_code,
        journals.cohort_code,
        journals.peer_group_code,
        'received_' || choice.choice_code as choice_code
    from
        journals,
        jsonb_array_elements_text(journals.received_help_types) as choice (choice_code)
    where choice.choice_code <> 'none'

),

received_chosen as (

    {{ answers_of(
        'received_exploded', [{'category': 'choice_code', 'measured': '1'}]
    ) }}

),

received_shares as (

    {{ shares_of_choices('asked_of_received', 'received_chosen') }}

)

{{ metric_rows('M38', ['given_shares', 'received_shares']) }}
