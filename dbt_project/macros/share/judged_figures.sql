{#- Figures with the reason why each is hidden, or null, step by step. The model needs the
    CTEs `sharing`, `dominated`, `means_of_changes` and `mixed_launches`. -#}
{% macro judged_figures(figures_named) -%}
    with

    own_reasons as (

        {{ own_reasons_of_figures(figures_named) }}

    ),

    figures as (

        {{ figures_told_apart('own_reasons') }}

    ),

    beside_twins as (

        {{ reasons_of_twins('figures') }}

    ),

    beside_parts as (

        {{ reasons_of_wholes('beside_twins') }}

    ),

    -- Months add up to their window: where one must be hidden, the window alone is shown.
    beside_months as (

        select
            {{ judged_columns() | join(',\n        ') }},
            case
                when reason_code is not null then reason_code
                when
                    is_month
                    and statistic_code = 'total'
                    and bool_or(reason_code is not null) over (
                        partition by country_series_number
                    )
                    then 'protects_another_cell'
            end as reason_code
        from beside_parts

    ),

    counted_by_country as (

        select
            *,
            sum(case when scope_type_code = 'site' then family_count end)
                over (of_country) as site_family_count,
            sum(case when scope_type_code = 'cohort' then family_count end)
                over (of_country) as cohort_family_count,
            max(case when scope_type_code = 'country' then family_count end)
                over (of_country) as country_family_count
        from beside_months
        window
            of_country
            as (partition by comparison_number, coalesce(country_code, scope_code))

    ),

    -- A site may have no figure, as a growth from nothing has none. Where the other sites
    -- grew as their country did, its few families can only have nothing at both ends.
    beside_absent as (

        select
            {{ judged_columns() | join(',\n            ') }},
            case
                when reason_code is not null then reason_code
                when
                    country_family_count - case scope_type_code
                        when 'site' then site_family_count
                        when 'cohort' then cohort_family_count
                    end between 1 and {{ least_shared_families() }} - 1
                    then 'protects_another_cell'
            end as reason_code
        from counted_by_country

    ),

    -- Twice: what follows a release may leave a place alone again.
    beside_neighbours as (

        {{ reasons_of_neighbours('beside_absent') }}

    ),

    beside_all as (

        {{ reasons_of_neighbours('beside_neighbours') }}

    ),

    beside_takers as (

        {{ reasons_of_takers('beside_all') }}

    ),

    -- A mean of a window and its other months lead to the month that is hidden.
    beside_windows as (

        select
            figure_number,
            case
                when reason_code is not null then reason_code
                when
                    is_made_of_months
                    and bool_or(is_month and reason_code is not null)
                        over (partition by series_number)
                    then 'protects_another_cell'
            end as reason_code
        from beside_takers

    ),

    reasoned as (

        select
            figures.*,
            beside_windows.reason_code
        from figures
        inner join beside_windows on figures.figure_number = beside_windows.figure_number

    ),

    judged as (

        {{ reasons_of_changes('reasoned') }}

    )

    select * from judged
{%- endmacro %}
