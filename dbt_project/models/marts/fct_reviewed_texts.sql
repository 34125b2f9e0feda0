with

texts as (

    select * from {{ ref('int_texts_reviewable') }}

),

reviews as (

    select * from {{ ref('stg_pii__text_reviews') }}
    where decision_code = 'approved'

)

-- A review is of the words as they were: once the record says something else, it is
-- forgotten.
select
    md5(concat_ws('/', texts.form_id, texts.root_id, texts.field_name)) as text_key,
    texts.family_key,
    texts.country_code,
    texts.site_code,
    texts.field_name,
    texts.story_scope_code,
    reviews.approved_words,
    texts.journal_month,
    reviews.reviewed_at
from reviews
inner join texts
    on
        reviews.form_id = texts.form_id
        and reviews.root_id = texts.root_id
        and reviews.field_name = texts.field_name
        and reviews.free_texts_hash = texts.free_texts_hash
