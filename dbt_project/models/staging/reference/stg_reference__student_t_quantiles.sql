with

student_t_quantiles as (

    select * from {{ ref('student_t_quantiles') }}

)

select
    degrees_of_freedom,
    quantile
from student_t_quantiles
