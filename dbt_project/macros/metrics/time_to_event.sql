{#- The median time to an event by Kaplan and Meier: the first time at which the share
    still waiting is one half or less. `measured` is the time in whole months, `weight`
    is 1 if the event came then and 0 if nobody looked any further (censored). Where
    half have not had the event there is no median. The share whose event had come by
    `by_months` is told beside it, with Greenwood's error. -#}
{% macro time_to_event(family_rows, by_months=[]) -%}
    with

    numbered as (

        {{ figures_numbered(family_rows) }}

    ),

    scoped as (

        {{ in_every_scope('numbered') }}

    ),

    counted as (

        select
            {{ numbered_columns() }},
            case
                when min(country_code) = max(country_code) then min(country_code)
            end as country_code,
            count(*)::numeric as row_count,
            sum(weight)::numeric as event_count,
            count(distinct family_key)::integer as family_count,
            count(distinct peer_group_code)::integer as peer_group_count,
            max(measured) as longest
        from scoped
        group by {{ numbered_columns() }}

    ),

    times as (

        select
            {{ numbered_columns() }},
            measured as time,
            sum(weight)::numeric as event_count,
            -- Whoever is still looked at when this time comes.
            sum(count(*)) over (
                partition by {{ numbered_columns() }} order by measured desc
            ) as at_risk_count
        from scoped
        group by {{ numbered_columns() }}, measured

    ),

    survival as (

        select
            {{ numbered_columns() }},
            time,
            -- All who were left had the event: the logarithm of none is no number.
            case
                when bool_or(event_count = at_risk_count) over so_far then 0
                else exp(
                    sum(ln(1 - event_count / nullif(at_risk_count, event_count)))
                    over so_far
                )
            end as waiting_share,
            sum(
                event_count
                / nullif(at_risk_count * (at_risk_count - event_count), 0)
            ) over so_far as greenwood_sum
        from times
        window
            so_far as (partition by {{ numbered_columns() }} order by time)

    ),

    medians as (

        select
            {{ numbered_columns() }},
            -- A product of fractions that is one half comes out a hair beside it.
            min(time) filter (where waiting_share <= 0.5 + 1e-12) as median_time
        from survival
        group by {{ numbered_columns() }}

    )

    select
        {{ comparison_columns() }},
        country_code,
        'median' as statistic_code,
        median_time::numeric as value,
        event_count as numerator,
        row_count as denominator,
        family_count,
        peer_group_count,
        null::numeric as standard_error,
        null::integer as degrees_of_freedom,
        null::numeric as interval_low,
        null::numeric as interval_high
    from counted
    inner join medians using ({{ numbered_columns() }})
    {{ join_figures('numbered') }}
    where median_time is not null
    {% for months in by_months -%}
    union all
    select
        {{ comparison_columns() }},
        counted.country_code,
        'share_by_{{ months }}_months' as statistic_code,
        1 - latest.waiting_share as value,
        null as numerator,
        null as denominator,
        counted.family_count,
        counted.peer_group_count,
        latest.standard_error,
        null as degrees_of_freedom,
        greatest(0, 1 - latest.waiting_share - 1.959963984540 * latest.standard_error)
            as interval_low,
        least(1, 1 - latest.waiting_share + 1.959963984540 * latest.standard_error)
            as interval_high
    from counted
    inner join (
        select distinct on ({{ numbered_columns() }})
            {{ numbered_columns() }},
            waiting_share,
            waiting_share * sqrt(greenwood_sum) as standard_error
        from survival
        where time <= {{ months }}
        order by {{ numbered_columns() }}, time desc
    ) as latest using ({{ numbered_columns() }})
    {{ join_figures('numbered') }}
    -- Beyond the longest time anyone was looked at, nothing is known.
    where counted.longest >= {{ months }}
    {% endfor %}
{%- endmacro %}
