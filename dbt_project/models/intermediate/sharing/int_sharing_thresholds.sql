select least_shared_count from {{ ref('stg_registry__sharing') }}
