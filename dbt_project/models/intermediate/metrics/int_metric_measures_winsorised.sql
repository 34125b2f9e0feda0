with

balanced as (

    select * from {{ ref('int_metric_measures_balanced') }}
    where denominator_code = 'household' and unit_code <> 'number'

),

ranked as (

    select
        *,
        row_number() over (same_month order by measured) as value_rank,
        count(*) over same_month as value_count
    from balanced
    window
        same_month as (
            partition by
                release_code,
                window_code,
                end_code,
                measure_code,
                price_code,
                country_code,
                start_month,
                end_month
        )

),

-- The tails are those of the country and month, for sites too: a site's own would be
-- two or three families. Of n values the lowest twentieth, rounded down, is pulled up
-- and the highest, rounded up, is pulled down: at n = 90, four and five. The published
-- variant is defined so; it leans a little downwards.
bounds as (

    select
        release_code,
        window_code,
        end_code,
        measure_code,
        price_code,
        country_code,
        start_month,
        end_month,
        max(measured) filter (
            where value_rank = floor(0.05 * value_count) + 1
        ) as lower_bound,
        max(measured) filter (
            where value_rank = greatest(floor(0.95 * value_count), 1)
        ) as upper_bound
    from ranked
    group by
        release_code,
        window_code,
        end_code,
        measure_code,
        price_code,
        country_code,
        start_month,
        end_month

)

select
    balanced.release_code,
    balanced.window_code,
    balanced.end_code,
    balanced.measure_code,
    balanced.denominator_code,
    balanced.price_code,
    balanced.unit_code,
    balanced.family_key,
    balanced.country_code,
    balanced.site_code,
    balanced.cohort_code,
    balanced.peer_group_code,
    least(bounds.upper_bound, greatest(bounds.lower_bound, balanced.measured))
        as measured,
    balanced.weight,
    balanced.start_month,
    balanced.end_month,
    balanced.measured_month
from balanced
inner join bounds
    on
        balanced.release_code = bounds.release_code
        and balanced.window_code = bounds.window_code
        and balanced.end_code = bounds.end_code
        and balanced.measure_code = bounds.measure_code
        and balanced.price_code = bounds.price_code
        and balanced.country_code = bounds.country_code
        and balanced.start_month = bounds.start_month
        and balanced.end_month = bounds.end_month
