{#- A whole model: the figures of a score up to 10 between launch and end. -#}
{% macro score_metric(panels, measure_code, metric_code) -%}
    with

    panels as (

        select * from {{ panels }}
        where window_code = 'launch_to_end' and measure_code = '{{ measure_code }}'

    ),

    -- The months of all who answered are figures of their own; here are both ends of
    -- the panel.
    panels_by_month as (

        {{ each_end_by_itself(balanced('panels')) }}

    ),

    -- Seven or more: the programme's own line, not a standard.
    high_scores as (

        {{ each_end_by_itself(balanced('panels'), measured='(measured >= 7)::integer') }}

    ),

    answers as (

        {{ answers_of_months([{'measured': measure_code ~ '_score'}]) }}

    ),

    answer_sums as (

        {{ answers_summed('answers', windows=false) }}

    ),

    high_answers as (

        {{ answers_of_months([
            {'measured': '(' ~ measure_code ~ '_score >= 7)::integer'}
        ]) }}

    ),

    high_answer_sums as (

        {{ answers_summed('high_answers', windows=false) }}

    ),

    growths as (

        {{ compare_ends('panels', 'growth') }}

    ),

    differences as (

        {{ compare_ends('panels', 'difference') }}

    ),

    levels as (

        {{ ratio_of_sums('panels_by_month', 'level') }}

    ),

    high_shares as (

        {{ share_of_families('high_scores') }}

    ),

    month_levels as (

        {{ ratio_of_group_sums('answer_sums', 'level') }}

    ),

    month_high_shares as (

        {{ share_of_group_sums('high_answer_sums') }}

    )

    {{ metric_rows(metric_code, [
        'growths', 'differences', 'levels', 'high_shares', 'month_levels',
        'month_high_shares'
    ]) }}
{%- endmacro %}
