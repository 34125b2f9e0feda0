{#- The rows most metrics start from: what each family answered about a month, one row for
    each of `answers`, a list of dictionaries of SQL expressions over `rows` (`measured`,
    and if need be `weight`) and of codes (`category_code`, `denominator_code`). `rows`
    name the family, its places and the release. An answer not known has no row, nor has
    one whose category nobody told. -#}
{% macro answers_of(rows, answers, month='journal_month', unit_code="'number'") -%}
    select
        source_rows.release_code,
        'all_reporters' as panel_code,
        'kept' as outlier_code,
        answered.denominator_code,
        answered.category_code,
        {{ unit_code }} as unit_code,
        source_rows.family_key,
        source_rows.country_code,
        source_rows.site_code,
        source_rows.cohort_code,
        source_rows.peer_group_code,
        answered.measured,
        answered.weight,
        source_rows.{{ month }} as measured_month
    from {{ rows }} as source_rows
    cross join lateral (
        values
        {% for answer in answers -%}
        (
            {% if answer.category is defined -%}
            {{ answer.category }},
            {%- else -%}
            '{{ answer.category_code | default("total") }}',
            {%- endif %}
            '{{ answer.denominator_code | default("household") }}',
            ({{ answer.measured }})::numeric,
            ({{ answer.weight | default(1) }})::numeric
        ){{ ',' if not loop.last }}
        {% endfor %}
    ) as answered (category_code, denominator_code, measured, weight)
    where
        answered.measured is not null
        and answered.weight is not null
        and answered.category_code is not null
{%- endmacro %}

{#- The same of the months of families. -#}
{% macro answers_of_months(answers, unit_code="'number'") -%}
    {{ answers_of(ref('int_metric_family_months'), answers, unit_code=unit_code) }}
{%- endmacro %}

{#- Answers as sums by peer group, each month by itself and each window from launch to
    end. `money` says what of them is money: `measured` (then in three kinds of prices),
    `both` (a ratio, in which prices cancel: nominal, and over all sites in international
    dollars) or none. Sums are converted after adding up: a price is one of a month, not
    of a family, so the cost of it grows with the groups. `is_one_each` says that no family
    has two rows of an answer and month, as none has in answers_of_months: then they need
    not be put together first. -#}
{% macro answers_summed(answers, money=none, windows=true, is_one_each=false) -%}
    with

    group_months as (

        select
            {{ answer_columns() }},
            measured_month,
            sum(measured) as measured,
            sum(weight) as weight,
            count(*) filter (where {{ takes_part() if is_one_each else 'takes_part' }})
                as family_count
        {% if is_one_each -%}
        from {{ answers }}
        {%- else -%}
        from (
            select
                {{ answer_columns() }},
                measured_month,
                family_key,
                sum(measured) as measured,
                sum(weight) as weight,
                bool_or({{ takes_part() }}) as takes_part
            from {{ answers }}
            group by {{ answer_columns() }}, measured_month, family_key
        ) as family_answers
        {%- endif %}
        group by {{ answer_columns() }}, measured_month

    ),

    priced as (

        {{ group_months_priced(money) }}

    )

    select
        {{ group_columns() }},
        measured_month as start_month,
        measured_month as end_month,
        measured,
        weight,
        family_count,
        family_count as site_family_count
    from priced
    {% if windows -%}
    union all
    {{ window_sums(answers) }}
    {%- endif %}
{%- endmacro %}

{#- Per participant, a family outside adds nothing and is not counted. -#}
{% macro takes_part() -%}
    denominator_code <> 'per_participant' or weight > 0
{%- endmacro %}

{#- What tells one answer of a family and month from another. What differs most comes
    first, as rows are sorted by it. -#}
{% macro answer_columns() -%}
    peer_group_code,
    category_code,
    denominator_code,
    release_code,
    unit_code,
    site_code,
    cohort_code,
    country_code,
    panel_code,
    outlier_code
{%- endmacro %}

{#- What tells one sum of a group from another, beside the months. -#}
{% macro group_columns() -%}
    {{ answer_columns() }},
    price_code
{%- endmacro %}

{% macro group_months_priced(money) -%}
    {%- if money is none -%}
    select
        group_months.*,
        'nominal' as price_code
    from group_months
    {%- else -%}
    select
        group_months.release_code,
        group_months.panel_code,
        in_prices.price_code,
        group_months.outlier_code,
        group_months.denominator_code,
        group_months.category_code,
        in_prices.unit_code,
        group_months.country_code,
        group_months.site_code,
        group_months.cohort_code,
        group_months.peer_group_code,
        group_months.measured_month,
        group_months.measured / in_prices.local_per_unit as measured,
        group_months.weight
        {%- if money == 'both' %} / in_prices.local_per_unit{% endif %} as weight,
        group_months.family_count
    from group_months
    left join {{ ref('int_monthly_prices') }} as prices
        on
            group_months.cohort_code = prices.cohort_code
            and group_months.country_code = prices.country_code
            and group_months.unit_code = prices.currency_code
            and group_months.measured_month = prices.journal_month
    cross join lateral (
        values
        ('nominal', group_months.unit_code, 1),
        {% if money == 'measured' -%}
        ('real', group_months.unit_code, prices.price_level_to_launch),
        {% endif -%}
        ('usd_ppp', 'USD_PPP', prices.local_per_usd_ppp)
    ) as in_prices (price_code, unit_code, local_per_unit)
    where in_prices.local_per_unit is not null
    {%- endif -%}
{%- endmacro %}

{#- The sums of a window are those of its months; its families are counted once. -#}
{% macro window_sums(answers) -%}
    select
        {{ group_columns() }},
        start_month,
        end_month,
        sums.measured,
        sums.weight,
        coalesce(families.family_count, 0) as family_count,
        coalesce(families.site_family_count, 0) as site_family_count
    from (
        select
            {{ group_columns() }},
            windows.start_month,
            windows.end_month,
            sum(priced.measured) as measured,
            sum(priced.weight) as weight
        from priced
        inner join {{ ref('int_metric_windows') }} as windows
            using (release_code, cohort_code)
        where
            windows.window_code = 'launch_to_end'
            and priced.measured_month between windows.start_month and windows.end_month
        group by {{ group_columns() }}, windows.start_month, windows.end_month
    ) as sums
    left join (
        select
            release_code,
            panel_code,
            outlier_code,
            denominator_code,
            category_code,
            country_code,
            site_code,
            cohort_code,
            peer_group_code,
            start_month,
            end_month,
            count(*) filter (where family_row = 1) as family_count,
            count(*) filter (where site_family_row = 1) as site_family_count
        from (
            select
                placed.*,
                row_number() over (
                    partition by
                        release_code, panel_code, outlier_code, denominator_code,
                        category_code, start_month, end_month, family_key
                    order by site_code, peer_group_code
                ) as family_row,
                row_number() over (
                    partition by
                        release_code, panel_code, outlier_code, denominator_code,
                        category_code, start_month, end_month, family_key, site_code
                    order by peer_group_code
                ) as site_family_row
            from (
                select distinct
                    release_code,
                    panel_code,
                    outlier_code,
                    denominator_code,
                    category_code,
                    family_key,
                    country_code,
                    site_code,
                    cohort_code,
                    peer_group_code,
                    windows.start_month,
                    windows.end_month
                from {{ answers }}
                inner join {{ ref('int_metric_windows') }} as windows
                    using (release_code, cohort_code)
                where
                    windows.window_code = 'launch_to_end'
                    and measured_month
                    between windows.start_month and windows.end_month
                    and (denominator_code <> 'per_participant' or weight > 0)
            ) as placed
        ) as numbered
        group by
            release_code,
            panel_code,
            outlier_code,
            denominator_code,
            category_code,
            country_code,
            site_code,
            cohort_code,
            peer_group_code,
            start_month,
            end_month
    ) as families using (
        release_code, panel_code, outlier_code, denominator_code, category_code,
        country_code, site_code, cohort_code, peer_group_code, start_month, end_month
    )
{%- endmacro %}

{#- One row per family and window from answers of its months: the largest of `measured`
    (did it ever), where the family was in its first of those months. -#}
{% macro ever_in_window(answers) -%}
    select
        release_code,
        panel_code,
        'nominal' as price_code,
        outlier_code,
        denominator_code,
        category_code,
        unit_code,
        family_key,
        country_code,
        (array_agg(site_code order by measured_month))[1] as site_code,
        cohort_code,
        (array_agg(peer_group_code order by measured_month))[1] as peer_group_code,
        max(measured) as measured,
        1 as weight,
        windows.start_month,
        windows.end_month
    from {{ answers }}
    inner join {{ ref('int_metric_windows') }} as windows
        using (release_code, cohort_code)
    where
        windows.window_code = 'launch_to_end'
        and measured_month between windows.start_month and windows.end_month
    group by
        release_code,
        panel_code,
        outlier_code,
        denominator_code,
        category_code,
        unit_code,
        family_key,
        country_code,
        cohort_code,
        windows.start_month,
        windows.end_month
{%- endmacro %}

{#- Answers of months as rows of their window, each by itself: what a median is of. -#}
{% macro each_window_by_itself(answers) -%}
    select
        release_code,
        panel_code,
        'nominal' as price_code,
        outlier_code,
        denominator_code,
        category_code,
        unit_code,
        family_key,
        country_code,
        site_code,
        cohort_code,
        peer_group_code,
        measured,
        weight,
        windows.start_month,
        windows.end_month
    from {{ answers }}
    inner join {{ ref('int_metric_windows') }} as windows
        using (release_code, cohort_code)
    where
        windows.window_code = 'launch_to_end'
        and measured_month between windows.start_month and windows.end_month
{%- endmacro %}

{#- Answers of a month as figures of that month alone, one row a family. -#}
{% macro each_month_by_itself(answers) -%}
    select
        release_code,
        panel_code,
        'nominal' as price_code,
        outlier_code,
        denominator_code,
        category_code,
        unit_code,
        family_key,
        country_code,
        site_code,
        cohort_code,
        peer_group_code,
        measured,
        weight,
        measured_month as start_month,
        measured_month as end_month
    from {{ answers }}
{%- endmacro %}
