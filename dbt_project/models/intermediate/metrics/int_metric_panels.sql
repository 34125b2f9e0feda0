with

measures as (

    select * from {{ ref('int_metric_measures') }}

),

balanced as (

    select * from {{ ref('int_metric_measures_balanced') }}

),

winsorised as (

    select * from {{ ref('int_metric_measures_winsorised') }}

)

select
    release_code,
    window_code,
    end_code,
    measure_code,
    'balanced' as panel_code,
    'kept' as outlier_code,
    denominator_code,
    'total' as category_code,
    price_code,
    unit_code,
    family_key,
    country_code,
    site_code,
    cohort_code,
    peer_group_code,
    measured,
    weight,
    start_month,
    end_month,
    measured_month
from balanced
union all
select
    release_code,
    window_code,
    end_code,
    measure_code,
    'balanced' as panel_code,
    'winsorised' as outlier_code,
    denominator_code,
    'total' as category_code,
    price_code,
    unit_code,
    family_key,
    country_code,
    site_code,
    cohort_code,
    peer_group_code,
    measured,
    weight,
    start_month,
    end_month,
    measured_month
from winsorised
union all
select
    release_code,
    window_code,
    end_code,
    measure_code,
    'all_reporters' as panel_code,
    'kept' as outlier_code,
    denominator_code,
    'total' as category_code,
    price_code,
    unit_code,
    family_key,
    country_code,
    site_code,
    cohort_code,
    peer_group_code,
    measured,
    weight,
    start_month,
    end_month,
    measured_month
from measures
