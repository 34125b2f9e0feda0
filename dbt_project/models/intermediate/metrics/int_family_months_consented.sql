with

family_months as (

    select * from {{ ref('int_family_months') }}

),

families as (

    select * from {{ ref('int_families') }}

)

-- A family nobody asked has not agreed. The columns are those of the model above: this
-- one only leaves rows out.
select family_months.* -- noqa: AM04
from family_months
inner join families
    on
        family_months.release_code = families.release_code
        and family_months.family_key = families.family_key
where families.consents_to_aggregates
