with

baselines as (

    select * from {{ ref('int_family_baselines') }}

),

families as (

    select * from {{ ref('int_families') }}

)

-- A family nobody asked has not agreed. The columns are those of the model above: this
-- one only leaves rows out.
select baselines.* -- noqa: AM04
from baselines
inner join families
    on
        baselines.release_code = families.release_code
        and baselines.family_key = families.family_key
where families.consents_to_aggregates
