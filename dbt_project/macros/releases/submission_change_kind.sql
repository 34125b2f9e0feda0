{#- Why a record counts otherwise now than in a release; null where it counts the same.
    What was known of a submission decides, and only then what its figures are. -#}
{% macro submission_change_kind() -%}
    case
        when was_counted and not is_counted then 'deletion'
        when was_counted and not has_other_values
            then case when has_other_prices then 'reference_data' end
        when is_corrected then 'correction'
        when received_at > known_as_of then 'late'
        when not was_counted and received_at is null then 'late'
        when known_at <= known_as_of then 'recomputed'
        else 'edit'
    end
{%- endmacro %}

{#- Where a record is counted: as released, or where it was not, as it is now. -#}
{% macro scopes_of_either(rows) -%}
    {%- for name in ["country_code", "site_code", "cohort_code"] -%}
        coalesce({{ rows }}.released_{{ name }}, {{ rows }}.live_{{ name }})
            as {{ name }}{{ ",\n        " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
