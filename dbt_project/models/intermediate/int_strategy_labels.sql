with

form_versions as (

    select * from {{ ref('stg_kobo__form_versions') }}

),

labels as (

    select
        choice.answers ->> 'name' as strategy_code,
        translation.translation_name,
        choice.answers
        -> 'label'
        ->> (translation.label_number - 1)::integer as label_text,
        row_number() over (
            partition by choice.answers ->> 'name', translation.translation_name
            order by form_versions.deployed_at desc, form_versions.version_number desc
        ) as newness_rank
    from
        form_versions,
        jsonb_array_elements(form_versions.definition -> 'choices')
            as choice (answers),
        jsonb_array_elements_text(form_versions.definition -> 'translations')
        with ordinality as translation (translation_name, label_number)
    where choice.answers ->> 'list_name' = 'strategy'

)

-- Translations are named as in the form, "English (en)".
select
    strategy_code,
    max(label_text) filter (where translation_name like '%(en)') as strategy_name,
    max(label_text) filter (where translation_name like '%(es)') as strategy_name_es,
    max(label_text) filter (where translation_name like '%(fil)') as strategy_name_fil
from labels
where newness_rank = 1
group by strategy_code
