with

enrolments as (

    select * from {{ ref('int_enrolments_latest') }}

),

reported as (

    select * from {{ ref('int_family_codes_reported') }}

),

-- What is left of a code when case, blanks and dashes do not count and look-alikes are
-- read as what belongs there: letters in the country, digits after it.
codes_compacted as (

    select
        reported_code,
        upper(regexp_replace(reported_code, '[^A-Za-z0-9]', '', 'g')) as compact_code
    from (
        select reported_code from reported
        union
        select family_code from enrolments
    ) as codes

),

codes_normalised as (

    select
        reported_code,
        translate(left(compact_code, 2), '01', 'OI')
        || translate(substr(compact_code, 3), 'OIL', '011') as normalised_code
    from codes_compacted

),

-- A repair counts only when it can mean one family and no other.
enrolments_unique as (

    select
        enrolments.release_code,
        codes_normalised.normalised_code,
        min(enrolments.family_key) as family_key
    from enrolments
    inner join codes_normalised
        on enrolments.family_code = codes_normalised.reported_code
    group by enrolments.release_code, codes_normalised.normalised_code
    having count(*) = 1

)

select
    reported.release_code,
    reported.reported_code,
    coalesce(enrolments.family_key, enrolments_unique.family_key) as family_key,
    case
        when enrolments.family_key is not null then 'exact'
        when enrolments_unique.family_key is not null then 'normalised'
        else 'unresolved'
    end as resolution_code
from reported
inner join codes_normalised
    on reported.reported_code = codes_normalised.reported_code
left join enrolments
    on
        reported.release_code = enrolments.release_code
        and reported.reported_code = enrolments.family_code
left join enrolments_unique
    on
        reported.release_code = enrolments_unique.release_code
        and codes_normalised.normalised_code = enrolments_unique.normalised_code
