with

text_reviews as (

    select * from {{ source('pii', 'text_reviews') }}

)

select
    form_id,
    root_id,
    field_name,
    free_texts_hash,
    decision_code,
    approved_words,
    reviewed_at
from text_reviews
