{#- A chained matched index, less one: the product over the window's months of (sum of
    later incomes / sum of earlier incomes) of families matched in both. The jackknife
    leaves one peer group out of all its months at once; in months where a group matched
    nobody, leaving it out changes nothing. -#}
{% macro chained_growth(steps) -%}
    with

    numbered as (

        {{ figures_numbered(steps) }}

    ),

    steps_summed as (

        select
            figure_number,
            unit_code,
            country_code,
            site_code,
            cohort_code,
            peer_group_code,
            step_month,
            sum(earlier_income) as earlier_income,
            sum(later_income) as later_income
        from numbered
        group by
            figure_number,
            unit_code,
            country_code,
            site_code,
            cohort_code,
            peer_group_code,
            step_month

    ),

    scoped as (

        {{ in_every_scope('steps_summed') }}

    ),

    group_months as (

        select
            {{ numbered_columns() }},
            country_code,
            peer_group_code,
            step_month,
            sum(earlier_income) as earlier_sum,
            sum(later_income) as later_sum
        from scoped
        group by {{ numbered_columns() }}, country_code, peer_group_code, step_month

    ),

    totalled as (

        select
            group_months.*,
            sum(earlier_sum) over same_month as total_earlier_sum,
            sum(later_sum) over same_month as total_later_sum,
            row_number() over (same_month order by peer_group_code) as month_row
        from group_months
        window
            same_month as (partition by {{ numbered_columns() }}, step_month)

    ),

    growth_logged as (

        select
            totalled.*,
            case
                when total_earlier_sum > 0 and total_later_sum > 0
                    then ln(total_later_sum / total_earlier_sum)
            end as log_growth,
            case
                when total_earlier_sum > earlier_sum and total_later_sum > later_sum
                    then
                        ln(
                            (total_later_sum - later_sum)
                            / (total_earlier_sum - earlier_sum)
                        )
            end as left_out_log_growth
        from totalled

    ),

    chained as (

        select
            {{ numbered_columns() }},
            country_code,
            peer_group_code,
            sum(left_out_log_growth - log_growth) as log_effect,
            count(*) = count(left_out_log_growth) as can_be_left_out,
            sum(sum(log_growth) filter (where month_row = 1)) over same_figure
                as log_chain,
            sum(count(log_growth) filter (where month_row = 1)) over same_figure
                as step_count
        from growth_logged
        group by {{ numbered_columns() }}, country_code, peer_group_code
        window same_figure as (partition by {{ numbered_columns() }})

    ),

    countries as (

        select
            {{ numbered_columns() }},
            country_code,
            log_chain,
            step_count,
            count(*) as peer_group_count,
            bool_and(can_be_left_out) as can_be_left_out,
            (count(*) - 1) * var_pop(exp(log_chain + log_effect)) as variance
        from chained
        group by {{ numbered_columns() }}, country_code, log_chain, step_count

    ),

    families as (

        select distinct
            figure_number,
            unit_code,
            country_code,
            site_code,
            cohort_code,
            family_key
        from numbered

    ),

    families_counted as (

        select
            {{ numbered_columns() }},
            count(distinct family_key)::integer as family_count
        from ({{ repeated_by_scope('families', every_scope_type()) }}) as repeated
        group by {{ numbered_columns() }}

    ),

    estimated as (

        select
            {{ numbered_columns() }},
            case
                when min(country_code) = max(country_code) then min(country_code)
            end as country_code,
            exp(log_chain) as chained_index,
            step_count,
            sum(peer_group_count)::integer as peer_group_count,
            (sum(peer_group_count) - count(*))::integer as degrees_of_freedom,
            case
                when bool_and(can_be_left_out and peer_group_count > 1)
                    then sqrt(sum(variance))
            end as standard_error
        from countries
        group by {{ numbered_columns() }}, log_chain, step_count

    )

    select
        {{ comparison_columns() }},
        country_code,
        'growth_of_means' as statistic_code,
        chained_index - 1 as value,
        chained_index as numerator,
        1 as denominator,
        family_count,
        peer_group_count,
        standard_error,
        degrees_of_freedom,
        null::numeric as interval_low,
        null::numeric as interval_high
    from estimated
    inner join families_counted using ({{ numbered_columns() }})
    {{ join_figures('numbered') }}
    -- A month without a match breaks the chain: then there is no index.
    where
        step_count
        = extract(year from age(end_month, start_month)) * 12
        + extract(month from age(end_month, start_month))
{%- endmacro %}
