select
    least_shared_count,
    least_group_count
from {{ ref('stg_registry__sharing') }}
