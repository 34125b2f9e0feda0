with

data_quality_rules as (

    select * from {{ ref('data_quality_rules') }}

)

select
    rule_code,
    severity_code,
    owner_code,
    is_enabled,
    lower_limit,
    upper_limit,
    minimum_count,
    limits_meaning,
    rule_name,
    rule_name_es,
    rule_name_fil,
    what_to_do,
    what_to_do_es,
    what_to_do_fil,
    closes_when
from data_quality_rules
