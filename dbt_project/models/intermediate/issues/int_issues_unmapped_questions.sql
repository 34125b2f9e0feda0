with

unmapped_questions as (

    select * from {{ ref('stg_operations__unmapped_questions') }}

),

forms as (

    select * from {{ ref('stg_registry__forms') }}

)

select
    {{ issue_columns(
        'unmapped_question',
        [
            'unmapped_questions.form_id',
            'unmapped_questions.form_version_id',
            'unmapped_questions.question_path',
        ],
        form_role_code='forms.form_role_code',
        root_id='null',
        site_code='null',
        family_key='null',
        journal_month='null',
        field_name='unmapped_questions.question_path',
        observed='unmapped_questions.problem_code',
        opened_at='unmapped_questions.first_seen_at',
    ) }}
from unmapped_questions
left join forms on unmapped_questions.form_id = forms.form_id
