{#- Why a record counts otherwise now than in a release; null where it counts the same.
    What was known of a submission decides, and only then what its figures are. -#}
{% macro submission_change_kind() -%}
    case
        -- A family that came or went did so with its baseline.
        when record_id = 'consent'
            then case when was_counted and is_counted and has_other_values
                then 'consent' end
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

{% macro submission_change_kinds() -%}
    {{ return([
        "late", "edit", "deletion", "correction", "consent", "reference_data",
        "recomputed"
    ]) }}
{%- endmacro %}
