with

investments as (

    select * from {{ ref('int_investments') }}

),

families as (

    select * from {{ ref('int_families') }}

)

-- A family nobody asked has not agreed. The columns are those of the model above: this
-- one only leaves rows out.
select investments.* -- noqa: AM04
from investments
inner join families
    on
        investments.release_code = families.release_code
        and investments.family_key = families.family_key
where families.consents_to_aggregates
