{#- A whole model: the figures of money that one or two families hold most of. -#}
{% macro dominated_figures() -%}
{#- Which money of fct_family_months which metrics are made of. -#}
{%- set measures = {
    'income_local': ['M01', 'M03', 'M06', 'M12', 'M13'],
    'savings_balance_local': ['M16'],
    'debt_balance_local': ['M20'],
    'circle_contributed_local': ['M22'],
    'circle_payout_local': ['M23'],
    'given_local': ['M36'],
    'received_local': ['M37'],
    'shock_loss_local': ['M25'],
    'health_spend_local': ['M62'],
} -%}
{#- Named here, so that dbt knows of it before any release is frozen. -#}
{%- set frozen_releases = ref('stg_operations__frozen_releases') -%}
with

family_months as (

    select
        release_code,
        family_key,
        country_code,
        site_code,
        cohort_code,
        journal_month,
        {{ measures | join(',\n        ') }}
    from {{ ref('int_family_months_consented') }}
    -- A release that was frozen is computed no more, and still hides what it hid.
    {%- for frozen in frozen_relations('fct_family_months') %}
    union all
    select
        releases.release_code,
        frozen.family_key,
        frozen.country_code,
        frozen.site_code,
        frozen.cohort_code,
        frozen.journal_month,
        {%- for measure in measures %}
        {% if measure in frozen.columns %}frozen.{% else %}null::numeric as {% endif -%}
        {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ frozen.schema }}.fct_family_months as frozen
    inner join {{ frozen_releases }} as releases
        on releases.schema_name = '{{ frozen.schema }}'
    {%- endfor %}

),

windows as (

    select * from {{ ref('int_metric_windows') }}

),

-- What a family adds to a month, and to the months of a window together.
family_spans as (

    select
        release_code,
        family_key,
        country_code,
        site_code,
        cohort_code,
        journal_month as start_month,
        journal_month as end_month,
        {{ measures | join(',\n        ') }}
    from family_months
    union all
    select
        family_months.release_code,
        family_months.family_key,
        family_months.country_code,
        family_months.site_code,
        family_months.cohort_code,
        windows.start_month,
        windows.end_month,
        {%- for measure in measures %}
        sum(family_months.{{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from family_months
    inner join windows
        on
            family_months.release_code = windows.release_code
            and family_months.cohort_code = windows.cohort_code
            and family_months.journal_month
            between windows.start_month and windows.end_month
    group by
        family_months.release_code,
        family_months.family_key,
        family_months.country_code,
        family_months.site_code,
        family_months.cohort_code,
        windows.start_month,
        windows.end_month

),

-- One family holds over two fifths of whatever two hold four fifths of, so that only
-- these few scopes and spans need their families in order.
suspects as (

    select
        family_spans.release_code,
        scopes.scope_type_code,
        scopes.scope_code,
        family_spans.start_month,
        family_spans.end_month,
        {%- for measure in measures %}
        sum(greatest(family_spans.{{ measure }}, 0)) as {{ measure }}_sum,
        max(family_spans.{{ measure }})
        > 0.4 * sum(greatest(family_spans.{{ measure }}, 0))
            as is_suspect_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from family_spans
    {{ places_of('family_spans') }}
    group by
        family_spans.release_code,
        scopes.scope_type_code,
        scopes.scope_code,
        family_spans.start_month,
        family_spans.end_month

),

{% for measure in measures -%}
ordered_{{ loop.index }} as (

    select
        suspects.release_code,
        suspects.scope_type_code,
        suspects.scope_code,
        suspects.start_month,
        suspects.end_month,
        family_spans.{{ measure }} / suspects.{{ measure }}_sum as part,
        row_number() over (
            partition by
                suspects.release_code,
                suspects.scope_type_code,
                suspects.scope_code,
                suspects.start_month,
                suspects.end_month
            order by family_spans.{{ measure }} desc
        ) as family_rank
    from family_spans
    {{ places_of('family_spans') }}
    inner join suspects
        on
            family_spans.release_code = suspects.release_code
            and scopes.scope_type_code = suspects.scope_type_code
            and scopes.scope_code = suspects.scope_code
            and family_spans.start_month = suspects.start_month
            and family_spans.end_month = suspects.end_month
    where
        suspects.is_suspect_{{ loop.index }}
        and family_spans.{{ measure }} > 0

),

dominated_{{ loop.index }} as (

    select
        release_code,
        scope_type_code,
        scope_code,
        start_month,
        end_month
    from ordered_{{ loop.index }}
    where family_rank <= 2
    group by release_code, scope_type_code, scope_code, start_month, end_month
    having {{ few_hold_most('max(part)', 'sum(part)') }}

){{ ',' if not loop.last }}

{% endfor -%}

{% for metric_codes in measures.values() -%}
select
    metrics.metric_code,
    dominated.release_code,
    dominated.scope_type_code,
    dominated.scope_code,
    dominated.start_month,
    dominated.end_month
from dominated_{{ loop.index }} as dominated
cross join unnest(array['{{ metric_codes | join("', '") }}']) as metrics (metric_code)
{{ 'union all' if not loop.last }}
{% endfor %}
{%- endmacro %}
