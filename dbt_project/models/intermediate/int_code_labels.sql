with

form_versions as (

    select * from {{ ref('stg_forms__versions') }}

),

labels as (

    select
        question.answers ->> 'list_name' as form_list_name,
        choice.answers ->> 'name' as value_code,
        choice.position_number,
        translation.language_name,
        translation.label_text,
        row_number() over (
            partition by
                question.answers ->> 'list_name',
                choice.answers ->> 'name',
                translation.language_name
            order by form_versions.deployed_at desc, form_versions.version_number desc
        ) as newness_rank
    from
        form_versions,
        jsonb_array_elements(form_versions.questions) as question (answers),
        jsonb_array_elements(question.answers -> 'choices')
        with ordinality as choice (answers, position_number),
        jsonb_each_text(choice.answers -> 'labels')
            as translation (language_name, label_text)

)

-- Languages are named as in the form, "English (en)".
select
    form_list_name,
    value_code,
    max(label_text) filter (where language_name like '%(en)') as value_name,
    max(label_text) filter (where language_name like '%(es)') as value_name_es,
    max(label_text) filter (where language_name like '%(fil)') as value_name_fil,
    min(position_number)::integer as position_number
from labels
where newness_rank = 1
group by form_list_name, value_code
