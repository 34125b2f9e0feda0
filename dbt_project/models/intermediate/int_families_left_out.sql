with

enrolments as (

    select * from {{ ref('int_enrolments_latest') }}

),

sites as (

    select * from {{ ref('stg_registry__sites') }}

),

departures as (

    select * from {{ ref('int_families_departed') }}

),

reasons as (

    select
        enrolments.release_code,
        enrolments.family_key,
        enrolments.site_code,
        enrolments.form_id,
        enrolments.submission_id,
        case
            when departures.data_wish_code in ('erase', 'freeze')
                then departures.data_wish_code
            -- At exit the family is asked again; a form that does not say leaves what
            -- it said when it enrolled.
            when
                departures.exit_kind_code = 'exit'
                and departures.data_wish_code is null
                and enrolments.consents_to_keep is not true
                then 'keep'
            when enrolments.consents_to_journal is not true then 'journal'
            when
                enrolments.consents_to_cross_border is not true
                and coalesce(sites.country_code <> '{{ hosted_in() }}', true)
                then 'cross_border'
        end as left_out_reason_code,
        departures.exited_date
    from enrolments
    left join sites on enrolments.site_code = sites.site_code
    left join departures
        on
            enrolments.release_code = departures.release_code
            and enrolments.family_key = departures.family_key

)

-- What nobody answered is not agreed to: silence is no consent.
select
    release_code,
    family_key,
    site_code,
    form_id,
    submission_id,
    left_out_reason_code,
    exited_date
from reasons
where left_out_reason_code is not null
