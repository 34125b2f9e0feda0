with

{% for name in [
    'families', 'enrolments_latest', 'family_placements', 'exits_resolved',
    'family_month_spans', 'family_codes_resolved',
] -%}
    {{ name }} as (

        select * from {{ ref('int_' ~ name) }}

    ),

{% endfor -%}

-- All that the months of a family rest on beside its journals and their corrections:
-- few rows a family, so they are compared and not followed.
rows_hashed as (

    {% for name in [
        'families', 'enrolments_latest', 'family_placements', 'exits_resolved',
        'family_month_spans', 'family_codes_resolved',
    ] -%}
        select
            release_code,
            family_key,
            md5('{{ name }}' || {{ name }}::text) as row_hash
        from {{ name }}
        where family_key is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    release_code,
    family_key,
    md5(string_agg(row_hash, '' order by row_hash)) as state_hash
from rows_hashed
group by release_code, family_key
