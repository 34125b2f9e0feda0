with

poverty_lines as (

    select * from {{ ref('poverty_lines') }}

)

select
    line_code,
    ppp_year,
    usd_ppp_per_day
from poverty_lines
