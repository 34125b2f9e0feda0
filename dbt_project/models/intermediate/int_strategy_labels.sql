with

form_versions as (

    select * from {{ ref('stg_forms__versions') }}

),

labels as (

    select
        choice.answers ->> 'name' as strategy_code,
        translation.language_name,
        translation.label_text,
        row_number() over (
            partition by choice.answers ->> 'name', translation.language_name
            order by form_versions.deployed_at desc, form_versions.version_number desc
        ) as newness_rank
    from
        form_versions,
        jsonb_array_elements(form_versions.questions) as question (answers),
        jsonb_array_elements(question.answers -> 'choices') as choice (answers),
        jsonb_each_text(choice.answers -> 'labels')
            as translation (language_name, label_text)
    where question.answers ->> 'list_name' = 'strategy'

)

-- Languages are named as in the form, "English (en)".
select
    strategy_code,
    max(label_text) filter (where language_name like '%(en)') as strategy_name,
    max(label_text) filter (where language_name like '%(es)') as strategy_name_es,
    max(label_text) filter (where language_name like '%(fil)') as strategy_name_fil
from labels
where newness_rank = 1
group by strategy_code
